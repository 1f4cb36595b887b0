"""Checks of a service that is lodged against the decision of another case, and of letters that name that remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pendapa.regency.definition import Duration
from pendapa.regency.faults import FaultLog
from pendapa.regency.letters import FIRST_CASE_FIELDS, REMEDY_FIELDS, field_names
from pendapa.regency.service import Draft


def check_of_first_case(at: str, binding: Any, draft: Draft, log: FaultLog) -> None:
    """A position named by what it had to do with the first case: only where there is one, and never named twice."""
    if binding.of_first_case is None:
        return
    if draft.definition.against is None:
        log.fault(f"{at}.of_first_case", "the service has no first case", "name a position, or add [against]")
    if binding.position or getattr(binding, "role", ""):
        log.fault(f"{at}.of_first_case", "the officer is named twice", "keep one of them")


def check_against(draft: Draft, log: FaultLog) -> None:
    """What a service with a first case needs, and what only such a service may use."""
    definition = draft.definition
    at = draft.toml
    if definition.against is not None and not definition.against.outcomes:
        log.fault(
            f"{at}:[against].outcomes", "is empty", 'write the outcomes objected to, such as ["refused"]'
        )
    on_time = any(timer.due == "case" for timer in definition.timers.values())
    for name, wait in definition.waits.items():
        if wait.pause == "own_period" and not (wait.action_id.strip() and wait.action_en.strip()):
            log.fault(
                f"{at}:[waits.{name}].action_id",
                "the applicant may choose, but nothing stands on the button",
                "write action_id and action_en",
            )
        if wait.clock is not None and wait.clock.silence == "consent" and not on_time:
            log.fault(
                f"{at}:[waits.{name}].clock",
                "silence is consent, but no timer is due with the case",
                'draw a timer with due = "case" that leads to an effect with run = "issue_deemed"',
            )
    for name, effect in definition.effects.items():
        if effect.run == "new_decision" and definition.against is None:
            log.fault(
                f"{at}:[effects.{name}].run", "the service has no first case to decide anew", "add [against]"
            )
        if effect.run == "new_decision" and effect.within is None:
            log.fault(
                f"{at}:[effects.{name}].within",
                "is missing",
                'write by when the new decision follows, such as { value = 5, unit = "working_day" }',
            )


def extra_letter_fields(draft: Draft) -> Iterable[str]:
    """Fields that letters of this service may use besides those of every letter."""
    definition = draft.definition
    yield from REMEDY_FIELDS
    if definition.against is not None:
        yield from FIRST_CASE_FIELDS
    for name, timer in definition.timers.items():
        if isinstance(timer.due, Duration):
            yield f"duration.{name}"
    for name, wait in definition.waits.items():
        if wait.clock is not None:
            yield f"duration.{name}"
    for name, effect in definition.effects.items():
        if effect.within is not None:
            yield f"duration.{name}"


def check_remedies(drafts: Iterable[Draft], log: FaultLog) -> None:
    """A letter may name the period for an objection only where a service of the folder says how long that is."""
    listed = list(drafts)
    if any(draft.definition.against is not None for draft in listed):
        return
    for draft in listed:
        for name, text in draft.letters.items():
            for used in field_names(text, "remedy."):
                log.fault(
                    f"{draft.place}/{name}",
                    f'"{{{{ {used} }}}}" has no value: no service of the folder takes objections',
                    "add a service with [against], or write the period out",
                )
