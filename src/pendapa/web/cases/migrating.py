"""One running case goes over to another version of its service, or back.

What was answered stays as it was submitted. Tasks stay open under their numbers; who does them, on which form and until
when follows the version the case is on. Nothing here asks for rights: the actions of `moving` do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from pendapa.processes import (
    Migrated,
    MigrationRefused,
    NodeMap,
    Outcome,
    Reason,
    State,
    migrate,
    open_effects,
    open_tasks,
    open_timers,
    propose_map,
    undo,
)
from pendapa.regency.definition import TaskBinding
from pendapa.web.cases.clock import deadline
from pendapa.web.cases.models import Handover, Task, TimerRow
from pendapa.web.cases.work import CaseWork
from pendapa.web.catalogue.definitions import ready, version_of
from pendapa.web.organisation.access import calendar_of, published_position

TASK_COLUMNS = ("element", "kind", "position_id", "agency_id", "claimed_by_id", "climbed_to_id")
TASK_TIMES = ("claimed_at", "climbed_at", "due_at")


@dataclass(frozen=True)
class Way:
    """From one version of a service to another, with the map between them."""

    before: int
    after: int
    given: tuple[tuple[str, str | None], ...] = ()

    @property
    def node_map(self) -> NodeMap:
        """The proposed map with what the administrator chose. Raises MapRefused."""
        return _node_map(self)


@lru_cache(maxsize=64)
def _node_map(way: Way) -> NodeMap:
    return propose_map(ready(way.before).process, ready(way.after).process, dict(way.given))


def judge(way: Way, state: State) -> Migrated:
    """The case under the other version. Raises MigrationRefused, with reasons of process and service."""
    migrated = migrate(ready(way.before).process, ready(way.after).process, way.node_map, state)
    reasons = tuple(_of_service(way, migrated))
    if reasons:
        from pendapa.processes import Verdict

        raise MigrationRefused(Verdict(reasons))
    return migrated


def _of_service(way: Way, migrated: Migrated) -> Iterator[Reason]:
    """What service.toml says against it: nobody to do a task, another system for what was handed over."""
    old, new = ready(way.before), ready(way.after)
    was = {token.id: token.element for token in migrated.before.tokens}
    for task in open_tasks(new.process, migrated.state):
        if task.kind == "receive":  # waits for a message, not for somebody
            continue
        binding = new.definition.tasks.get(task.element)
        if binding is None or not _somebody(binding):
            yield Reason("no_position", task.element, task.name)
    for effect in open_effects(new.process, migrated.state):
        before = old.definition.effects.get(was.get(effect.instance, ""))
        after = new.definition.effects.get(effect.element)
        if before is not None and (
            after is None or (before.run, before.adapter) != (after.run, after.adapter)
        ):
            yield Reason("adapter_changed", effect.element, effect.name)
    for timer in open_timers(new.process, migrated.state):
        if timer.element not in new.definition.timers:
            yield Reason("no_time", timer.element)


def _who(binding: TaskBinding) -> tuple[str, str, str, str | None]:
    return binding.position, binding.role, binding.agency, binding.of_first_case


def _somebody(binding: TaskBinding) -> bool:
    """Whether a position can be found; one that depends on a first case is looked up when the case is moved."""
    if binding.of_first_case is not None:
        return True
    return published_position(binding.position, binding.role, binding.agency) is not None


def go_over(work: CaseWork, way: Way, migrated: Migrated) -> dict[str, Any]:
    """Move the case; returns the rows as they were, for `go_back`. The caller saves the work."""
    case, now = work.case, work.now
    rows = _rows(work)
    _change_version(work, way.after)
    case.earlier = [*case.earlier, [way.before, now.isoformat()]]
    work.event("case.migrated", before=version_of(way.before).number, after=case.version.number)
    work.apply(migrated.outcome)
    _follow_tasks(work, way, migrated.state)
    _follow_timers(work, way, migrated.state)
    for effect in open_effects(work.ready.process, migrated.state):
        Handover.objects.filter(case=case, instance=effect.instance).update(element=effect.element)
    return rows


def go_back(work: CaseWork, way: Way, old_state: State, rows: dict[str, Any]) -> None:
    """Put a case back that has not moved since. The caller saves the work."""
    case = work.case
    _change_version(work, way.before)
    case.earlier = case.earlier[:-1]
    work.event("case.migration_undone", before=version_of(way.after).number, after=case.version.number)
    timers = {row["timer"]: row for row in rows["timers"]}
    fresh = TimerRow.objects.filter(case=case, status="set").exclude(timer__in=timers)
    state = undo(work.state, old_state)
    outcome = Outcome(state, (), (), (), tuple(fresh.values_list("timer", flat=True)), (), (), False, None)
    work.apply(outcome)
    for row in rows["timers"]:
        due = case.due_at if row["follows_case"] else _moment(row["due_at"])
        TimerRow.objects.filter(case=case, timer=row["timer"]).update(
            status="set", element=row["element"], follows_case=row["follows_case"], due_at=due
        )
    for task in Task.objects.filter(case=case, status=Task.Status.OPEN):
        was = rows["tasks"].get(str(task.instance))
        if was is not None:
            if task.position_id == was["position_id"]:  # whoever took it since keeps it
                was = was | {"claimed_by_id": task.claimed_by_id, "claimed_at": _text(task.claimed_at)}
            changes = {name: was[name] for name in TASK_COLUMNS}
            changes |= {name: _moment(was[name]) for name in TASK_TIMES}
            Task.objects.filter(pk=task.pk).update(**changes)
    for effect in open_effects(work.ready.process, state):
        Handover.objects.filter(case=case, instance=effect.instance).update(element=effect.element)


def _change_version(work: CaseWork, version_id: int) -> None:
    work.case.version_id = version_id
    work.case.version = version_of(version_id)
    work.ready = ready(version_id)


def _rows(work: CaseWork) -> dict[str, Any]:
    tasks = Task.objects.filter(case=work.case, status=Task.Status.OPEN)
    timers = TimerRow.objects.filter(case=work.case, status="set")
    return {
        "tasks": {
            str(task.instance): {name: getattr(task, name) for name in TASK_COLUMNS}
            | {name: _text(getattr(task, name)) for name in TASK_TIMES}
            for task in tasks
        },
        "timers": [
            {
                "timer": row.timer,
                "element": row.element,
                "follows_case": row.follows_case,
                "due_at": _text(row.due_at),
            }
            for row in timers
        ],
    }


def _follow_tasks(work: CaseWork, way: Way, state: State) -> None:
    """Open tasks follow the bindings of the new version: who, until when, of which kind."""
    old, new = ready(way.before).definition, work.ready.definition
    elements = {task.instance: task.element for task in open_tasks(work.ready.process, state)}
    for task in Task.objects.filter(
        case=work.case, status=Task.Status.OPEN, instance__in=elements
    ).select_related("position__agency"):
        before, after = old.tasks[task.element], new.tasks[elements[task.instance]]
        # Who does it is looked up anew only where the binding names somebody else.
        position = task.position if _who(before) == _who(after) else work.position_of(after)
        changes: dict[str, Any] = {"element": elements[task.instance], "kind": after.kind}
        if before.deadline != after.deadline or position.agency_id != task.agency_id:
            due = deadline(calendar_of(position.agency.code), task.opened_at, after.deadline).due
            changes |= {"due_at": due or task.due_at, "climbed_at": None, "climbed_to": None}
        if position.pk != task.position_id:
            changes |= {
                "position": position,
                "agency": position.agency,
                "claimed_by": None,
                "claimed_at": None,
            }
            changes |= {"climbed_at": None, "climbed_to": None}
        if any(getattr(task, name) != value for name, value in changes.items()):
            Task.objects.filter(pk=task.pk).update(**changes)
        if position.pk != task.position_id:
            work.event(
                "task.moved",
                agency=position.agency.code,
                element=elements[task.instance],
                position=position.code,
            )


def _follow_timers(work: CaseWork, way: Way, state: State) -> None:
    """Timers that run on take the new version's names, and its times where it sets others."""
    old, new = ready(way.before).definition, work.ready.definition
    running = {row.timer: row for row in TimerRow.objects.filter(case=work.case, status="set")}
    for timer in open_timers(work.ready.process, state):
        row = running.get(timer.instance)
        if row is None:  # set by this very step
            continue
        before, after = old.timers[row.element], new.timers[timer.element]
        if row.element == timer.element and before.due == after.due:
            continue
        row.element = timer.element
        if before.due != after.due:
            row.follows_case = after.due == "case"
            row.due_at = work.due_of(row)
        row.save(update_fields=["element", "follows_case", "due_at"])


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
