"""Office hours of a week in one season, and which season rules a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from pendapa.calendars.faults import CalendarRefused, Fault

Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Week:
    """Office hours by weekday (0 = Monday .. 6 = Sunday) from `starts` to `ends`, both included.

    None leaves that end open. A weekday that is not in `hours` is no working day. Several pairs make a break.
    Raises CalendarRefused for hours that are backward, overlap or name no weekday.
    """

    starts: date | None
    ends: date | None
    hours: Mapping[int, Hours]

    def __post_init__(self) -> None:
        faults = []
        if self.starts is not None and self.ends is not None and self.ends < self.starts:
            wrong = f"the season ends on {self.ends} before it starts on {self.starts}"
            faults.append(Fault("week", wrong, "swap the two dates"))
        for weekday, hours in self.hours.items():
            if weekday not in range(7):
                faults.append(Fault("week", f"{weekday} is not a weekday", "0 is Monday and 6 is Sunday"))
            faults.extend(
                Fault(f"week, weekday {weekday}", wrong, right) for wrong, right in hour_faults(hours)
            )
        if faults:
            raise CalendarRefused(faults)
        ordered = {weekday: tuple(sorted(pairs)) for weekday, pairs in sorted(self.hours.items()) if pairs}
        object.__setattr__(self, "hours", ordered)

    def __hash__(self) -> int:
        return hash((self.starts, self.ends, tuple(self.hours.items())))

    def covers(self, day: date) -> bool:
        """Whether the day lies in this season."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    @property
    def precision(self) -> int:
        """How narrow the season is: 2 with both ends, 1 with one, 0 for the whole of time."""
        return (self.starts is not None) + (self.ends is not None)

    def overlaps(self, other: Week) -> bool:
        """Whether the two seasons share a day."""
        return (self.starts is None or other.ends is None or self.starts <= other.ends) and (
            other.starts is None or self.ends is None or other.starts <= self.ends
        )


def hour_faults(hours: Sequence[tuple[time, time]]) -> list[tuple[str, str]]:
    """What is wrong with the hours of one day, as (wrong, right)."""
    faults = [
        (
            f"closes {closes:%H:%M} is not after opens {opens:%H:%M}",
            "give a closing time later on the same day",
        )
        for opens, closes in hours
        if closes <= opens
    ]
    for (opens, closes), (again, _) in pairwise(sorted(hours)):
        if again < closes:
            wrong = f"{again:%H:%M} opens before the hours {opens:%H:%M}-{closes:%H:%M} have closed"
            faults.append((wrong, "let one end before the next begins"))
    return faults


def order_weeks(weeks: Sequence[Week]) -> tuple[Week, ...]:
    """The weeks with the narrowest season first, so that the first that covers a day rules it.

    Raises CalendarRefused when two equally narrow seasons share a day, as neither would win.
    """
    faults = []
    for index, week in enumerate(weeks):
        for other in weeks[:index]:
            if week.precision == other.precision and week.overlaps(other):
                wrong = f"the seasons {season_name(other)} and {season_name(week)} share days"
                faults.append(Fault("weeks", wrong, "let one end before the other starts"))
    if faults:
        raise CalendarRefused(faults)
    return tuple(sorted(weeks, key=lambda week: -week.precision))


def season_name(week: Week) -> str:
    """A season by its dates."""
    return f"{week.starts or 'always'}..{week.ends or 'always'}"
