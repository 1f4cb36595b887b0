"""Hand-worked cases: each expected value follows from the rule named in its group, by mental arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pendapa.expressions import EvaluationError, Value, parse

D = Decimal
GIVEN: Mapping[str, object] = {
    "amount": 250,
    "price": D("19.95"),
    "ratio": 0.1,  # a float: read as the decimal 0.1, not as the binary fraction beside it
    "name": "Kaligangsa",
    "yes": True,
    "no": False,
    "start": date(2026, 3, 16),
    "end": date(2026, 3, 30),
    "at": datetime(2026, 3, 16, 3, 0, tzinfo=UTC),
    "wait": timedelta(hours=36),
    "kinds": ["a", "b"],
    "scores": [4, 3, 5, 4],
    "gaps": [4, None, 5],
    "none": [],
    "needs": "map photo letter",
}

ARITHMETIC = [
    ("1 + 2 * 3", 7),  # product first
    ("(1 + 2) * 3", 9),
    ("10 - 4 - 3", 3),  # from the left
    ("24 / 4 / 3", 2),
    ("-2 * -3", 6),
    ("- amount + 1", -249),
    ("0.1 + 0.2", D("0.3")),  # decimal, not binary
    ("ratio + 0.2", D("0.3")),
    ("ratio * 3", D("0.3")),
    ("price * 2", D("39.90")),
    ("7 / 2", D("3.5")),
    ("6 / 2", 3),  # exact: stays whole
    ("1 / 3 * 3 < 1", True),  # 34 threes after the point, times 3, is 0.99..9
    ("amount - null", None),
    ("amount * absent", None),
    ("absent / 0", None),  # missing comes before the zero
]

COMPARISON = [
    ("amount = 250", True),
    ("amount == 250.00", True),  # one number, two ways to write it
    ("amount != 250", False),
    ("amount > 250", False),
    ("amount >= 250", True),
    ("price < 20", True),
    ("price <= 19.95", True),
    ("'abc' < 'abd'", True),
    ('name = "Kaligangsa"', True),
    ("name = 'kaligangsa'", False),
    ("yes = true", True),
    ("start < end", True),
    ("amount > absent", None),
    ("absent = absent", None),  # two unknowns need not be the same
    ("absent = null", True),
    ("null = absent", True),
    ("amount = null", False),
    ("amount != null", True),
    ("absent != null", False),
    ("(absent + 1) = null", True),
    ("absent < null", None),
    ("kinds = ['a', 'b']", True),
    ("kinds = ['a']", False),
    ("gaps = [4, 1, 5]", None),  # the second is unknown
    ("gaps = [3, 1, 5]", False),  # the first already differs
    ("amount between 200 and 250", True),  # both ends belong
    ("amount between 250 and 300", True),
    ("amount between 251 and 300", False),
    ("amount between absent and 200", False),  # above the end, whatever the beginning
    ("amount between absent and 300", None),
    ("start between date('2026-03-01') and date('2026-03-31')", True),
    ("amount between 200 and 250 and yes", True),  # the second `and` joins
]

LISTS = [
    ("'a' in kinds", True),
    ("'c' in kinds", False),
    ("absent in kinds", None),
    ("'a' in absent", None),
    ("4 in gaps", True),
    ("9 in gaps", None),  # may be the missing one
    ("4.0 in [4]", True),
    ("'a' in []", False),
    ("not 'c' in kinds", True),
    ("[1, 2] in [[1, 2], [3]]", True),
    ("selected(kinds, 'b')", True),
    ("selected(needs, 'photo')", True),
    ("selected(needs, 'pho')", False),  # whole words
    ("selected(gaps, 9)", None),
]

LOGIC = [
    ("true and true", True),
    ("true and false", False),
    ("false or true", True),
    ("not false", True),
    ("not absent", None),
    ("not yes or yes", True),  # not binds tighter than or
    ("not amount = 3", True),  # and looser than a comparison
    ("true or false and false", True),  # and before or
    ("(true or false) and false", False),
    ("false and 1 / 0 > 1", False),  # decided from the left, the rest is not worked out
    ("true or 1 / 0 > 1", True),
    ("if yes then 1 else 2", 1),
    ("if no then 1 else 2", 2),
    ("if absent then 1 else 2", None),
    ("if absent = null then 0 else absent", 0),
    ("if no then 1 else if yes then 2 else 3", 2),
    ("1 + if yes then 1 else 2 + 3", 2),  # else takes all that follows
    ("if yes then 'x' else 1 / 0", "x"),
]

FUNCTIONS = [
    ("min(3, 1, 2)", 1),
    ("max(scores)", 5),
    ("min('b', 'a')", "a"),
    ("max(start, end)", date(2026, 3, 30)),
    ("min(gaps)", None),  # the missing one may be the smallest
    ("max([])", None),
    ("sum(scores)", 16),
    ("sum(1, 2.5)", D("3.5")),
    ("sum(none)", 0),
    ("sum(gaps)", None),
    ("sum(absent)", None),
    ("sum([wait, wait])", timedelta(hours=72)),
    ("mean(scores)", 4),  # 16 / 4
    ("mean(1, 2)", D("1.5")),
    ("mean(none)", None),
    ("mean(gaps)", None),
    ("count(scores)", 4),
    ("count(gaps)", 2),  # what is filled in
    ("count(1, absent, 'x')", 2),
    ("count(absent)", None),
    ("len(gaps)", 3),
    ("len(name)", 10),  # K-a-l-i-g-a-n-g-s-a
    ("len(absent)", None),
    ("len([])", 0),
    ("len(1, absent, 'x')", 3),  # of arguments, as of a list: missing ones too
    ("len(kinds, kinds)", 2),
    ("round(2.5)", 3),  # half away from zero
    ("round(-2.5)", -3),
    ("round(2.4)", 2),
    ("round(1.005, 2)", D("1.01")),
    ("round(1.5, 3)", D("1.5")),
    ("round(7)", 7),
    ("floor(2.9)", 2),
    ("floor(-2.1)", -3),
    ("abs(-3)", 3),
    ("abs(-1.5)", D("1.5")),
    ("abs(start - end)", timedelta(days=14)),
    ("lower(name)", "kaligangsa"),
    ("upper('ab')", "AB"),
    ("trim('  a b ')", "a b"),
    ("contains(name, 'gang')", True),
    ("contains(name, 'Gang')", False),
    ("starts_with(name, 'Kali')", True),
    ("ends_with(name, 'sa')", True),
    ("concat('a', 'b', 'c')", "abc"),
    ("concat(kinds)", "ab"),
    ("concat('a', absent)", None),
    ("contains(absent, 'a')", None),
]

DATES = [
    ("end - start", timedelta(days=14)),
    ("start + duration('P3D')", date(2026, 3, 19)),
    ("duration('P3D') + start", date(2026, 3, 19)),
    ("start - duration('P2W')", date(2026, 3, 2)),
    ("date('2026-02-28') + duration('P1D')", date(2026, 3, 1)),  # 2026 is no leap year
    ("date('2028-02-28') + duration('P1D')", date(2028, 2, 29)),
    ("at + wait", datetime(2026, 3, 17, 15, 0, tzinfo=UTC)),
    ("wait = duration('P1DT12H')", True),
    ("wait * 2", timedelta(days=3)),
    ("1.5 * wait", timedelta(hours=54)),
    ("wait / 3", timedelta(hours=12)),
    ("(end - start) / duration('P1D')", 14),
    ("-wait", timedelta(hours=-36)),
    ("duration('-P1D') = -duration('PT24H')", True),
    ("datetime('2026-03-16T10:00+07:00') = at", True),  # one instant, two offsets
    ("end - start > duration('P10D')", True),
    ("start + absent", None),
]

TEXTS = [
    (r"'it\'s'", "it's"),
    (r'"a\\b"', "a\\b"),
    (r'"a\nb"', "a\nb"),
    ("\"tanda 'kutip'\"", "tanda 'kutip'"),
    ("null", None),
    ("[1, [2, 'x'], null]", (1, (2, "x"), None)),
]


@pytest.mark.parametrize(
    ("text", "expected"), ARITHMETIC + COMPARISON + LISTS + LOGIC + FUNCTIONS + DATES + TEXTS
)
def test_value(text: str, expected: Value) -> None:
    value = parse(text).evaluate(GIVEN)
    assert value == expected
    assert isinstance(value, bool) is isinstance(expected, bool)
    assert isinstance(value, int) is isinstance(expected, int)  # whole numbers stay whole, others are Decimal


REFUSED = [
    ("1 / 0", "Division by zero"),
    ("amount / (250 - amount)", "Division by zero"),
    ("wait / duration('PT0S')", "Division by zero"),
    ('"a" < 3', 'Cannot compare the text "a" with the number 3.'),
    ("amount = '250'", 'Cannot compare the number 250 with the text "250".'),
    ("yes = 1", "Cannot compare the yes/no value true with the number 1."),
    ("yes < no", "Cannot say which is greater"),
    ("kinds < kinds", "Cannot say which is greater"),
    ("start = at", "both as dates or both with a time"),
    ("'a' + 'b'", "write concat(a, b)"),
    ("yes + 1", "Cannot add the number 1 to the yes/no value true."),
    ("start + end", "Cannot add the date 2026-03-30 to the date 2026-03-16."),
    ("start * 2", "Cannot multiply the date 2026-03-16 by the number 2."),
    ("start + wait", "whole days only"),
    ("-name", "negative"),
    ("amount and yes", "`and` needs yes/no values, not the number 250"),
    ("not name", "`not` needs yes/no values"),
    ("if amount then 1 else 2", "`if` needs yes/no values"),
    ("'a' in name", "use contains or selected"),
    ("contains(kinds, 'a')", "item in list"),
    ("lower(3)", "lower works on text, not on the number 3."),
    ("sum(kinds)", "sum works on numbers"),
    ("sum(true)", "sum works on numbers"),
    ("min(1, 'a')", "Cannot compare"),
    ("round(1.5, 13)", "0 to 12 decimal places"),
    ("round(1.5, -1)", "0 to 12 decimal places"),
    ("date(name)", "is not a date"),
    ("date(concat('2026-02-', '30'))", "is not a date"),
    ("datetime(concat('2026-02-01T08:00', ''))", "is not a date and time"),
    ("duration(concat('P1', 'M'))", "is not a duration"),
    ("date('9999-12-31') + duration('P1D')", "leaves the years 1 to 9999"),
    ("duration('P999999D') * 9999999", "a million years"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_be_worked_out_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(EvaluationError) as refusal:
        parse(text).evaluate(GIVEN)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("yes", True),
        ("no", False),
        ("absent", False),
        ("not absent", False),
        ("amount > 200 or absent", True),
    ],
)
def test_a_condition_holds_only_when_it_is_true(text: str, holds: bool) -> None:
    assert parse(text).holds(GIVEN) is holds


def test_a_condition_that_is_no_question_is_refused() -> None:
    with pytest.raises(EvaluationError, match="A condition needs yes/no values, not the number 250"):
        parse("amount").holds(GIVEN)
