"""The published values of iso37122-published-values.csv against the rules of the set."""

from __future__ import annotations

import csv
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from pendapa.standards import standard
from pendapa.standards.scorecard import compute

SOURCE = Path(__file__).parent / "data" / "iso37122-published-values.csv"
with SOURCE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
WITH_INPUTS = [row for row in ROWS if row["inputs"]]
# The one row whose inputs are not those of the indicator: reports and completed ones, beside a printed mean.
ONLY_COUNTS = ("10.3", "2023-01")
CUT = ("11.2", "2025")  # 74606 / 130134 x 100000 = 57330.1366...: its source cuts where the others round


def given(row: dict[str, str]) -> dict[str, Decimal]:
    pairs = (part.split("=") for part in row["inputs"].split(";"))
    return {name: Decimal(value) for name, value in pairs}


def test_fifteen_rows_have_inputs_and_fourteen_of_them_those_of_the_indicator() -> None:
    assert (len(ROWS), len(WITH_INPUTS)) == (24, 15)
    assert [row["year"] for row in WITH_INPUTS if "reports" in given(row) and len(given(row)) == 2] == [
        "2023-01"
    ]


@pytest.mark.parametrize(
    "row",
    [row for row in WITH_INPUTS if (row["code"], row["year"]) != ONLY_COUNTS],
    ids=lambda row: f"{row['city']} {row['year']} {row['code']}",
)
def test_the_rule_gives_the_published_value(row: dict[str, str]) -> None:
    indicator, inputs = standard("iso37122").indicators[row["code"]], given(row)
    rule = next(rule for rule in indicator.rules if rule.inputs <= inputs.keys())
    value, reason = compute(rule, inputs)
    assert reason is None and value is not None
    printed = Decimal(row["value"])
    how = ROUND_DOWN if (row["code"], row["year"]) == CUT else ROUND_HALF_UP
    assert value.quantize(printed, how) == printed
    assert indicator.unit == row["unit"]


def test_inputs_that_are_not_those_of_the_indicator_give_no_value() -> None:
    row = next(row for row in WITH_INPUTS if (row["code"], row["year"]) == ONLY_COUNTS)
    rules = standard("iso37122").indicators["10.3"].rules
    assert not any(rule.inputs <= given(row).keys() for rule in rules)


def test_every_published_value_stands_beside_its_indicator_as_published() -> None:
    peers = {
        (peer.place, peer.period, indicator.code): (peer.value, peer.unit, peer.kind)
        for indicator in standard("iso37122").indicators.values()
        for peer in indicator.peers
    }
    assert peers == {
        (row["city"], row["year"], row["code"]): (Decimal(row["value"]), row["unit"], row["kind"])
        for row in ROWS
    }
