"""Relevance, calculations, moments: expected values are worked out by hand beside them, or plain from the form."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pendapa.forms import evaluate

from .conftest import NOW, answered, kinds, made


def test_filled_irrelevant_answer_is_dropped_without_error() -> None:
    form = made("text a", {"type": "integer b", "relevant": "${a} = 'yes'", "required": "yes"})
    done = answered(form, a="no", b="not a number")
    assert done.valid
    assert dict(done.values) == {"/a": "no"}
    assert done.relevant == {"/a"}


def test_relevance_is_inherited_from_groups() -> None:
    form = made(
        "text a",
        {"type": "begin_group g", "relevant": "${a} = 'yes'"},
        "begin_group h",
        {"type": "text b", "required": "yes"},
        "end_group",
        "end_group",
    )
    assert answered(form, a="no").valid
    assert kinds(answered(form, a="yes")) == {"/g/h/b": "required"}


def test_an_irrelevant_answer_reads_as_blank_elsewhere() -> None:
    form = made(
        "text a",
        {"type": "integer b", "relevant": "${a} = 'yes'"},
        {"type": "calculate c", "calculation": "if(${b} = '', 'blank', 'filled')"},
    )
    assert answered(form, a="no", b="5").values["/c"] == "blank"
    assert answered(form, a="yes", b="5").values["/c"] == "filled"


def test_a_sent_calculation_is_computed_again() -> None:
    done = answered(made("integer a", {"type": "calculate c", "calculation": "${a} * 2"}), a="4", c="99")
    assert done.valid
    assert done.values["/c"] == "8"


def test_calculations_run_in_order_of_need_not_of_rows() -> None:
    form = made(
        {"type": "calculate c", "calculation": "${b} + 1"},
        {"type": "calculate b", "calculation": "${a} + 1"},
        "integer a",
    )
    assert answered(form, a="1").values["/c"] == "3"  # b = 2, c = 3


def test_arithmetic_with_a_blank_gives_a_blank() -> None:
    form = made("integer a", {"type": "calculate c", "calculation": "${a} + 1"})
    assert answered(form, a="").values["/c"] == ""


def test_age_from_a_birth_date() -> None:
    form = made("date born", {"type": "calculate age", "calculation": "int((today() - ${born}) div 365.25)"})
    # 2026-03-30 minus 2000-03-31 is 9495 days; 9495 / 365.25 = 25.996: the birthday is tomorrow
    assert answered(form, born="2000-03-31").values["/age"] == "25"
    # one day more: 9496 / 365.25 = 25.9986; two days more 26.0014
    assert answered(form, born="2000-03-29").values["/age"] == "26"


def test_dates_compare_with_today_in_the_zone_of_now() -> None:
    form = made({"type": "date d", "constraint": ". <= today()"})
    assert answered(form, d="2026-03-30").valid
    assert not answered(form, d="2026-03-31").valid
    late = datetime(2026, 3, 30, 18, 0, tzinfo=ZoneInfo("UTC"))  # already 2026-03-31 01:00 in Jakarta
    assert answered(form, late.astimezone(ZoneInfo("Asia/Jakarta")), d="2026-03-31").valid


def test_a_moment_counts_as_its_day() -> None:
    # NOW is 2026-03-30T09:00+07:00
    form = made(
        {"type": "dateTime m", "constraint": ". <= now()"},
        {"type": "calculate same", "calculation": "if(${m} = now(), 'same day', 'other day')"},
        {
            "type": "calculate before",
            "calculation": "if(decimal-date-time(${m}) < decimal-date-time(now()), 1, 0)",
        },
        {"type": "calculate day", "calculation": "format-date-time(date(${m}), '%d %H:%M')"},
    )
    done = answered(form, m="2026-03-30T16:00:00.000+07:00")
    assert done.valid
    assert [done.values[f"/{name}"] for name in ("same", "before", "day")] == ["same day", "0", "30 00:00"]
    # 17:30 in UTC is half past midnight of the next day in Jakarta
    assert kinds(answered(form, m="2026-03-30T17:30:00.000Z")) == {"/m": "constraint"}


def test_a_place_without_answer_measures_nothing() -> None:
    form = made("geotrace t", {"type": "calculate c", "calculation": "distance(${t})"})
    assert answered(form, t="").values["/c"] == "0"


def test_random_values_and_uuids_keep_the_value_that_was_sent() -> None:
    form = made({"type": "calculate u", "calculation": "uuid()"})
    first = answered(form).values["/u"]
    assert len(first) == 36
    assert answered(form, u=first).values["/u"] == first


def test_whole_numbers_compare_as_numbers() -> None:
    form = made("integer a", {"type": "calculate c", "calculation": "if(${a} = '5', 'same', 'other')"})
    assert answered(form, a="005").values["/c"] == "same"


def test_readonly_keeps_what_was_sent() -> None:
    form = made({"type": "text a", "readonly": "yes", "default": "x"})
    assert form.fields["/a"].readonly is True
    assert answered(form, a="x").values["/a"] == "x"


def test_readonly_and_required_may_depend_on_answers() -> None:
    form = made("integer a", {"type": "text b", "readonly": "${a} > 2", "required": "${a} = 1"})
    assert (form.fields["/b"].readonly, form.fields["/b"].required) == (None, None)
    asked = [(answered(form, a=a).readonly("/b"), answered(form, a=a).required("/b")) for a in ("1", "3")]
    assert asked == [(False, True), (True, False)]
    assert (answered(form).readonly("/a"), answered(form).required("/a")) == (False, False)


def test_a_condition_that_is_computed_reads_as_true_or_false() -> None:
    form = made(
        "integer a",
        {"type": "calculate adult", "calculation": "${a} >= 18"},
        {"type": "text b", "relevant": "${adult}", "required": "yes"},
        {"type": "calculate word", "calculation": "concat(${adult}, '')"},
    )
    assert answered(form, a="17").valid
    assert answered(form, a="17").values["/word"] == "false"
    assert kinds(answered(form, a="18")) == {"/b": "required"}
    assert answered(form, a="18").values["/adult"] == "1"


def test_evaluation_is_at_the_given_time_only() -> None:
    form = made(
        {"type": "calculate d", "calculation": "today()"}, {"type": "calculate t", "calculation": "now()"}
    )
    done = answered(form, NOW + timedelta(days=1))
    # a date kept as text is its local midnight, as JavaRosa writes it
    assert done.values == {"/d": "2026-03-31T00:00:00.000+07:00", "/t": "2026-03-31T09:00:00.000+07:00"}


def test_now_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        evaluate(made("text a"), {}, now=NOW.replace(tzinfo=None))


def test_today_and_now_are_the_time_of_filling_in_its_own_zone() -> None:
    form = made(
        {"type": "date d", "calculation": "today()"},
        {"type": "dateTime m", "calculation": "now()"},
        {"type": "calculate day", "calculation": "format-date(today(), '%d/%m/%Y')"},
    )
    late = datetime.fromisoformat("2026-03-29T20:00+00:00")  # 03:00 of the next day in Jakarta
    assert dict(answered(form, late).values) == {
        "/d": "2026-03-29",
        "/m": "2026-03-29T20:00:00.000+00:00",
        "/day": "29/03/2026",
    }
    assert answered(form, late.astimezone(ZoneInfo("Asia/Jakarta"))).values["/d"] == "2026-03-30"


@pytest.mark.parametrize(
    "expression", ["once(random())", "uuid()", "uuid(8)", "random()", "concat('no-', uuid())"]
)
def test_what_is_drawn_once_is_not_drawn_again(expression: str) -> None:
    form = made({"type": "calculate c", "calculation": expression})
    assert answered(form, c="as it was").values["/c"] == "as it was"
    first, second = (answered(form).values["/c"] for _ in range(2))
    assert first != second
    assert answered(form, c=first).values["/c"] == first


def test_a_dateTime_is_read_in_its_own_zone() -> None:
    form = made(
        "dateTime m", {"type": "calculate c", "calculation": "format-date-time(${m}, '%Y-%m-%d %H:%M')"}
    )
    # 23:30 in UTC is half past six of the next morning in Jakarta
    assert answered(form, m="2026-03-29T23:30:00.000Z").values["/c"] == "2026-03-30 06:30"


def test_an_irrelevant_calculation_reads_as_blank() -> None:
    form = made(
        "integer n",
        {"type": "calculate c", "calculation": "${n} * 2", "relevant": "${n} > 3"},
        {"type": "calculate d", "calculation": "coalesce(${c}, 7)"},
    )
    assert dict(answered(form, n="2").values) == {"/n": "2", "/d": "7"}
    assert dict(answered(form, n="4").values) == {"/n": "4", "/c": "8", "/d": "8"}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("base64-decode('VGVnYWw=')", "Tegal"),
        ("base64-decode('%')", ""),
        ("version()", "3"),  # of the settings sheet
        ("is-selected('a b', 'b')", "1"),
        ("geofence('1 1', '0 0; 0 2; 2 2; 2 0; 0 0')", "1"),
        ("geofence('3 1', '0 0; 0 2; 2 2; 2 0; 0 0')", "0"),
        ("round(enclosed-area('0 0; 0 0.001; 0.001 0.001; 0.001 0; 0 0') div 100) * 100", "12400"),
        # a thousandth of a degree of 6,378,100 m is 111.32 m; 111.32 squared is 12,392
    ],
)
def test_functions_of_openrosa(expression: str, value: str) -> None:
    assert answered(made({"type": "calculate c", "calculation": expression})).values["/c"] == value
