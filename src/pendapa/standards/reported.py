"""What a regency reports of a set: FOLDER/indicators/SET.csv, one row for each indicator and year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from pendapa.standards.refusal import Fault, StandardsRefused
from pendapa.standards.standard import Indicator, Standard
from pendapa.standards.tables import GROUPED, Row, as_number, read_rows
from pendapa.standards.wording import Said

WITH_VALUE = ("measured", "estimated", "proxy")
WITHOUT_VALUE = ("not_available", "not_applicable")
STATUSES = (*WITH_VALUE, *WITHOUT_VALUE)
QUALITIES = ("high", "medium", "low")
REQUIRED = ("indicator", "year", "status", "inputs")
OPTIONAL = ("value", "unit", "owner", "quality", "source", "note")
ONE_INPUT = re.compile(r"([a-z][a-z0-9_]*)\s*=\s*(\S+)(?:\s+(\S.*))?")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as reported; `unit` is empty where the row names none."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One row. `value` is a figure somebody states, beside the inputs or instead of them; empty cells are None."""

    line: int
    code: str
    year: int
    status: str
    inputs: Mapping[str, Amount]
    value: Decimal | None
    unit: str
    owner: str
    quality: str | None
    source: str
    note: str
    warnings: tuple[Said, ...]


def read_reported(folder: Path, standard: Standard) -> tuple[Reported, ...]:
    """Read the values of a set; `folder` is a regency's, or the one the file lies in.

    Raises StandardsRefused with all faults as file:line.
    """
    name = f"indicators/{standard.values_file}"
    file = folder / name
    if not file.is_file() and (folder / standard.values_file).is_file():
        name, file = standard.values_file, folder / standard.values_file
    try:
        source = file.read_bytes()
    except OSError as error:
        right = f"write the values to {name}, or give the folder that holds it"
        raise StandardsRefused([Fault(str(file), error.strerror or "it cannot be read", right)]) from error
    faults: list[Fault] = []
    found: dict[tuple[str, int], Reported] = {}
    for row in read_rows(source, name, REQUIRED, OPTIONAL):
        try:
            one = _reported(row, standard)
        except StandardsRefused as refused:
            faults += refused.faults
            continue
        before = found.setdefault((one.code, one.year), one)
        if before is not one:
            wrong = f"{one.code} of {one.year} stands already in line {before.line}"
            right = "keep one of the two"
            if f"{one.code}0" in standard.indicators:
                right += f"; a spreadsheet may have made {one.code}0 into {one.code}"
            faults.append(Fault(row.where, wrong, right))
    if faults:
        raise StandardsRefused(faults)
    return tuple(found.values())


def _reported(row: Row, standard: Standard) -> Reported:
    faults: list[Fault] = []
    warnings: list[Said] = []

    def wrong(what: str, right: str) -> None:
        faults.append(Fault(row.where, what, right))

    code, status, quality, year = row["indicator"], row["status"], row["quality"], row["year"]
    indicator = standard.indicators.get(code)
    if indicator is None:
        near = get_close_matches(code, standard.indicators, 1)
        right = f"did you mean {near[0]}?" if near else f"write a code as {next(iter(standard.indicators))}"
        wrong(f"there is no indicator {code!r} in {standard.title.en}", right)
    if not re.fullmatch(r"(19|20)[0-9]{2}", year):
        wrong(f"{year!r} is no year", "write it as 2025")
    if status not in STATUSES:
        wrong(f"{status!r} is no status", f"write one of {', '.join(STATUSES)}")
    if quality and quality not in QUALITIES:
        wrong(f"{quality!r} is no quality", f"write one of {', '.join(QUALITIES)}, or nothing")
    if status in WITHOUT_VALUE and (row["inputs"] or row["value"]):
        wrong(f"the status is {status}, but figures are given", "give another status, or remove the figures")
    if status == "not_applicable" and not row["note"]:
        wrong("it is said not to apply, and not why", "write the reason in the column note")
    value = None
    if row["value"]:
        value = _number(row["value"], "the value", row, faults, warnings)
    inputs = _inputs(row, indicator, faults, warnings)
    if faults:
        raise StandardsRefused(faults)
    texts = (row["owner"], quality or None, row["source"], row["note"])
    return Reported(row.line, code, int(year), status, inputs, value, row["unit"], *texts, tuple(warnings))


def _inputs(
    row: Row, indicator: Indicator | None, faults: list[Fault], warnings: list[Said]
) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for part in filter(None, (piece.strip() for piece in row["inputs"].split(";"))):
        read = ONE_INPUT.fullmatch(part)
        if not read:
            right = "write name=number, with a unit after it if you like: numerator=120 km2"
            faults.append(Fault(row.where, f"{part!r} is no input", right))
            continue
        name, text, unit = read[1], read[2], read[3] or ""
        number = _number(text, name, row, faults, warnings)
        if name in found:
            faults.append(Fault(row.where, f"{name} stands more than once", "keep one of them"))
        if indicator and name not in indicator.inputs:
            right = f"its inputs are: {', '.join(indicator.inputs)}"
            faults.append(Fault(row.where, f"{indicator.code} has no input {name!r}", right))
        elif indicator and number is not None:
            _bounds(number, indicator, name, row, faults)
        if number is not None:
            found[name] = Amount(number, unit)
    return found


def _bounds(number: Decimal, indicator: Indicator, name: str, row: Row, faults: list[Fault]) -> None:
    lowest, highest = indicator.inputs[name].lowest, indicator.inputs[name].highest
    if lowest is not None and number < lowest:
        faults.append(Fault(row.where, f"{name} is {number}, less than {lowest}", "mend the figure"))
    if highest is not None and number > highest:
        faults.append(Fault(row.where, f"{name} is {number}, more than {highest}", "mend the figure"))


def _number(text: str, what: str, row: Row, faults: list[Fault], warnings: list[Said]) -> Decimal | None:
    number = as_number(text)
    if number is None:
        right = "write digits alone, with a point or comma for decimals and nothing for thousands"
        faults.append(Fault(row.where, f"{what} is {text!r}, which is no number", right))
    elif GROUPED.fullmatch(text):
        # 130.134 is a hundred and thirty thousand to one reader and 130 to another.
        whole = re.sub(r"[.,]", "", text)
        warnings.append(
            Said(
                f"{text} dibaca sebagai bilangan desimal; jika maksudnya {whole}, tulis tanpa tanda ribuan",
                f"{text} is read as a decimal; if you mean {whole}, write it without a separator of thousands",
            )
        )
    return number
