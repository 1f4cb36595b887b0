"""A running case goes on under a new version of its process. See docs/processes.md, "A new version".

Each token keeps its number and its place; only what the new version asks differently is set anew. Where a case
could stop for ever, or skip or repeat work unseen, it is refused with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pendapa.processes.faults import ProcessStuck
from pendapa.processes.game import Run
from pendapa.processes.inside import arm
from pendapa.processes.listening import message_detail, message_row, timer_row
from pendapa.processes.mapping import NodeMap
from pendapa.processes.model import TASKS, Element, Process
from pendapa.processes.reads import reads_at
from pendapa.processes.sections import Edge, Section, sections
from pendapa.processes.state import ClosedTask, Outcome, State, Token
from pendapa.processes.verdicts import Migrated, MigrationRefused, Reason, Verdict, reason
from pendapa.processes.waits import timer_of


def check_migration(old: Process, new: Process, node_map: NodeMap, state: State) -> Verdict:
    """Whether a case at rest in `state` can go over from one version to the other."""
    try:
        return Verdict((), migrate(old, new, node_map, state).warnings)
    except MigrationRefused as refused:
        return refused.verdict


def migrate(old: Process, new: Process, node_map: NodeMap, state: State) -> Migrated:
    """Let a case go on under a new version. Tokens keep their numbers, variables their values. Raises
    MigrationRefused; `state` itself never changes."""
    move = _Move(old, new, node_map, state)
    refusals = tuple(_once(move.refusals()))
    if refusals:
        raise MigrationRefused(Verdict(refusals))
    try:
        outcome = move.play()
    except ProcessStuck as stuck:
        raise MigrationRefused(Verdict((reason("uncomputable", move.at, why=str(stuck)),))) from stuck
    warnings = (*move.warnings, *_unset(new, old.reads, node_map, outcome.state))
    return Migrated(outcome, state, tuple(_once(warnings)))


def undo(migrated: State, before: State) -> State:
    """Back to the state before. Numbers given out since are not given out again."""
    return replace(before, serial=max(before.serial, migrated.serial))


class _Move:
    """One case on its way from one version to the other."""

    def __init__(self, old: Process, new: Process, node_map: NodeMap, state: State) -> None:
        self.old, self.new = old, new
        self.to = node_map.to
        self.state = state
        self.tokens = {token.id: token for token in state.tokens}
        self.warnings: list[Reason] = []
        self.at = new.elements[new.starts[0]]

    # --- whether it can go ---------------------------------------------------------------------------
    def refusals(self) -> Iterator[Reason]:
        if not self.state.tokens:
            yield Reason("ended", self.old.id, self.old.name)
            return
        known = True
        for token in self.state.tokens:
            element = self.old.elements.get(token.element)
            if element is None:
                known = False
                yield Reason("foreign", token.element)
            elif token.waiting != "armed" and element.id not in self.to:
                known = False
                yield reason("unmapped", element)
        if not known:
            return
        for token in self.state.tokens:
            if token.element in self.to:
                yield from self._misplaced(token)
        yield from self._torn_sections()

    def _misplaced(self, token: Token) -> Iterator[Reason]:
        """Another sub-process around it, another way to go through a list, another way into a join."""
        old, new = self.old.elements[token.element], self.new.elements[self.to[token.element]]
        around = old.parent and self.to.get(old.parent)
        if around != new.parent:
            yield reason(
                "scope_changed",
                old,
                old=_label(self.old, old.parent),
                new=_label(self.new, new.parent),
            )
        if (old.process, _called(old)) != (new.process, _called(new)):
            was, now = (e.process if _called(e) is None else _called(e) for e in (old, new))
            yield reason(
                "scope_changed", old, old=f"process {was or self.old.id}", new=f"process {now or self.new.id}"
            )
        if _way_of_loop(old) != _way_of_loop(new):
            yield reason("loop_changed", old)
        if token.waiting == "join" and self._flow(token.detail["flow"], old, new) is None:
            yield reason("join_changed", old)

    def _flow(self, flow: str, old: Element, new: Element) -> str | None:
        """The flow into the new join that continues this one: from the counterpart of its source."""
        sources = [e for e in self.old.elements.values() if any(f.id == flow for f in e.outgoing)]
        source = self.to.get(sources[0].id) if sources else None
        fits = [f.id for f in (self.new.elements[source].outgoing if source else ()) if f.target == new.id]
        if flow in fits:
            return flow
        alike = [f for f in sources[0].outgoing if f.target == old.id] if sources else []
        return fits[0] if len(fits) == len(alike) == 1 else None

    def _torn_sections(self) -> Iterator[Reason]:
        after = {(section.split, section.join): section for section in sections(self.new)}
        before = sections(self.old)
        for token in self.state.tokens:
            if token.waiting == "armed":
                continue
            element = self.old.elements[token.element]
            kept: set[tuple[str, str]] = set()
            for section in before:
                if section.holds(token):
                    counterpart = after.get((self.to.get(section.split, ""), self.to.get(section.join, "")))
                    if counterpart is not None:
                        kept.add((counterpart.split, counterpart.join))
                    changed = self._difference(section, counterpart)
                    if changed is not None:
                        yield reason("section_changed", element, **_ends(self.old, section), **changed)
            moved = replace(token, element=self.to[token.element])
            for key, section in after.items():
                if section.holds(moved) and key not in kept:
                    yield reason("section_entered", element, **_ends(self.new, section))

    def _difference(self, old: Section, new: Section | None) -> dict[str, str] | None:
        """What the new version changes of a section: what came, what went, and both in words. None: nothing."""
        if new is None:
            return {"what": "it is no longer there", "came": "", "went": ""}
        to = self.to
        mapped: Counter[Edge] = Counter()
        for (source, target, how), many in old.edges.items():
            mapped[to.get(source, ""), to.get(target, ""), how] += many
        kinds = [(self.old.elements[i].kind, self.new.elements[to[i]].kind) for i in (old.split, old.join)]
        if mapped == new.edges and all(was == now for was, now in kinds):
            return None
        came = _labels(self.new, new.inside - {to.get(id_, "") for id_ in old.inside})
        went = _labels(self.old, {id_ for id_ in old.inside if to.get(id_) not in new.inside})
        parts = [f"new: {came}"] if came else []
        parts += [f"gone: {went}"] if went else []
        return {"what": "; ".join(parts) or "its paths are joined in another way", "came": came, "went": went}

    # --- going ---------------------------------------------------------------------------------------
    def play(self) -> Outcome:
        """The tokens under the new version. Raises ProcessStuck where a key or time cannot be computed."""
        moved = [self._moved(t) for t in self.state.tokens if t.element in self.to]
        run = Run(self.new, replace(self.state, tokens=tuple(moved)))
        for token in self.state.tokens:
            if token.id not in run.tokens:
                run.timers_gone += [row["instance"] for row in token.detail.get("timers", {}).values()]
                self.warnings.append(reason("listens_no_more", self.old.elements[token.element]))
                continue
            self.at = self.new.elements[run.tokens[token.id].element]
            self._listen(run, token)
        self._arm(run)
        return run.finish()

    def _moved(self, token: Token) -> Token:
        old, new = self.old.elements[token.element], self.new.elements[self.to[token.element]]
        detail = dict(token.detail)
        if token.waiting == "join":
            detail["flow"] = self._flow(detail["flow"], old, new)
        return replace(token, element=new.id, detail=detail)

    def _listen(self, run: Run, token: Token) -> None:
        """What the token waits for, and what it listens for beside that, as the new version has it."""
        old, new = self.old.elements[token.element], self.at
        moved = run.tokens[token.id]
        detail = dict(moved.detail)
        detail |= self._own_wait(run, token, old, new)
        if token.waiting == "effect" and dict(old.detail) != dict(new.detail):
            self.warnings.append(reason("effect_changed", new))
        if token.waiting == "loop" and _text(old.loop and old.loop.over) != _text(new.loop and new.loop.over):
            self.warnings.append(reason("items_kept", new))
        timers, catches = self._beside(run, token, moved)
        for name, rows in (("timers", timers), ("catches", catches)):
            if rows or name in detail:
                detail[name] = rows
        run.tokens[token.id] = replace(moved, detail=detail)

    def _own_wait(self, run: Run, token: Token, old: Element, new: Element) -> dict[str, Any]:
        if token.waiting == "message" and not _same_message(old, new):
            return self._message(run, token.detail, new, token.scope)
        if token.waiting == "signal" and old.signal != new.signal:
            return self._signal(token.detail, new)
        return {}

    def _message(self, run: Run, was: Mapping[str, Any], event: Element, scope: int | None) -> dict[str, Any]:
        row = message_detail(run, event, scope)
        if row["message"] != was["message"]:
            self.warnings.append(reason("message_renamed", event, old=was["message"], new=row["message"]))
        return row

    def _signal(self, was: Mapping[str, Any], event: Element) -> dict[str, Any]:
        if event.signal != was["signal"]:
            self.warnings.append(reason("signal_renamed", event, old=was["signal"], new=event.signal or ""))
        return {"signal": event.signal}

    def _beside(self, run: Run, token: Token, moved: Token) -> tuple[dict[str, Any], dict[str, Any]]:
        """Timers and catches of the events the token listens for. What has not changed runs on; a timer that
        was used up is not set again."""
        timers: dict[str, Any] = {}
        catches: dict[str, Any] = {}
        was_timers = token.detail.get("timers", {})
        was_catches = token.detail.get("catches", {})
        continued = {self.to[id_]: id_ for id_ in _events(self.old, token) if id_ in self.to}
        kept: set[str] = set()
        for id_ in _events(self.new, moved):
            event = self.new.elements[id_]
            old = self.old.elements[continued[id_]] if id_ in continued else None
            kept |= {old.id} if old is not None else set()
            if event.timer is not None:
                if old is not None and old.id not in was_timers:
                    continue
                row = was_timers.get(old.id) if old is not None else None
                if row is None or old is None or not _same_timer(old, event):
                    if row is not None:
                        run.timers_gone.append(row["instance"])
                    row = {"instance": run.number(), **timer_row(run, event, token.scope)}
                    run.timers[row["instance"]] = timer_of(event, moved, row)
                timers[id_] = row
            elif event.message is not None:
                row = was_catches.get(old.id) if old is not None else None
                if row is None:
                    row = message_row(run, event, token.scope)
                elif old is not None and not _same_message(old, event):
                    row = {**row, **self._message(run, row, event, token.scope)}
                catches[id_] = row
            elif event.signal is not None:
                row = was_catches.get(old.id) if old is not None else None
                catches[id_] = {"signal": event.signal} if row is None else self._signal(row, event)
        for id_ in {**was_timers, **was_catches}:
            if id_ not in kept:
                self.warnings.append(reason("listens_no_more", self.old.elements[id_]))
                if id_ in was_timers:
                    run.timers_gone.append(was_timers[id_]["instance"])
                elif "instance" in was_catches[id_]:
                    run.closed.append(ClosedTask(was_catches[id_]["instance"], id_, "cancelled"))
        return timers, catches

    def _arm(self, run: Run) -> None:
        """Event sub-processes that the old version did not have begin to listen, wherever what is around
        them runs and no other has interrupted it."""
        known = set(self.to.values())
        places: list[tuple[int | None, tuple[str, ...]]] = [(None, self.new.handlers)]
        places += [
            (token.id, self.new.elements[token.element].handlers)
            for token in run.tokens.values()
            if token.waiting == "scope"
        ]
        for scope, handlers in places:
            interrupted = any(
                token.waiting == "scope"
                and token.scope == scope
                and self.new.elements[token.element].kind == "handler"
                and self._interrupts(self.new.elements[token.element])
                for token in run.tokens.values()
            )
            fresh = [] if interrupted else [id_ for id_ in handlers if id_ not in known]
            for id_ in fresh:
                self.at = self.new.elements[id_]
                arm(run, (id_,), scope)

    def _interrupts(self, handler: Element) -> bool:
        event = self.new.elements[handler.start]
        return event.interrupting or event.error is not None


def _events(process: Process, token: Token) -> tuple[str, ...]:
    """What a token there listens for beside its own wait: the same that the token game makes it listen for."""
    element = process.elements[token.element]
    if token.waiting == "armed":
        return (element.start,)
    if token.waiting == "event":
        return tuple(flow.target for flow in element.outgoing)
    if token.waiting == "timer":
        return (element.id,)
    inside_loop = element.loop is not None and token.waiting != "loop"
    return () if inside_loop or token.waiting == "join" else element.boundary


def _same_timer(old: Element, new: Element) -> bool:
    assert old.timer is not None
    assert new.timer is not None
    first, second = old.timer, new.timer
    return (first.kind, first.value, _text(first.expression)) == (
        second.kind,
        second.value,
        _text(second.expression),
    )


def _same_message(old: Element, new: Element) -> bool:
    if old.message is None or new.message is None:
        return old.message is new.message
    return (old.message.name, _text(old.message.key)) == (new.message.name, _text(new.message.key))


def _text(expression: Any) -> str | None:
    return None if expression is None else expression.text


def _way_of_loop(element: Element) -> tuple[bool, bool, str | None, str | None] | None:
    loop = element.loop
    return None if loop is None else (loop.over is None, loop.sequential, loop.item, loop.result)


def _called(element: Element) -> str | None:
    """The process a call activity calls."""
    return None if element.call is None else element.call.process


def _unset(new: Process, read_before: frozenset[str], node_map: NodeMap, state: State) -> Iterator[Reason]:
    """Variables read ahead that nothing is known to set: not the case so far, and no step on the way there
    that only the new version has. What the old version read too is left to it."""
    known = set(state.variables) | read_before
    for token in state.tokens:
        known |= set(token.detail.get("set", {})) | set(token.detail.get("local", {}))
    known.update(e.loop.item for e in new.elements.values() if e.loop is not None and e.loop.item is not None)
    setting = {id_ for id_ in node_map.added if new.elements[id_].kind in _SETTING}
    todo = [token.element for token in state.tokens]
    seen: set[str] = set()
    while todo:
        id_ = todo.pop()
        if id_ in seen or id_ in setting:
            continue
        seen.add(id_)
        element = new.elements[id_]
        todo += [flow.target for flow in element.outgoing]
        todo += [*element.boundary, *element.handlers, *([element.start] if element.start else [])]
        reads = {name for _, names, _ in reads_at(element) for name in names}
        for variable in sorted(reads - known):
            yield reason("reads_unset", element, variable=variable)


_SETTING: Final = TASKS | {"service", "rule", "message"}


def _once(reasons: Iterable[Reason]) -> list[Reason]:
    found: list[Reason] = []
    for one in reasons:
        if one not in found:
            found.append(one)
    return found


def _label(process: Process, id_: str | None) -> str:
    return "" if id_ is None else process.elements[id_].label


def _labels(process: Process, ids: Iterable[str]) -> str:
    return ", ".join(process.elements[id_].label for id_ in sorted(ids))


def _ends(process: Process, section: Section) -> dict[str, str]:
    return {
        "split": process.elements[section.split].label,
        "join": process.elements[section.join].label,
    }
