"""Texts of the site and their translations.

The source texts are Indonesian; `src/pendapa/web/locale/en` holds English. `check` fails when a text has no
translation, a translation has no text, or a compiled catalogue is older than its source; `write` mends what a
machine can: it adds new texts (untranslated), drops old ones and compiles.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

WEB = Path("src/pendapa/web")
LOCALE = WEB / "locale"
LANGUAGES = ("en",)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+")
KEYWORDS = [
    "_",
    "_lazy",
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
]


def extract() -> polib.POFile:
    """Collect every text of Python code and templates with `xgettext`."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        names = []
        for source in sorted([*WEB.rglob("*.py"), *WEB.rglob("*.html"), *WEB.rglob("*.txt")]):
            if "migrations" in source.parts or (source.suffix != ".py" and "templates" not in source.parts):
                continue
            text = source.read_text(encoding="utf-8")
            copy = work / f"{source.relative_to(WEB)}{'' if source.suffix == '.py' else '.py'}"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text if source.suffix == ".py" else templatize(text), encoding="utf-8")
            names.append(str(copy.relative_to(work)))
        target = work / "django.pot"
        subprocess.run(
            ["xgettext", "--from-code=UTF-8", "--language=Python", "--add-comments=Translators", "--force-po"]
            + [f"--keyword={keyword}" for keyword in KEYWORDS]
            + ["--no-wrap", "--sort-output", f"--output={target}", *names],
            cwd=work,
            check=True,
        )
        return polib.pofile(str(target))


def faults_of(language: str, texts: polib.POFile) -> list[str]:
    """Say what is wrong with one catalogue."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return [f"{path} is missing"]
    catalogue = polib.pofile(str(path))
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    faults = []
    for text in texts:
        entry = known.pop((text.msgctxt, text.msgid), None)
        if entry is None or not entry.translated():
            where = ", ".join(name.removesuffix(".html.py") for name, _ in text.occurrences[:2])
            faults.append(f"{path}: no translation of {text.msgid!r} ({where})")
            continue
        faults += [f"{path}: {fault}" for fault in mismatches(text, entry)]
    faults += [f"{path}: {msgid!r} is no text of the site any more" for _, msgid in known]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        faults.append(f"{compiled} is not what {path} compiles to")
    return faults


def mismatches(text: polib.POEntry, entry: polib.POEntry) -> Iterator[str]:
    """What a translation holds that its text has not, or lacks of it: place-holders, tags, line breaks.

    A singular may leave out the number ("one file"); every other form names all that the text names.
    """
    singular = entry.msgstr_plural.get(0, "")
    forms = [
        (text.msgid_plural or text.msgid, form) for form in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    for source, translation in forms:
        if not translation:
            continue
        for what, found in (("place-holder", PLACEHOLDER.findall), ("tag", TAG.findall)):
            wanted, given = set(found(source)), set(found(translation))
            for name in sorted(given - wanted):
                yield f"the translation of {text.msgid!r} has the {what} {name} that the text has not"
            if translation != singular:
                for name in sorted(wanted - given):
                    yield f"the translation of {text.msgid!r} lacks the {what} {name} of the text"
        if source.count("\n") != translation.count("\n"):
            yield f"the translation of {text.msgid!r} breaks into other lines than the text"


def write(language: str, texts: polib.POFile) -> None:
    """Bring one catalogue up to date and compile it."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        catalogue = polib.pofile(str(path), wrapwidth=0)
    else:
        catalogue = polib.POFile(wrapwidth=0)
    for text in texts:
        text.occurrences = []  # line numbers would change with every edit
    catalogue.merge(texts)
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())


def main(command: str) -> int:
    """Check or write all catalogues. 0 in order, 1 faults."""
    os.chdir(Path(__file__).parent.parent)
    texts = extract()
    if command == "write":
        for language in LANGUAGES:
            write(language, texts)
    faults = [fault for language in LANGUAGES for fault in faults_of(language, texts)]
    if faults and command == "check":
        faults.append("Run 'make translations' and translate what is empty.")
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
