"""Which version of its service a case ran on before: what was done then is read by the rules of then."""

from __future__ import annotations

from datetime import datetime

from pendapa.web.cases.migrating import Way
from pendapa.web.cases.models import Case, Task
from pendapa.web.cases.move_rows import MovedCase
from pendapa.web.catalogue.definitions import Ready, ready


def made_of(case: Case, task: Task) -> Ready:
    """The version under which a task was done; of an open one, the present version."""
    return ready(_versions(case)[_place(case, task)])


def element_now(case: Case, task: Task) -> str:
    """What the present version calls the step at which a task was done: there its letters look for the findings."""
    place, versions = _place(case, task), _versions(case)
    element = task.element
    if place == len(versions) - 1:
        return element
    moved = MovedCase.objects.filter(case=case, status=MovedCase.Status.MOVED).select_related("run")
    given = {(row.run.before_id, row.run.after_id): row.run.given for row in moved}
    for before, after in zip(versions[place:-1], versions[place + 1 :], strict=True):
        way = Way(before, after, tuple(sorted(given.get((before, after), {}).items())))
        element = way.node_map.to.get(element, element)
    return element


def made_at_first(case: Case) -> Ready:
    """The version under which the application was sent."""
    return ready(_versions(case)[0])


def _versions(case: Case) -> list[int]:
    return [*(version_id for version_id, _left_at in case.earlier), case.version_id]


def _place(case: Case, task: Task) -> int:
    """Which of the case's versions a task was done under."""
    done_at = task.done_at
    for place, (version_id, left_at) in enumerate(case.earlier):
        early = done_at is not None and done_at <= datetime.fromisoformat(left_at)
        if early and task.element in ready(version_id).definition.tasks:
            return place
    return len(case.earlier)
