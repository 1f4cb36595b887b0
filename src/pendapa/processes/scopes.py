"""Sub-processes of a file: who is inside whom, where each begins, and whether each is sound in itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element as Node

from pendapa.processes.checks import check_graph
from pendapa.processes.faults import Fault
from pendapa.processes.model import Element
from pendapa.processes.xmlfile import label_of


def _scopes(main: Node, elements: dict[str, Element]) -> Iterator[tuple[str | None, str, list[Element]]]:
    """The process, then each sub-process: its id (None: the process), its label, what stands in it."""
    inside: dict[str | None, list[Element]] = {None: []}
    inside.update((e.id, []) for e in elements.values() if e.kind in ("subprocess", "handler"))
    for element in elements.values():
        inside.setdefault(element.parent, []).append(element)
    for id_, members in inside.items():
        if id_ is None or id_ in elements:
            yield id_, label_of(main) if id_ is None else elements[id_].label, members


def is_plain_start(element: Element) -> bool:
    """A start event without message, timer or signal."""
    return element.kind == "start" and not (element.message or element.timer or element.signal)


def assemble_scopes(main: Node, elements: dict[str, Element], faults: list[Fault]) -> tuple[str, ...]:
    """Give each sub-process its start and its event sub-processes; returns those of the process itself."""
    of_process: tuple[str, ...] = ()
    for id_, label, members in list(_scopes(main, elements)):
        starts = [e.id for e in members if e.kind == "start"]
        what = "process" if id_ is None else "sub-process"
        # A process may also begin by a message, a timer or a signal; inside it there is one way in.
        rivals = starts if id_ is not None else [e.id for e in members if is_plain_start(e)]
        if not starts and not faults:
            faults.append(Fault(label, f"The {what} has no start event.", "Draw one start event."))
        elif len(rivals) > 1:
            wrong = (
                f"The {what} has {len(rivals)} {'' if id_ else 'plain '}start events: {', '.join(rivals)}."
            )
            faults.append(Fault(label, wrong, "Leave one."))
        handlers = tuple(e.id for e in members if e.kind == "handler")
        if id_ is None:
            of_process = handlers
        else:
            elements[id_] = replace(elements[id_], start="".join(starts[:1]), handlers=handlers)
    for element in elements.values():
        if element.kind == "handler" and (element.incoming or element.outgoing):
            faults.append(
                Fault(element.label, "Flows touch an event sub-process.", "Its start event alone begins it.")
            )
    return of_process


def check_scopes(
    main: Node, elements: dict[str, Element], faults: list[Fault], warnings: list[Fault]
) -> None:
    """Judge the graph of the process and of every sub-process."""
    for id_, label, members in _scopes(main, elements):
        graph = {e.id: e for e in members if e.kind != "handler"}
        starts = [e.id for e in members if e.kind == "start"]
        here: list[Fault] = []
        check_graph(graph, starts, here, warnings)
        for fault in here:
            of_inside = id_ is not None and fault.where == "process"
            wrong = fault.wrong.replace("process", "sub-process")
            faults.append(Fault(label, wrong, fault.right) if of_inside else fault)


def check_event_gateway(element: Element, elements: Mapping[str, Element], faults: list[Fault]) -> None:
    """An event-based gateway leads to events that wait, and to nothing else."""
    if element.kind != "event":
        return
    for flow in element.outgoing:
        target = elements.get(flow.target)
        if target is None:
            continue
        if target.kind not in ("message", "timer", "signal", "receive") or (
            target.kind == "receive" and target.message is None
        ):
            wrong = f"The flow {flow.id} leads to {target.label}, which waits for no event."
            right = "Lead it to a message, timer or signal catch event, or to a receive task with a message."
            faults.append(Fault(element.label, wrong, right))
        elif target.kind == "receive" and (target.boundary or target.loop is not None):
            wrong = f"{target.label} stands behind it and has events on its border or is done more than once."
            faults.append(Fault(element.label, wrong, "Draw a plain receive task."))
