"""Times in which the clock of a case stands still: waiting for the applicant, for payment, for others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """From `starts` (included) to `ends` (not included); `ends` None: the pause still runs.

    Both are aware datetimes. `reason` is a plain phrase shown to the applicant. A pause that ends when it
    starts is empty and changes nothing. Raises ValueError when it ends before it starts.
    """

    starts: datetime
    ends: datetime | None
    reason: str = ""

    def __post_init__(self) -> None:
        require_aware(self.starts)
        if self.ends is not None:
            require_aware(self.ends)
            if self.ends < self.starts:
                wrong = (
                    f"A pause ends at {self.ends.isoformat()} before it starts at {self.starts.isoformat()}"
                )
                raise ValueError(f"{wrong}; swap the two.")


def require_aware(instant: datetime) -> None:
    """Refuse a datetime without offset: two zones would give two deadlines."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no offset; give an aware datetime.")


def merge(pauses: Iterable[Pause]) -> list[tuple[datetime, datetime | None]]:
    """The pauses in UTC as sorted spans that neither touch nor overlap; empty ones are left out."""
    spans: list[tuple[datetime, datetime | None]] = []
    for pause in sorted(pauses, key=lambda pause: pause.starts):
        starts = pause.starts.astimezone(UTC)
        ends = None if pause.ends is None else pause.ends.astimezone(UTC)
        if ends is not None and ends <= starts:
            continue
        if spans:
            first, last = spans[-1]
            if last is None:
                break
            if starts <= last:
                spans[-1] = (first, None if ends is None else max(last, ends))
                continue
        spans.append((starts, ends))
    return spans
