"""Whether a service's process fits what service.toml binds it to, and is one that the site carries out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pendapa.regency.bill_checks import variables_of_decisions
from pendapa.regency.faults import FaultLog, nearest, take_over
from pendapa.regency.organisation import Organisation
from pendapa.regency.service import Draft

if TYPE_CHECKING:
    from pendapa.processes import Element, Process

BOUND_BY: Mapping[str, str] = {
    "user": "tasks",
    "manual": "tasks",
    "receive": "waits",
    "message": "waits",
    "service": "effects",
    "send": "effects",
    "boundary": "timers",
    "timer": "timers",
    "end": "ends",
    "terminate": "ends",
}
"""Which tables of service.toml bind which kinds of elements."""
RUN_BY_THE_SITE = frozenset(
    {"start", "plain", "exclusive", "parallel", "inclusive", "event", "rule", *BOUND_BY}
)
"""Kinds of elements that the site knows how to carry out; the engine alone takes more."""
NOUNS = {
    "tasks": "user task",
    "waits": "message catch",
    "effects": "service task",
    "timers": "timer",
    "ends": "end event",
}


def load_drawn(draft: Draft, log: FaultLog) -> Process | None:
    from pendapa.processes import ProcessRefused, load_process

    if draft.process_source is None:
        return None
    where = f"{draft.place}/{draft.definition.process}"
    try:
        process = load_process(draft.process_source, name=draft.definition.process, tables=draft.tables)
    except ProcessRefused as refused:
        take_over(where, refused.faults, log.fault)
        return None
    take_over(where, process.warnings, log.warn)
    return process


def _not_run_yet(element: Element) -> str:
    """What of an element the engine takes and the site does not, in words; empty when it does."""
    if element.kind not in RUN_BY_THE_SITE:
        return f'elements of the kind "{element.kind}"'
    if element.kind == "boundary" and element.timer is None:
        return "boundary events other than timers"
    if element.kind == "receive" and element.message is None:
        return "receive tasks without a message"
    if element.kind == "rule" and element.rule is None:
        return "business rules whose decision table is not in the folder"
    return "multi-instance tasks" if element.loop is not None else ""


def check_process(draft: Draft, process: Process, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    at = draft.toml
    drawn = f"{draft.place}/{definition.process}"
    for table, noun in NOUNS.items():
        bindings: Mapping[str, Any] = getattr(definition, table)
        there = {e.id: e for e in process.elements.values() if BOUND_BY.get(e.kind) == table}
        for name in bindings.keys() - there.keys():
            right = nearest(
                name, there, f"use the id of a {noun}" if there else f"remove the table [{table}.{name}]"
            )
            log.fault(f"{at}:[{table}.{name}]", f'{definition.process} has no {noun} "{name}"', right)
        for name in there.keys() - bindings.keys():
            label = f' "{there[name].name}"' if there[name].name else ""
            log.fault(
                f"{drawn}:{name}", f"the {noun}{label} is not bound", f"add [{table}.{name}] to service.toml"
            )
    for drawn_element in process.elements.values():
        if trouble := _not_run_yet(drawn_element):
            log.fault(
                f"{drawn}:{drawn_element.label}",
                f"the site does not carry out {trouble} yet",
                "draw it with tasks, gateways, message catches and timers",
            )
    for name, wait in definition.waits.items():
        element = process.elements.get(name)
        if element is not None and element.message is not None and element.message.name != wait.message:
            log.fault(
                f"{at}:[waits.{name}].message",
                f'the process waits for "{element.message.name}", not "{wait.message}"',
                f'write message = "{element.message.name}"',
            )
    if not process.start:
        right = "draw one without message, timer or signal"
        log.fault(drawn, "the process has several start events, and none that is plain", right)
    known = {*_variables(draft), *variables_of_decisions(process)}
    _check_order(draft, process, known, log)
    for element in process.elements.values():
        for flow in element.outgoing:
            for variable in sorted((flow.condition.inputs if flow.condition else frozenset()) - known):
                right = nearest(variable, known, "set it in [variables], as a task's result or in sets")
                log.fault(
                    f"{drawn}:{flow.id}", f'the condition reads "{variable}", which nothing sets', right
                )
                known.discard(variable)
        # A service against decisions follows the agency that decided: its lanes name roles, not one agency.
        if element.lane and definition.against is None and not organisation.names_agency(element.lane):
            where = f"{drawn}:{element.id}"
            log.warn(
                where, f'the lane "{element.lane}" names no agency', "name it by an agency's code or name"
            )
    on_flows = {
        v for e in process.elements.values() for f in e.outgoing if f.condition for v in f.condition.inputs
    }
    for variable in sorted(process.reads - on_flows - known):
        right = nearest(variable, known, "set it in [variables], as a task's result or in sets")
        log.fault(drawn, f'the process reads "{variable}", which nothing sets', right)


def _check_order(draft: Draft, process: Process, known: set[str], log: FaultLog) -> None:
    """Warn of variables that are set, but not before they are read."""
    from pendapa.processes import unset_reads

    definition = draft.definition
    sets: dict[str, Iterable[str]] = {name: task.sets(name) for name, task in definition.tasks.items()}
    sets |= {name: wait.sets for name, wait in definition.waits.items()}
    sets |= {name: effect.sets for name, effect in definition.effects.items()}
    # What nothing sets at all is a fault of its own.
    given = {*definition.variables, *(process.reads - known)}
    take_over(f"{draft.place}/{definition.process}", unset_reads(process, given, sets), log.warn)


def _variables(draft: Draft) -> Iterable[str]:
    definition = draft.definition
    yield from definition.variables
    for name, task in definition.tasks.items():
        yield from task.sets(name)
    for wait in definition.waits.values():
        yield from wait.sets
    for effect in definition.effects.values():
        yield from effect.sets
