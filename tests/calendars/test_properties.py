"""Laws that hold for every start, number and pause, and agreement with a slow count written another way."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pendapa.calendars import Deadline, Pause

from .offices import WIB, counter, office

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CALENDARS = [office(), office("same_day"), counter()]

calendars = st.sampled_from(CALENDARS)
instants = st.integers(0, 60 * 24 * 400).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
)
lengths = st.integers(0, 60 * 24 * 20).map(lambda minutes: minutes * MINUTE)
pauses = st.lists(
    st.builds(lambda start, length: Pause(start, start + length), instants, lengths), max_size=4
)
days = st.integers(0, 60)
minutes = st.integers(0, 20_000)


def due(deadline: Deadline) -> datetime:
    assert deadline.due is not None
    return deadline.due


@given(calendars, instants, instants, days, pauses)
def test_a_later_receipt_is_never_due_earlier(calendar, a, b, n, stops):
    a, b = sorted((a, b))
    assert due(calendar.add_working_days(a, n, stops)) <= due(calendar.add_working_days(b, n, stops))
    assert due(calendar.add_working_minutes(a, n * 60, stops)) <= due(
        calendar.add_working_minutes(b, n * 60, stops)
    )


@given(calendars, instants, days, minutes, pauses)
def test_more_days_or_minutes_are_never_due_earlier(calendar, start, n, m, stops):
    one, next_one = (due(calendar.add_working_days(start, number, stops)) for number in (n, n + 1))
    assert one < next_one if n else one <= next_one
    assert due(calendar.add_working_minutes(start, m, stops)) < due(
        calendar.add_working_minutes(start, m + 1, stops)
    )


@given(calendars, instants, days, minutes, pauses, pauses)
def test_a_pause_never_makes_it_due_earlier(calendar, start, n, m, stops, more):
    assert due(calendar.add_working_days(start, n, stops)) <= due(
        calendar.add_working_days(start, n, stops + more)
    )
    assert due(calendar.add_working_minutes(start, m, stops)) <= due(
        calendar.add_working_minutes(start, m, stops + more)
    )


@given(calendars, instants, days, minutes, pauses, st.lists(instants, max_size=3))
def test_an_empty_pause_changes_nothing(calendar, start, n, m, stops, moments):
    empty = [Pause(moment, moment) for moment in moments]
    assert calendar.add_working_days(start, n, stops + empty) == calendar.add_working_days(start, n, stops)
    assert (
        calendar.add_working_minutes(start, m, stops + empty).due
        == calendar.add_working_minutes(start, m, stops).due
    )


@given(calendars, instants, st.integers(1, 60), pauses)
def test_days_between_reach_n_exactly_when_due(calendar, start, n, stops):
    end = due(calendar.add_working_days(start, n, stops))
    assert calendar.working_days_between(start, end, stops) == n
    assert calendar.working_days_between(start, end - timedelta(microseconds=1), stops) == n - 1


@given(calendars, instants, minutes, pauses)
def test_minutes_between_reach_m_exactly_when_due(calendar, start, m, stops):
    end = due(calendar.add_working_minutes(start, m, stops))
    assert calendar.working_minutes_between(start, end, stops) == m
    if m:
        assert calendar.working_minutes_between(start, end - timedelta(microseconds=1), stops) == m - 1


@given(calendars, st.tuples(instants, instants, instants), pauses)
def test_open_time_adds_up(calendar, three, stops):
    a, b, c = sorted(three)
    parts = calendar.open_time_between(a, b, stops) + calendar.open_time_between(b, c, stops)
    assert calendar.open_time_between(a, c, stops) == parts


@given(calendars, instants, minutes, minutes)
def test_minutes_add_up(calendar, start, m, n):
    way = due(calendar.add_working_minutes(start, m))
    assert due(calendar.add_working_minutes(way, n)) == due(calendar.add_working_minutes(start, m + n))


@given(calendars, instants, days, st.integers(1, 30))
def test_an_open_pause_stops_it_or_comes_too_late(calendar, start, n, after):
    began = start + after * DAY
    end = due(calendar.add_working_days(start, n))
    assert calendar.add_working_days(start, n, [Pause(began, None)]).due == (end if end <= began else None)


@given(calendars, instants)
def test_the_next_opening_is_open_and_the_first(calendar, instant):
    opens = calendar.next_opening(instant)
    assert calendar.is_open(opens)
    assert opens >= instant
    assert calendar.working_minutes_between(instant, opens) == 0
    assert calendar.is_open(instant) is (opens == instant)


@settings(max_examples=50)
@given(calendars, instants, days, pauses)
def test_steps_tell_every_day_once_and_as_many_working_days_as_promised(calendar, start, n, stops):
    deadline = calendar.add_working_days(start, n, stops)
    told = [step.day for step in deadline.steps]
    assert told[0] == start.astimezone(WIB).date()
    assert told[-1] == due(deadline).astimezone(WIB).date()
    assert told == [told[0] + number * DAY for number in range(len(told))]
    assert all(step.note for step in deadline.steps)
    if n:
        assert sum(step.kind == "working" for step in deadline.steps) == n
    arrived = pickle.loads(pickle.dumps(deadline))
    assert (arrived.due, arrived.steps) == (deadline.due, deadline.steps)


@settings(max_examples=100, deadline=None)
@given(calendars, instants, st.integers(1, 15), pauses)
def test_agrees_with_counting_closings_one_day_at_a_time(calendar, start, n, stops):
    """The rule of the page in its plainest form: walk the days, look whether any pause holds the closing."""
    local = start.astimezone(WIB)
    day = local.date()
    hours = calendar.hours_on(day)
    if calendar.receipt_after_closing == "next_day" and (not hours or local.time() >= hours[-1][1]):
        day += DAY
        while not calendar.hours_on(day):
            day += DAY
    counted = 0
    while counted < n:
        day += DAY
        hours = calendar.hours_on(day)
        if hours:
            closing = datetime.combine(day, hours[-1][1], WIB)
            counted += not any(stop.starts < closing <= stop.ends for stop in stops)
    assert due(calendar.add_working_days(start, n, stops)) == closing


@settings(max_examples=30, deadline=None)
@given(calendars, instants, st.integers(1, 1_000), pauses)
def test_agrees_with_counting_minutes_one_by_one(calendar, start, m, stops):
    now, counted = start.astimezone(WIB), 0
    while counted < m:
        open_now = any(opens <= now.time() < closes for opens, closes in calendar.hours_on(now.date()))
        counted += open_now and not any(stop.starts <= now < stop.ends for stop in stops)
        now += MINUTE
        assume(now - start < 40 * DAY)
    assert due(calendar.add_working_minutes(start, m, stops)) == now


@given(calendars)
def test_a_calendar_travels(calendar):
    arrived = pickle.loads(pickle.dumps(calendar))
    assert arrived == calendar
    assert hash(arrived) == hash(calendar)
    start = datetime(2026, 3, 16, 3, tzinfo=UTC)
    assert arrived.add_working_days(start, 5) == calendar.add_working_days(start, 5)
