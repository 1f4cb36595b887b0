"""A case whose process has no way on: the action that led there keeps nothing, and the case is marked for mending.

The state of the process is as it was before the action, so its tasks stay open. The mark goes with the next action that
the process can follow, or when the case is moved to a mended version of its service. The engine's own words may quote
variables, so neither the log nor the event repeats them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from pendapa.web.cases.models import Case
from pendapa.web.cases.work import CaseStuck, CaseWork, locked_case

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def marks_stuck(action: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Around an action's own transaction: when it ends in CaseStuck, mark the case in a transaction of its own."""

    @wraps(action)
    def run(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        try:
            return action(*given, **named)
        except CaseStuck as stuck:
            _mark(stuck)
            raise

    return run


@transaction.atomic
def _mark(stuck: CaseStuck) -> None:
    case = locked_case(stuck.case_id)
    if case.status == Case.Status.STUCK or not case.is_open:
        return
    work = CaseWork(case, now=stuck.now, actor=stuck.actor)
    case.status = Case.Status.STUCK
    work.event("case.stuck", places=list(stuck.places))
    work.save()
