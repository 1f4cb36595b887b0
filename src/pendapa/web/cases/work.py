"""One transaction's work on one case: apply what the process engine brought about, and write everything once.

Every action makes a CaseWork (the case's row is locked), calls `event` and `apply`, and ends with `save`. Nothing here
decides whether the actor may do it: that is the action's first line.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from pendapa.expressions import Value
from pendapa.processes import (
    FinishEffect,
    Outcome,
    ProcessStuck,
    State,
    Step,
    Token,
    advance,
    open_messages,
    start,
)
from pendapa.processes.state import value_from_json, value_to_json
from pendapa.regency.definition import EffectBinding, TaskBinding
from pendapa.web.cases.clock import as_pauses, clock_of, deadline, end_of_day
from pendapa.web.cases.facts import keep_fact, note_finished_stage
from pendapa.web.cases.first_case import link_of, position_for, position_of_first_case
from pendapa.web.cases.models import OPEN_STATES, Case, CaseLink, Handover, Pause, Task, TimerRow, TokenRow
from pendapa.web.cases.prepared import case_by_key
from pendapa.web.cases.refusals import Refused
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.events.chain import Actor, append
from pendapa.web.events.models import Event
from pendapa.web.notifications.actions import messages_for
from pendapa.web.organisation.access import calendar_of
from pendapa.web.organisation.models import Position
from pendapa.web.rows import RowChanges, read

logger = logging.getLogger(__name__)
_SAFETY = timedelta(days=3650)


class CaseStuck(Refused):
    """The process has no way on from here. `places` are the elements where the case stands, as before the step."""

    def __init__(self, case_id: int, places: Sequence[str], actor: Actor, now: datetime) -> None:
        super().__init__(
            _(
                "Langkah ini belum bisa diteruskan karena ada kesalahan pada alur layanan. Belum ada yang berubah. "
                "Administrator perlu memperbaiki alurnya dahulu; sesudah itu coba lagi."
            )
        )
        self.case_id = case_id
        self.places = tuple(places)
        self.actor = actor
        self.now = now
        logger.error(
            "the process of case %s has no way on from %s", case_id, ", ".join(places) or "its start"
        )


class CaseWork:
    """The unit of work. Create it with the case's row locked (or just made), inside a transaction."""

    def __init__(self, case: Case, *, now: datetime, actor: Actor, fresh: bool = False) -> None:
        self.case = case
        self.now = now
        self.actor = actor
        self.ready: Ready = ready(case.version_id)
        self.fresh = fresh
        self.events: list[Event] = []
        self.new_tasks: list[Task] = []
        self.new_timers: list[TimerRow] = []
        self.new_handovers: list[Handover] = []
        self.pauses: list[Pause] = (
            [] if fresh else read(Pause, "WHERE case_id = $1 ORDER BY starts_at", [case.pk])
        )
        self.tokens: dict[int, TokenRow] = {}
        if not fresh:
            self.tokens = {t.instance: t for t in read(TokenRow, "WHERE case_id = $1", [case.pk])}
        self._tokens_read = {t.pk: _standing(t) for t in self.tokens.values()}
        self.changes = RowChanges()  # rows of other tables that an action writes together with the case's own
        self.returned = False
        self._link: CaseLink | None = None
        self.deemed: list[tuple[int, str]] = []  # effects the worker must perform: issue a deemed decision

    # --- reading ---------------------------------------------------------------------------------
    @property
    def state(self) -> State:
        """The engine's view of the case's rows."""
        return state_of(self.case, sorted(self.tokens.values(), key=lambda row: row.instance))

    @property
    def open_pause(self) -> Pause | None:
        return next((p for p in self.pauses if p.ends_at is None), None)

    @property
    def link(self) -> CaseLink | None:
        """What the case follows from, where its service is one against decisions; set by who makes a fresh case."""
        if self._link is None and self.ready.definition.against is not None and not self.fresh:
            self._link = link_of(self.case)
        return self._link

    @link.setter
    def link(self, link: CaseLink) -> None:
        self._link = link

    def position_of(self, binding: TaskBinding | EffectBinding) -> Position:
        """The position that a binding names. Raises LookupError."""
        if binding.of_first_case is None or self.link is None:
            return position_for(
                binding.position, getattr(binding, "role", ""), getattr(binding, "agency", "")
            )
        return position_of_first_case(self.link, binding.of_first_case)

    def listens(self) -> list[str]:
        """Elements at which the case waits for a message, also beside others behind an event-based gateway."""
        return [m.element for m in open_messages(self.ready.process, self.state)]

    # --- writing ---------------------------------------------------------------------------------
    def event(self, kind: str, *, agency: str | None = None, **data: Any) -> None:
        """Append one event to the case's chain."""
        self.events.append(
            append(
                self.case,
                kind,
                now=self.now,
                recorded_at=timezone.now(),
                actor=self.actor,
                agency=agency if agency is not None else self.case.agency.code,
                data=data,
            )
        )

    def begin(self, variables: Mapping[str, Value]) -> None:
        """Start the process of a fresh case. Raises CaseStuck."""
        try:
            outcome = start(self.ready.process, variables)
        except ProcessStuck as error:
            raise CaseStuck(self.case.pk, (), self.actor, self.now) from error
        self.apply(outcome)

    def step(self, step: Step) -> None:
        """Advance the process by one step. Raises CaseStuck, and StepImpossible for what the case does not wait for."""
        try:
            outcome = advance(self.ready.process, self.state, step)
        except ProcessStuck as error:
            places = sorted({token.element for token in self.tokens.values()})
            raise CaseStuck(self.case.pk, places, self.actor, self.now) from error
        self.apply(outcome)

    def apply(self, outcome: Outcome) -> None:
        """Turn what the engine says into rows."""
        self.case.serial = outcome.state.serial
        self.case.variables = {name: value_to_json(value) for name, value in outcome.state.variables.items()}
        self._replace_tokens(outcome)
        self._close_tasks(outcome)
        self._open_tasks(outcome)
        self._begin_clock(outcome)
        self._settle_clock()
        self._set_timers(outcome)
        if outcome.ended:
            self._end(outcome.end)
        else:
            self.case.status = self._status()
        for effect in outcome.effects:
            self._perform(effect.instance, effect.element)

    def _replace_tokens(self, outcome: Outcome) -> None:
        rows: dict[int, TokenRow] = {}
        for token in outcome.state.tokens:
            row = self.tokens.get(token.id) or TokenRow(case=self.case, instance=token.id)
            row.element, row.scope, row.waiting = token.element, token.scope, token.waiting
            row.detail = dict(token.detail)
            rows[token.id] = row
        self.tokens = rows

    def _close_tasks(self, outcome: Outcome) -> None:
        tasks = self.ready.definition.tasks  # a receive task is a wait: it has no row
        cancelled = [c for c in outcome.closed if c.how == "cancelled" and c.element in tasks]
        if not cancelled:
            return
        Task.objects.filter(
            case=self.case, instance__in=[c.instance for c in cancelled], status=Task.Status.OPEN
        ).update(status=Task.Status.CANCELLED, done_at=self.now)
        for closed in cancelled:
            self.event("task.cancelled", element=closed.element)

    def _open_tasks(self, outcome: Outcome) -> None:
        for opened in outcome.opened:
            if opened.element in self.ready.definition.waits:
                continue
            binding = self.ready.definition.tasks[opened.element]
            position = self.position_of(binding)
            due = deadline(calendar_of(position.agency.code), self.now, binding.deadline).due
            self.new_tasks.append(
                Task(
                    case=self.case,
                    instance=opened.instance,
                    element=opened.element,
                    kind=binding.kind,
                    position=position,
                    agency=position.agency,
                    service_id=self.case.service_id,
                    district=self.case.district,
                    returned=self.returned,
                    opened_at=self.now,
                    due_at=due or self.now + _SAFETY,
                )
            )
            self.event(
                "task.opened", agency=position.agency.code, element=opened.element, position=position.code
            )

    def _begin_clock(self, outcome: Outcome) -> None:
        """A message that a wait with a clock of its own heard begins that clock."""
        for element in outcome.passed:
            wait = self.ready.definition.waits.get(element)
            if wait is not None and wait.clock is not None:
                note_finished_stage(self)
                self.case.clock_since = self.now
                self.case.clock_value, self.case.clock_unit = wait.clock.value, wait.clock.unit
                self.event("clock.begun", element=element)

    def _settle_clock(self) -> None:
        """Open or close the pause that the waiting messages ask for, and recompute what falls due."""
        bindings = self.ready.definition.waits
        wanted = next(
            (bindings[e].pause for e in self.listens() if e in bindings and bindings[e].pause != "none"), None
        )
        pause = self.open_pause
        if pause is not None and wanted != pause.reason:
            pause.ends_at = self.now
            pause.save(update_fields=["ends_at"])
            self.event("clock.resumed", reason=pause.reason)
            pause = None
        if wanted is not None and pause is None:
            pause = Pause(case=self.case, reason=wanted, starts_at=self.now)
            if not self.fresh:
                pause.save()
            self.pauses.append(pause)
            self.event("clock.paused", reason=wanted)
        self.recompute_due()

    def recompute_due(self) -> None:
        """Set the case's due time from its clock, its calendar and its pauses, and the timers that follow it."""
        before = self.case.due_at
        calendar = calendar_of(self.case.agency.code)
        since, clock = clock_of(self.case, self.ready.definition)
        self.case.due_at = deadline(calendar, since, clock, as_pauses(self.pauses, since)).due
        if not self.fresh and self.case.due_at != before:
            TimerRow.objects.filter(case=self.case, status="set", follows_case=True).update(
                due_at=self.case.due_at
            )

    def _set_timers(self, outcome: Outcome) -> None:
        if outcome.timers_gone:
            TimerRow.objects.filter(case=self.case, timer__in=outcome.timers_gone, status="set").update(
                status="gone"
            )
            self.new_timers = [t for t in self.new_timers if t.timer not in outcome.timers_gone]
        for timer in outcome.timers:
            row = TimerRow(
                case=self.case,
                instance=timer.task or 0,
                timer=timer.instance,
                element=timer.element,
                follows_case=self.ready.definition.timers[timer.element].due == "case",
                set_at=self.now,
            )
            row.due_at = self.due_of(row)
            self.new_timers.append(row)

    def due_of(self, row: TimerRow) -> datetime | None:
        """When a timer falls due: with the case, or after a length of its own; to the end of the day where it limits
        the applicant's own period."""
        binding = self.ready.definition.timers[row.element]
        if binding.due == "case":
            return self.case.due_at
        if binding.due == "bill":
            from pendapa.web.payments.access import open_bill

            bill = open_bill(self.case)
            return bill.valid_until if bill else None
        due = deadline(calendar_of(self.case.agency.code), row.set_at or self.now, binding.due).due
        pause = self.open_pause
        limits_period = row.instance == 0 and pause is not None and pause.reason == "own_period"
        return end_of_day(due) if due is not None and limits_period else due

    def _status(self) -> str:
        waiting = {t.waiting for t in self.tokens.values()}
        if "task" in waiting or "effect" in waiting:
            return Case.Status.IN_PROGRESS
        pause = self.open_pause
        if pause is not None and pause.reason == "applicant":
            return Case.Status.WAITING_APPLICANT
        if pause is not None and pause.reason == "payment":
            return Case.Status.WAITING_PAYMENT
        if pause is not None and pause.reason == "outside":
            return Case.Status.WAITING_OUTSIDE
        if pause is not None and pause.reason == "own_period":
            return Case.Status.OWN_PERIOD
        return Case.Status.IN_PROGRESS

    def _end(self, end: str | None) -> None:
        binding = self.ready.definition.ends[end or ""]
        self.finish(binding.outcome, end or "")

    def finish(self, outcome: str, end: str = "") -> None:
        """Close the case with an outcome; what is still open is cancelled."""
        from pendapa.web.cases.new_decisions import tell_first_case

        pause = self.open_pause
        if pause is not None:
            pause.ends_at = self.now
            pause.save(update_fields=["ends_at"])
        self.case.status = outcome
        self.case.ended_at = self.now
        self.case.correction = None
        if not self.fresh:
            Task.objects.filter(case=self.case, status=Task.Status.OPEN).update(
                status=Task.Status.CANCELLED, done_at=self.now
            )
            TimerRow.objects.filter(case=self.case, status="set").update(status="gone")
        if any(effect.run == "bill" for effect in self.ready.definition.effects.values()):
            from pendapa.web.payments.actions import cancel_bill

            cancel_bill(self)
        self.tokens, self.new_timers = {}, []
        self.event("case.ended", outcome=outcome, end=end)
        if self.link is not None:
            tell_first_case(self, self.link)

    def _perform(self, instance: int, element: str) -> None:
        from pendapa.web.cases.new_decisions import open_new_decision

        binding = self.ready.definition.effects[element]
        if binding.run == "handover":
            self.new_handovers.append(
                Handover(
                    case=self.case,
                    instance=instance,
                    element=element,
                    adapter=binding.adapter,
                    created_at=self.now,
                    next_try_at=self.now,
                )
            )
            self.event("handover.queued", element=element, adapter=binding.adapter)
        elif binding.run == "issue_deemed":
            self.deemed.append((instance, element))
        elif binding.run == "new_decision":
            open_new_decision(self, element)
            self.step(FinishEffect(element, instance))
        elif binding.run == "bill":
            from pendapa.web.payments.actions import issue_bill

            self.step(FinishEffect(element, instance, issue_bill(self, element)))
        else:
            self.step(FinishEffect(element, instance))

    def save(self) -> None:
        """Write the rows, by one statement; what leaves the database is enqueued in the same transaction."""
        from pendapa.web.cases.tasks import follow_up

        if self.fresh:
            self.changes.insert([self.case])
            self._insert(self.pauses)
        else:
            self.changes.update(Case, [self.case.pk], _changed_since_read(self.case))
        self._write_tokens()
        for rows in (self.new_tasks, self.new_timers, self.new_handovers, self.events):
            self._insert(rows)
        keep_fact(self)
        self._insert(messages_for(self.case, self.events, now=self.now))
        self.changes.write()
        follow_up(self)

    def _insert(self, rows: Sequence[Any]) -> None:
        for row in rows:
            row.case_id = self.case.pk
        self.changes.insert(rows)

    def _write_tokens(self) -> None:
        standing = {row.pk for row in self.tokens.values() if row.pk is not None}
        self.changes.delete(TokenRow, [key for key in self._tokens_read if key not in standing])
        for row in self.tokens.values():
            if row.pk is not None and _standing(row) != self._tokens_read[row.pk]:
                self.changes.update(TokenRow, [row.pk], _standing(row))
        self._insert([row for row in self.tokens.values() if row.pk is None])


def state_of(case: Case, tokens: Iterable[TokenRow]) -> State:
    """The engine's view of a case and its tokens, which come in the order of their numbers."""
    rows = tuple(
        Token(row.instance, row.element, row.scope, row.waiting, row.detail)  # type: ignore[arg-type]
        for row in tokens
    )
    variables = {name: value_from_json(value) for name, value in case.variables.items()}
    return State(tokens=rows, variables=variables, serial=case.serial)


def _standing(row: TokenRow) -> dict[str, Any]:
    """What may change of a token's row."""
    return {"element": row.element, "scope": row.scope, "waiting": row.waiting, "detail": row.detail}


_COLUMNS = tuple(f.attname for f in Case._meta.concrete_fields if not f.primary_key)


def _as_it_is(case: Case) -> dict[str, Any]:
    values = {name: case.__dict__[name] for name in _COLUMNS}
    return values | {name: deepcopy(v) for name, v in values.items() if isinstance(v, dict | list)}


def _changed_since_read(case: Case) -> dict[str, Any]:
    """The columns of a case that differ from what `locked_case` read."""
    read: dict[str, Any] = case.as_read  # type: ignore[attr-defined]
    return {name: value for name, value in case.__dict__.items() if name in read and read[name] != value}


def locked_case(case_id: int) -> Case:
    """The case with its row locked until the transaction ends."""
    case = case_by_key(case_id, lock=True)
    case.as_read = _as_it_is(case)  # type: ignore[attr-defined]
    return case


def is_over(case: Case) -> bool:
    """Whether the case has come to its end."""
    return case.status not in OPEN_STATES
