"""docs/folder.md names every column and key that the reader knows, and no other."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import get_args

import pytest

from pendapa.regency import definition, records
from pendapa.regency.letters import FIRST_CASE_FIELDS, LETTER_FIELDS, REMEDY_FIELDS
from pendapa.regency.reader import TABLES, TOML_FILES
from pendapa.regency.typed import columns_of, obligatory

TEXT = (Path(__file__).parents[2] / "docs" / "folder.md").read_text(encoding="utf-8")
SECTIONS = {
    **TABLES,
    **TOML_FILES,
    "[life_events.CODE]": records.LifeEvent,
    "[classes.CODE]": records.NumberClass,
    "services/SLUG/service.toml": definition.ServiceDefinition,
    "[standard]": definition.Standard,
    "time_limit": definition.TimeLimit,
    "fee": definition.Fee,
    "[standard_en]": definition.StandardInEnglish,
    "[clock]": definition.ServiceClock,
    "[against]": definition.AgainstDecision,
    "[personal]": definition.PersonalData,
    "[tasks.ID]": definition.TaskBinding,
    "[tasks.ID.payment]": definition.PaymentAnswers,
    "deadline": definition.Duration,
    "[waits.ID]": definition.WaitBinding,
    "[timers.ID]": definition.TimerBinding,
    "[effects.ID]": definition.EffectBinding,
    "[effects.ID.bill]": definition.BillTerms,
    "[effects.ID.bill.lines.VARIABLE]": definition.BillLine,
    "[ends.ID]": definition.EndBinding,
}


def section(heading: str) -> str:
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert found, f"docs/folder.md has no section {heading}"
    return found[1]


def rows(heading: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `([^`]+)` \| *([a-z]*) *\|", section(heading), re.MULTILINE))


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_column_is_documented_and_every_documented_column_is_read(heading: str) -> None:
    kind = SECTIONS[heading]
    documented = rows(heading)
    assert set(documented) == set(columns_of(kind))
    assert {name for name, must in documented.items() if must == "yes"} == obligatory(kind)


def test_every_kind_of_table_the_reader_knows_has_a_section() -> None:
    kinds = {
        kind
        for module in (records, definition)
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
    }
    assert kinds - {records.Regency} == set(SECTIONS.values())


def test_the_keys_of_the_applicant_and_the_fields_of_letters_are_documented() -> None:
    assert set(re.findall(r"`([a-z_]+)`", section("[applicant]"))) == set(get_args(definition.ApplicantKey))
    named = {*LETTER_FIELDS, *REMEDY_FIELDS, *FIRST_CASE_FIELDS}
    assert named <= set(re.findall(r"`([a-z_.]+)`", section("letter.md")))
