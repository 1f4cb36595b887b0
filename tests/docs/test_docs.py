"""The documents say what is there: links lead somewhere, and what must be named is named."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from pendapa.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "bench").glob("*.md")])
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?:\]\(|(?:src|href)=\")([^)\s\"]+)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FOUR = ("calendars", "expressions", "forms", "processes")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The fragments that a forge makes of the headings: small letters, blanks as dashes, no other signs."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()).strip() for title in HEADING.findall(read(page)))
    return {title.replace(" ", "-") for title in titles}


def broken_links(page: Path) -> list[str]:
    found = []
    for link in LINK.findall(FENCED.sub("", read(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (fragment and target.suffix == ".md" and fragment not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Two words\n[a](page.md#two-words) [b](none.md) ![c](x.png) [d](#three) [e](https://x.example)\n"
    )
    assert broken_links(page) == ["none.md", "x.png", "#three"]


def test_every_page_is_reached_from_the_index() -> None:
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(read(DOCS / "index.md"))}
    assert [
        page.name for page in DOCS.rglob("*.md") if page.resolve() not in linked | {DOCS / "index.md"}
    ] == []


def packages(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/__init__.py"))


@pytest.mark.parametrize("engine", [name for name in packages(ROOT / "src/pendapa") if name != "web"])
def test_every_engine_stands_in_the_table_of_the_architecture(engine: str) -> None:
    assert re.search(rf"^\| `{engine}` \|", read(DOCS / "architecture.md"), re.MULTILINE)


@pytest.mark.parametrize("app", sorted(p.parent.name for p in (ROOT / "src/pendapa/web").glob("*/apps.py")))
def test_every_app_stands_in_the_table_of_the_architecture(app: str) -> None:
    assert re.search(rf"^\| `{app}` \|", read(DOCS / "architecture.md"), re.MULTILINE)


def test_every_folder_of_the_site_is_named_in_the_architecture() -> None:
    text = read(DOCS / "architecture.md")
    assert [name for name in packages(ROOT / "src/pendapa/web") if f"`{name}" not in text] == []


def test_architecture_tells_the_imports_that_the_contracts_allow() -> None:
    """What an engine's row allows is what no contract forbids it."""
    contracts = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    engines = {name for name in packages(ROOT / "src/pendapa") if name != "web"}
    allowed = {engine: engines - {engine} for engine in engines}
    for contract in contracts:
        sources = {
            name.removeprefix("pendapa.")
            for name in contract.get("source_modules", contract.get("modules", []))
        }
        targets = {
            name.removeprefix("pendapa.")
            for name in contract.get("forbidden_modules", contract.get("modules", []))
        }
        for source in sources & engines:
            allowed[source] -= targets
    for engine, line in re.findall(
        r"^\| `(\w+)` \|.*\| (.*) \|$", read(DOCS / "architecture.md"), re.MULTILINE
    ):
        if engine not in engines:
            continue
        told = set(re.findall(r"`(\w+)`", line))
        if line.startswith("every engine"):
            told = engines - {engine}
        assert told == allowed[engine], engine


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_dependency_has_its_reason(name: str) -> None:
    reasons = read(DOCS / "decisions/0001-dependencies.md")
    wanted = [
        re.split(r"[\[~=<>! ]", line)[0]
        for line in read(ROOT / f"requirements/{name}.in").splitlines()
        if line.strip() and line[0] not in "#-"
    ]
    assert wanted
    assert [
        n for n in wanted if not re.search(rf"^\| `{n}` \| \S.* \| \S.* \|$", reasons, re.MULTILINE)
    ] == []


def test_no_reason_for_what_is_gone() -> None:
    given = read(DOCS / "decisions/0001-dependencies.md").partition("## What was thought of")[0]
    names = set(re.findall(r"^\| `([^`]+)` \|", given, re.MULTILINE))
    wanted = re.findall(
        r"^[a-z][\w-]*", read(ROOT / "requirements/run.in") + read(ROOT / "requirements/dev.in"), re.MULTILINE
    )
    assert names - set(wanted) == set()


def test_decisions_are_numbered_without_gaps_and_say_the_four_things() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert [r.name[:4] for r in records] == [f"{n:04d}" for n in range(1, len(records) + 1)]
    for record in records:
        text = read(record)
        assert text.startswith(f"# {record.name[:4]} "), record.name
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{record.name} has no {part}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_to_those_who_run_it(command: str) -> None:
    told = read(ROOT / "README.md") + read(DOCS / "operators.md")
    assert re.search(rf"pendapa {command}\b", told)


def test_make_targets_named_in_the_documents_exist() -> None:
    named = re.findall(r"(?:`|^ {4})make ([a-z-]+)\b", "\n".join(map(read, PAGES)), re.MULTILINE)
    targets = set(re.findall(r"^([a-z-]+):(?!=)", read(ROOT / "Makefile"), re.MULTILINE))
    assert {"demo", "test", "quick"} <= set(named) <= targets


@pytest.mark.parametrize("engine", FOUR)
def test_every_public_name_of_the_four_engines_stands_on_their_page(engine: str) -> None:
    page = read(DOCS / "engines.md")
    names = importlib.import_module(f"pendapa.{engine}").__all__
    assert [name for name in names if not re.search(rf"\b{name}\b", page)] == []
