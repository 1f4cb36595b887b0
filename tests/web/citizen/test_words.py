"""Pages of an application speak plainly, form and definition included (docs/words.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tests.web.citizen.test_apply import CARD, LETTER, SIP, text_of  # type: ignore[import-not-found]

from pendapa.web.cases import views_draft

ROOT = Path(__file__).parents[3]
WORDS = re.findall(r"^    (\S.*)$", (ROOT / "docs" / "words.md").read_text(encoding="utf-8"), re.M)
MODULES = [
    "pages",
    "promise",
    "timeline",
    "corrections",
    "views_draft",
    "questions",
    "wording",
    "places",
    "drawings",
    "file_questions",
    "task_form",
    "views_pages",
    "views_track",
    "views_change",
    "drafts",
    "uploads",
]


def found_in(text: str) -> list[str]:
    return [word for word in WORDS if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]


@pytest.mark.parametrize("slug", [SIP, LETTER, CARD, "izin-reklame"])
def test_every_page_of_an_application_speaks_plainly(citizen, slug: str) -> None:  # type: ignore[no-untyped-def]
    person = citizen(slug)
    case = person.apply(slug)
    other = citizen(slug)
    url = other.start(slug)
    empty = text_of(
        other.client.post(
            url,
            {"shown": re.findall(r'name="shown" value="([^"]+)"', other.client.get(url).content.decode())},
        )
    )
    addresses = [
        f"/berkas/{case.number}/{page}" for page in ("", "jawaban/", "tanda-terima/", "batal/", "alur/")
    ]
    texts = [empty] + [text_of(person.client.get(address)) for address in [*addresses, "/lacak/"]]
    texts += [
        text_of(other.client.get(page))
        for page in (url, url.replace("/1/", "/nanti/"), url.replace("/1/", "/periksa/"))
    ]
    for text in texts:
        assert found_in(text) == []


@pytest.mark.parametrize("name", MODULES)
def test_every_sentence_of_the_code_speaks_plainly(name: str) -> None:
    tree = ast.parse((Path(views_draft.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    sentences = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "gettext", "ngettext")
        and isinstance(node.args[0], ast.Constant)
    ]
    assert found_in(" ".join(str(text) for text in sentences)) == []


def test_every_template_speaks_plainly() -> None:
    folder = Path(views_draft.__file__).parent / "templates" / "cases"
    for path in folder.glob("*.html"):
        source = path.read_text(encoding="utf-8")
        said = re.findall(r'translate "([^"]*)"', source) + re.findall(r'_\("([^"]*)"\)', source)
        said += re.findall(r"{% blocktranslate[^%]*%}(.*?){% end", source, re.S)
        assert found_in(" ".join(re.sub(r"{{.*?}}", "", text) for text in said)) == [], path.name
