"""The operator guide names every setting and every command that there is, and none that there is not."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from pendapa.cli import COMMANDS
from pendapa.web.commands import serve

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\b(?:PENDAPA_[A-Z_]+|DATABASE_URL)\b")


def _read_by(*folders: str) -> set[str]:
    """Quoted names: a setting is read as os.environ["NAME"] or by a helper that takes its name."""
    quoted = re.compile(r"""["'](PENDAPA_[A-Z_]+|DATABASE_URL)["']""")
    sources = [source for folder in folders for source in (ROOT / folder).rglob("*.py")]
    return {name for source in sources for name in quoted.findall(source.read_text(encoding="utf-8"))}


def test_every_setting_is_documented() -> None:
    assert _read_by("src") - set(SETTING.findall(GUIDE)) == set()


def test_every_documented_setting_is_read() -> None:
    make_and_ci = (ROOT / "Makefile").read_text() + (ROOT / ".ci" / "run").read_text()
    assert set(SETTING.findall(GUIDE)) - _read_by("src", "tests") - set(SETTING.findall(make_and_ci)) == set()


def test_every_command_has_a_line_of_help() -> None:
    assert all(help_text and not help_text.endswith(".") for _, help_text in COMMANDS.values())


def test_every_command_named_in_the_guide_exists() -> None:
    named = set(re.findall(r"(?:`|bin/|    |\.\.\. )pendapa ([a-z][a-z-]+)", GUIDE))
    assert len(named) >= 6
    assert named <= set(COMMANDS)


def test_every_option_of_serve_is_documented() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    serve.add_arguments(parser)
    for action in parser._actions:
        assert f"`{action.option_strings[-1]}`" in GUIDE
