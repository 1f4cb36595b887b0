"""A holiday declared late: which cases move, and which do not.

Thursday 26 March 2026 becomes free. Wed 25, Fri 27 and Mon 30 work; 18 to 24 March are free or weekend.
"""

from __future__ import annotations

from datetime import date

import pytest

from pendapa.calendars import Moved, Pause, Term, moved_cases

from .offices import at, office

BEFORE = office()
AFTER = BEFORE.with_free_days({date(2026, 3, 26): "Pemilihan kepala desa"})


def test_the_cases_that_moved_in_their_order() -> None:
    waiting = (Pause(at("2026-03-25 10:00"), at("2026-03-27 09:00")),)
    terms = [
        # due on the 26th itself: now on Friday, which closes at 16:30
        Term("due on the day", at("2026-03-17 10:00"), working_days=2),
        # 17, 25: over before the 26th
        Term("due before", at("2026-03-16 10:00"), working_days=2),
        # 25, 26, 27 become 25, 27, 30
        Term("counts over it", at("2026-03-17 10:00"), working_days=3),
        # day 0 was the 26th, the 27th followed; now day 0 is the 27th
        Term("received on it", at("2026-03-26 10:00"), working_days=1),
        # 25 and 26 close in the pause: 27 either way
        Term("paused over it", at("2026-03-17 10:00"), working_days=1, pauses=waiting),
        Term("still waiting", at("2026-03-17 10:00"), 1, pauses=(Pause(at("2026-03-25 10:00"), None),)),
        # 60 minutes to 16:00 on the 25th and 60 from 07:30 on the next working day
        Term("in minutes", at("2026-03-25 15:00"), working_minutes=120),
        Term("received after it", at("2026-03-27 08:00"), working_minutes=120),
    ]
    assert moved_cases(BEFORE, AFTER, terms) == (
        Moved("due on the day", at("2026-03-26 16:00"), at("2026-03-27 16:30")),
        Moved("counts over it", at("2026-03-27 16:30"), at("2026-03-30 16:00")),
        Moved("received on it", at("2026-03-27 16:30"), at("2026-03-30 16:00")),
        Moved("in minutes", at("2026-03-26 08:30"), at("2026-03-27 08:30")),
    )


def test_a_free_day_more_on_a_weekend_moves_nothing() -> None:
    weekend = BEFORE.with_free_days({date(2026, 3, 28): "Hari jadi"})
    terms = [Term(str(days), at("2026-03-17 10:00"), days) for days in range(20)]
    assert moved_cases(BEFORE, weekend, terms) == ()


@pytest.mark.parametrize("amounts", [{}, {"working_days": 1, "working_minutes": 1}])
def test_one_amount_exactly(amounts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="give one of the two"):
        Term("A", at("2026-03-17 10:00"), **amounts)
