"""Working time: office hours, holidays and pauses to deadlines. See docs/calendars.md."""

from pendapa.calendars.calendar import WorkCalendar
from pendapa.calendars.deadline import Deadline, Step
from pendapa.calendars.faults import CalendarRefused, Fault, NoWorkingTime
from pendapa.calendars.moved import Moved, Term, moved_cases
from pendapa.calendars.pause import Pause
from pendapa.calendars.rows import read_calendar
from pendapa.calendars.week import Week

__all__ = [
    "CalendarRefused",
    "Deadline",
    "Fault",
    "Moved",
    "NoWorkingTime",
    "Pause",
    "Step",
    "Term",
    "Week",
    "WorkCalendar",
    "moved_cases",
    "read_calendar",
]
