"""Values of a set worked out from what is reported, each with the rule that made it or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pendapa.expressions import EvaluationError, Expression
from pendapa.standards.reported import STATUSES, WITH_VALUE, Amount, Reported
from pendapa.standards.standard import Index, Indicator, Standard, variable
from pendapa.standards.wording import Said

NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no value: `code` is not_reported, not_available, not_applicable, missing_input,
    division_by_zero, unit_mismatch or not_computable."""

    code: str
    said: Said


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator in one year. `status` is one of STATUSES, or not_reported (then there is no `year`).

    `value` is computed by `rule` from `inputs`; or, where no inputs are given, the value that was `stated`, and
    then there is no `rule`. Without a value there is a `reason`.
    """

    code: str
    year: int | None
    status: str
    value: Decimal | None
    rule: Expression | None
    reason: Reason | None
    inputs: Mapping[str, Amount]
    stated: Decimal | None
    owner: str
    quality: str | None
    source: str
    note: str
    warnings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From the latest earlier year with a value that the same rule made; `reading` is better, worse, same, or
    None where the direction is contextual."""

    year: int
    value: Decimal
    by: Decimal
    reading: str | None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many indicators of a theme stand at each status, and how many have a value. Never a mean of values."""

    indicators: int
    by_status: Mapping[str, int]
    with_value: int


@dataclass(frozen=True, slots=True)
class IndexValue:
    """The framework's own index, its class, or the reason why there is none."""

    value: Decimal | None
    name: Said | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All indicators of a set in its order: the one year asked for, or the latest of each."""

    standard: Standard
    year: int | None
    results: tuple[Result, ...]
    earlier: tuple[Result, ...]
    themes: Mapping[str, Completeness]
    total: Completeness
    index: IndexValue | None


def score(standard: Standard, reported: Iterable[Reported], year: int | None = None) -> Scorecard:
    """Assess values against a set: of `year` alone, or, without one, the latest year of each indicator."""
    rows: dict[str, list[Reported]] = {}
    for row in sorted(reported, key=lambda row: -row.year):
        rows.setdefault(row.code, []).append(row)
    results: list[Result] = []
    earlier: list[Result] = []
    for code, indicator in standard.indicators.items():
        worked = [work_out(indicator, row) for row in rows.get(code, ()) if year is None or row.year <= year]
        if worked and (year is None or worked[0].year == year):
            results.append(worked.pop(0))
        else:
            results.append(_not_reported(indicator, year))
        earlier += worked
    themes = {
        theme: _count([one for one in results if standard.indicators[one.code].theme == theme])
        for theme in standard.themes
    }
    index = _index(standard.index, results) if standard.index else None
    return Scorecard(standard, year, tuple(results), tuple(earlier), themes, _count(results), index)


def change(indicator: Indicator, now: Result, earlier: Iterable[Result]) -> Change | None:
    """How a value moved; None without an earlier one of the same rule and status, for two ways of measuring
    do not make a trend."""
    alike = [one for one in earlier if (one.code, one.rule, one.status) == (now.code, now.rule, now.status)]
    before = max((one for one in alike if one.value is not None), key=lambda one: one.year or 0, default=None)
    if now.value is None or before is None or before.value is None or before.year is None:
        return None
    by = now.value - before.value
    reading = None
    if by == 0:
        reading = "same"
    elif indicator.direction != "contextual":
        reading = "better" if (by > 0) == (indicator.direction == "higher_better") else "worse"
    return Change(before.year, before.value, by, reading)


def work_out(indicator: Indicator, row: Reported) -> Result:
    """The value of one reported row, or the reason why there is none."""
    value: Decimal | None = None
    rule: Expression | None = None
    reason: Reason | None = None
    warnings = list(row.warnings)
    if row.status not in WITH_VALUE:
        reason = WITHOUT[row.status]
    elif row.inputs:
        rule = _rule(indicator, row.inputs)
        reason = _missing(rule, row.inputs) or _units(indicator, rule, row)
        if reason is None:
            numbers = {name: row.inputs[name].number for name in rule.inputs}
            value, reason = compute(rule, numbers)
    elif row.value is not None:
        reason = _stated_unit(indicator, row.unit)
        value = row.value if reason is None else None
    else:
        reason = _missing(indicator.rules[0], {})
    if value is not None:
        warnings += _doubts(indicator, value, row)
    texts = (row.owner, row.quality, row.source, row.note)
    return Result(
        row.code, row.year, row.status, value, rule, reason, row.inputs, row.value, *texts, tuple(warnings)
    )


def compute(rule: Expression, numbers: Mapping[str, Decimal]) -> tuple[Decimal | None, Reason | None]:
    """The value of a rule, or why these numbers give none."""
    try:
        value = rule.evaluate(numbers)
    except EvaluationError as error:
        if str(error).startswith("Division by zero"):
            return None, Reason("division_by_zero", Said("penyebutnya nol", "the denominator is zero"))
        return None, Reason("not_computable", Said(f"rumus tidak dapat dihitung: {error}", str(error)))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        said = Said("rumus tidak menghasilkan bilangan", "the rule gives no number")
        return None, Reason("not_computable", said)
    return Decimal(value), None


WITHOUT = {
    "not_available": Reason("not_available", Said("data tidak tersedia", "the data are not available")),
    "not_applicable": Reason("not_applicable", Said("tidak berlaku", "it does not apply")),
}


def _rule(indicator: Indicator, given: Mapping[str, Amount]) -> Expression:
    """The first rule whose inputs are all given; if none is, the one that most of what is given belongs to."""
    return min(
        indicator.rules,
        key=lambda rule: (not rule.inputs <= given.keys(), -len(rule.inputs & given.keys())),
    )


def _missing(rule: Expression, given: Mapping[str, Amount]) -> Reason | None:
    names = ", ".join(sorted(rule.inputs - given.keys(), reverse=True))
    if not names:
        return None
    return Reason("missing_input", Said(f"masukan belum ada: {names}", f"missing input: {names}"))


def _units(indicator: Indicator, rule: Expression, row: Reported) -> Reason | None:
    declared = {name: indicator.inputs[name].unit for name in sorted(rule.inputs, reverse=True)}
    given = {name: row.inputs[name].unit or unit for name, unit in declared.items()}
    # A share of two like quantities is the same in km2 and in hectares, as long as both are.
    same = len(set(declared.values())) == 1 and len(declared) > 1 and len(set(given.values())) == 1
    if given == declared or same:
        return _stated_unit(indicator, row.unit)
    found = ", ".join(f"{name} {unit}" for name, unit in given.items())
    due = ", ".join(f"{name} {unit}" for name, unit in declared.items())
    said = Said(
        f"satuan tidak cocok: {found}; seharusnya {due}", f"the units are {found}; the rule needs {due}"
    )
    return Reason("unit_mismatch", said)


def _stated_unit(indicator: Indicator, unit: str) -> Reason | None:
    if not unit or unit == indicator.unit:
        return None
    said = Said(
        f"satuan tidak cocok: tertulis {unit}, indikator ini dalam {indicator.unit}",
        f"the unit is {unit}, the indicator is in {indicator.unit}",
    )
    return Reason("unit_mismatch", said)


def _doubts(indicator: Indicator, value: Decimal, row: Reported) -> list[Said]:
    found = []
    if (indicator.highest is not None and value > indicator.highest) or (
        indicator.lowest is not None and value < indicator.lowest
    ):
        limits = f"{indicator.lowest}-{indicator.highest}"
        found.append(
            Said(f"nilai di luar {limits}; periksa masukannya", f"outside {limits}; check the inputs")
        )
    if row.inputs and row.value is not None and value != row.value:
        exponent = row.value.as_tuple().exponent
        assert isinstance(exponent, int)
        # A printed figure may be half a unit of its last digit off.
        if abs(value - row.value) > Decimal((0, (5,), exponent - 1)):
            said = f"{row.value}"
            found.append(
                Said(f"nilai tertulis {said} berbeda dari hasil hitung", f"the value stated, {said}, differs")
            )
    return found


def _not_reported(indicator: Indicator, year: int | None) -> Result:
    said = Said("belum dilaporkan", "not reported")
    if year is not None:
        said = Said(f"belum dilaporkan untuk {year}", f"not reported for {year}")
    reason = Reason(NOT_REPORTED, said)
    empty: dict[str, Amount] = {}
    return Result(indicator.code, None, NOT_REPORTED, None, None, reason, empty, None, "", None, "", "", ())


def _count(results: list[Result]) -> Completeness:
    by_status = dict.fromkeys((*STATUSES, NOT_REPORTED), 0)
    for one in results:
        by_status[one.status] += 1
    return Completeness(len(results), by_status, sum(one.value is not None for one in results))


def _index(index: Index, results: list[Result]) -> IndexValue:
    absent = [one.code for one in results if one.value is None]
    if absent:
        names = ", ".join(absent)
        said = Said(f"belum ada nilai untuk indikator {names}", f"no value for the indicators {names}")
        return IndexValue(None, None, Reason("missing_input", said))
    numbers = {variable(one.code): one.value for one in results if one.value is not None}
    value, reason = compute(index.rule, numbers)
    if value is None:
        return IndexValue(None, None, reason)
    reached = [band for band in index.bands if band.start <= value]
    return IndexValue(value, reached[-1].name if reached else None, None)
