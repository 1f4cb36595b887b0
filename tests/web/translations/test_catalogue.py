"""The English catalogue: whole, in step with the texts, and English."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import polib
import pytest
from django.utils import translation
from tests.web.translations.words import indonesian_in  # type: ignore[import-not-found]

ROOT = Path(__file__).parents[3]
WEB = ROOT / "src" / "pendapa" / "web"
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.fixture
def translations(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/translations.py, seen from the folder it works in."""
    monkeypatch.chdir(ROOT)
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts" / "translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def texts(translations: ModuleType) -> polib.POFile:
    """Every text of code and templates."""
    found = translations.extract()
    assert len(found) > 500
    return found


def english() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


# --- the catalogue as it is ------------------------------------------------------------------------
def test_every_text_has_its_english(translations: ModuleType, texts: polib.POFile) -> None:
    assert translations.faults_of("en", texts) == []


def test_no_english_text_has_indonesian_words() -> None:
    left = {
        form: words
        for entry in english()
        for form in (entry.msgstr, *entry.msgstr_plural.values())
        if (words := indonesian_in(form))
    }
    assert left == {}


def test_most_texts_would_be_known_as_indonesian() -> None:
    known = [entry for entry in english() if indonesian_in(entry.msgid)]
    assert len(known) > 300, "the list of words must be able to find what was not translated"


def test_the_compiled_catalogue_says_what_the_source_says() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in english().translated_entries():
        if entry.msgid_plural:
            for number, form in ((1, 0), (2, 1), (0, 1)):
                said = compiled.ngettext(entry.msgid, entry.msgid_plural, number)
                assert said == entry.msgstr_plural[form], entry.msgid
        elif entry.msgctxt:
            assert compiled.pgettext(entry.msgctxt, entry.msgid) == entry.msgstr, entry.msgid
        else:
            assert compiled.gettext(entry.msgid) == entry.msgstr, entry.msgid


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [("en", "1 working day", "2 working days"), ("id", "1 hari kerja", "2 hari kerja")],
)
def test_english_tells_one_from_many(language: str, one: str, two: str) -> None:
    from pendapa.web.templatetags.pendapa import working_days

    with translation.override(language):
        assert [working_days(1), working_days(2)] == [one, two]


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [("en", "1 day overdue", "2 days overdue"), ("id", "Lewat 1 hari", "Lewat 2 hari")],
)
@pytest.mark.django_db
@pytest.mark.usefixtures("tegal")
def test_a_late_task_counts_its_days(language: str, one: str, two: str) -> None:
    from pendapa.web.cases.inbox import due_in_words

    now = datetime(2026, 3, 18, 3, tzinfo=UTC)
    with translation.override(language):
        said = [due_in_words(now - timedelta(days=days), now).word for days in (1, 2)]
    assert said == [one, two]


# --- what the check would find ---------------------------------------------------------------------
def entry_of(
    msgid: str, msgstr: str = "", plural: str = "", forms: dict[int, str] | None = None
) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, msgid_plural=plural, msgstr_plural=forms or {})


def file_of(*entries: polib.POEntry) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.extend(entries)
    return catalogue


@pytest.fixture
def faults(translations: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The faults of a small catalogue: faults(text, translation, ...)."""
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)

    def of(text: polib.POEntry, entry: polib.POEntry, compiled: bool = True) -> list[str]:
        file_of(entry).save(str(path))
        saved = polib.pofile(str(path))
        path.with_suffix(".mo").write_bytes(saved.to_binary() if compiled else b"")
        return [fault.removeprefix(f"{path}: ") for fault in translations.faults_of("en", file_of(text))]

    return of


def test_a_good_translation_has_no_fault(faults) -> None:  # type: ignore[no-untyped-def]
    assert faults(entry_of("Halo, %(name)s."), entry_of("Halo, %(name)s.", "Hello, %(name)s.")) == []
    count = "%(n)s berkas"
    plural = entry_of(count, plural=count, forms={0: "One case", 1: "%(n)s cases"})
    assert faults(entry_of(count, plural=count), plural) == [], "a singular may say 'one'"


@pytest.mark.parametrize(
    ("text", "english", "said"),
    [
        ("Halo", "", "no translation of 'Halo'"),
        ("Halo, %(name)s.", "Hello.", "lacks the place-holder %(name)s"),
        ("Halo.", "Hello, %(name)s.", "has the place-holder %(name)s"),
        ("Cari <b>%(x)s</b>", "Search %(x)s", "lacks the tag <b"),
        ("Cari %(x)s", "Search <i>%(x)s</i>", "has the tag <i"),
        ("Satu\ndua", "One two", "breaks into other lines"),
    ],
)
def test_a_poor_translation_is_found(faults, text: str, english: str, said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in " ".join(faults(entry_of(text), entry_of(text, english)))


def test_a_plural_without_its_number_is_found(faults) -> None:  # type: ignore[no-untyped-def]
    count = "%(n)s berkas"
    poor = entry_of(count, plural=count, forms={0: "%(n)s case", 1: "cases"})
    assert "lacks the place-holder %(n)s" in " ".join(faults(entry_of(count, plural=count), poor))


def test_a_guess_an_orphan_and_a_stale_compilation_are_found(faults) -> None:  # type: ignore[no-untyped-def]
    guess = entry_of("Halo", "Hello")
    guess.flags.append("fuzzy")
    assert "no translation of 'Halo'" in faults(entry_of("Halo"), guess)[0]
    assert "'Hai' is no text of the site any more" in faults(entry_of("Halo"), entry_of("Hai", "Hi"))[1]
    assert "is not what" in faults(entry_of("Halo"), entry_of("Halo", "Hello"), compiled=False)[0]


def names_of_gettext() -> set[str]:
    """The names by which the site's code calls Django's translation functions."""
    found = set()
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                found |= {
                    alias.asname or alias.name
                    for alias in node.names
                    if re.fullmatch(r"n?p?gettext(_lazy|_noop)?", alias.name)
                }
    return found


def test_texts_are_found_by_whatever_name_the_code_marks_them(
    translations: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = names_of_gettext()
    assert {"_", "ngettext"} <= names
    for name in names:
        (tmp_path / f"by_{name}.py").write_text(f'{name}("Contoh {name}", "Contoh {name}", 2)\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{% translate "Contoh halaman" %}{% include "x.html" with label=_("Contoh label") %}'
        '{% translate "Contoh halaman" context "satu" %}'
        '{% blocktranslate context "blok" %}Contoh blok{% endblocktranslate %}'
    )
    (tmp_path / "context.py").write_text('pgettext("satu", "Contoh label")\n')
    monkeypatch.setattr(translations, "WEB", tmp_path)
    found = translations.extract()
    wanted = {f"Contoh {name}" for name in names} | {"Contoh halaman", "Contoh label", "Contoh blok"}
    assert {entry.msgid for entry in found} == wanted
    assert {(entry.msgctxt, entry.msgid) for entry in found if entry.msgctxt in ("satu", "blok")} == {
        ("satu", "Contoh halaman"),
        ("satu", "Contoh label"),
        ("blok", "Contoh blok"),
    }
