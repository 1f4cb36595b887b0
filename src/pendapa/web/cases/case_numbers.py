"""Keys and numbers of new cases."""

from __future__ import annotations

from datetime import datetime

from pendapa.web.catalogue.definitions import Ready
from pendapa.web.organisation.access import local_day
from pendapa.web.rows import run


def case_number(made: Ready, running: int, now: datetime) -> str:
    """How a case is called: 'KB-2026-000123'."""
    prefix = made.definition.number_prefix or made.definition.code
    return f"{prefix}-{local_day(now).year}-{running:06d}"


def next_case(made: Ready, now: datetime) -> tuple[int, str]:
    """Key and number of a case that follows from no draft."""
    key, running = run("SELECT nextval('cases_case_id_seq'), nextval('case_number')", [])
    return key, case_number(made, running, now)
