"""A study as a folder: study.toml (the plan) and responses/*.csv (the answers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pendapa.study.refusal import Fault, StudyRefused
from pendapa.study.responses import Responses
from pendapa.study.study_plan import FILE, Plan, read_plan
from pendapa.study.tables import FloatArray, Table, read_table


@dataclass(frozen=True, slots=True)
class Study:
    """A study that may be decided: its rule is older than its first answer.

    `answers` holds every item, reversed ones turned round; `group_values` the text of each group column per row.
    """

    plan: Plan
    answers: Responses
    group_values: Mapping[str, tuple[str, ...]]
    first_answer: date
    last_answer: date


def read_study(folder: Path) -> Study:
    """Read FOLDER/study.toml, or FOLDER/study/study.toml of a regency, and its responses.

    Raises StudyRefused with all faults as file:line or file with row and column: among them a rule that is not
    older than the first answer.
    """
    where = folder / "study" if (folder / "study" / FILE).is_file() else folder
    if not (where / FILE).is_file():
        raise StudyRefused([Fault(str(folder), f"there is no {FILE}", "give the folder of a study")])
    plan = read_plan(where / FILE)
    tables = _tables(where / "responses")
    faults: list[Fault] = []
    parts: list[FloatArray] = []
    lines: list[int] = []
    dates: list[tuple[date, str]] = []
    people: dict[str, str] = {}
    groups: dict[str, list[str]] = {name: [] for name in plan.groups}
    for table in tables:
        try:
            parts.append(_answers(table, plan))
            dates += _dates(table, plan)
            columns = {name: table.index(name) for name in plan.groups}
            faults += _again(table, plan, people)
        except StudyRefused as refused:
            faults += refused.faults
            continue
        lines += table.lines
        for name, column in columns.items():
            groups[name] += [row[column] for row in table.rows]
    if faults:
        raise StudyRefused(faults)
    if not dates:
        raise StudyRefused([Fault("responses", "there is no answer", "give one row for each respondent")])
    first, place = min(dates)
    if plan.fixed >= first:
        wrong = f"the rule was fixed on {plan.fixed}, and the first answer is of {first} ({place})"
        right = "a rule is fixed before the data; leave out answers collected before it, as a pilot"
        raise StudyRefused([Fault(f"{FILE}:{plan.fixed_line}", wrong, right)])
    answers = Responses(plan.items, np.concatenate(parts), tuple(lines))
    values = {name: tuple(column) for name, column in groups.items()}
    return Study(plan, answers, values, first, max(dates)[0])


def _tables(folder: Path) -> list[Table]:
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise StudyRefused(
            [Fault("responses", "there is no CSV with answers", "add responses/NAME.csv beside study.toml")]
        )
    faults: list[Fault] = []
    tables = []
    for file in files:
        try:
            tables.append(read_table(file.read_bytes(), f"responses/{file.name}"))
        except StudyRefused as refused:
            faults += refused.faults
        except OSError as error:
            faults.append(
                Fault(f"responses/{file.name}", f"{error.strerror}", "give a file that can be read")
            )
    if faults:
        raise StudyRefused(faults)
    return tables


def _answers(table: Table, plan: Plan) -> FloatArray:
    low, high = plan.scale

    def wrong(answer: float) -> str:
        return (
            ""
            if answer == int(answer) and low <= answer <= high
            else f"not a whole answer from {low} to {high}"
        )

    values = table.numbers([table.index(item) for item in plan.items], wrong)
    turned = [place for place, item in enumerate(plan.items) if item in plan.reverse]
    values[:, turned] = low + high - values[:, turned]
    return values


def _dates(table: Table, plan: Plan) -> list[tuple[date, str]]:
    column = table.index(plan.date_column)
    found: list[tuple[date, str]] = []
    faults: list[Fault] = []
    for row, cells in enumerate(table.rows):
        try:
            # A moment as survey tools export it begins with its local day.
            found.append((date.fromisoformat(cells[column][:10]), f"{table.name} row {table.lines[row]}"))
        except ValueError:
            wrong = f"{cells[column]!r} is no date" if cells[column] else "the date of the answer is missing"
            faults.append(Fault(table.where(row, column), wrong, "write it as 2026-02-28"))
    if faults:
        raise StudyRefused(faults)
    return found


def _again(table: Table, plan: Plan, people: dict[str, str]) -> list[Fault]:
    column = table.index(plan.respondent)
    faults = []
    for row, cells in enumerate(table.rows):
        place, who = table.where(row, column), cells[column]
        if not who:
            faults.append(Fault(place, "the respondent has no code", "give each one a code of its own"))
        elif who in people:
            wrong = f"the respondent {who!r} stands already in {people[who]}"
            faults.append(Fault(place, wrong, "keep one of the two, or give the other its own code"))
        else:
            people[who] = place
    return faults
