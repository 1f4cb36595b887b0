"""Which element of a new version continues which element of the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from pendapa.processes.model import ENDS, TASKS, Element, Process

How = Literal["id", "name", "place", "given", "none"]
SURE: Final[Mapping[How, str]] = {
    "id": "certain",
    "name": "likely",
    "place": "guess",
    "given": "given",
    "none": "none",
}
"""How far each way of finding a counterpart may be trusted."""
_TASKS: Final = TASKS | {"service", "send", "rule"}


@dataclass(frozen=True, slots=True)
class Match:
    """An element of the old version and its counterpart; `new` is None where there is none. `why` says it in
    a few words."""

    old: str
    new: str | None
    how: How
    why: str

    @property
    def sure(self) -> str:
        return SURE[self.how]


@dataclass(frozen=True, slots=True)
class NodeMap:
    """Where the tokens of each old element go on; `added` are the new elements that continue none."""

    matches: tuple[Match, ...]
    added: tuple[str, ...]

    @property
    def to(self) -> dict[str, str]:
        """Old id -> new id, of all that have a counterpart."""
        return {match.old: match.new for match in self.matches if match.new is not None}

    @property
    def dropped(self) -> tuple[Match, ...]:
        """The old elements without a counterpart."""
        return tuple(match for match in self.matches if match.new is None)

    def to_json(self) -> dict[str, Any]:
        return {
            "map": [
                {"old": m.old, "new": m.new, "how": m.how, "sure": m.sure, "why": m.why} for m in self.matches
            ],
            "added": list(self.added),
        }


class MapRefused(ValueError):
    """A map that was handed in names what is not there, or joins elements of different kinds; `faults` are
    sentences."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def propose_map(old: Process, new: Process, given: Mapping[str, str | None] = {}) -> NodeMap:
    """Propose where each old element continues: by id, then by name and kind, then by what stands before and
    after it. Only elements of one kind match, and only where there is no second candidate. `given` overrides
    (None: no counterpart). Raises MapRefused."""
    _check_given(old, new, given)
    search = _Search(old, new)
    for id_, target in given.items():
        search.given(id_, target)
    search.by_id()
    search.by_name()
    while search.by_place():
        pass
    return search.found()


def sort_of(element: Element, elements: Mapping[str, Element]) -> tuple[str, str]:
    """Kind, and for events what they are about: what a counterpart must agree in."""
    event = elements[element.start] if element.kind == "handler" and element.start else element
    if event.kind not in ("boundary", "start"):
        return element.kind, ""
    about = "timer" if event.timer is not None else "message" if event.message is not None else ""
    about = about or ("signal" if event.signal is not None else "error" if event.error is not None else "")
    return element.kind, about


def _interchangeable(old: tuple[str, str], new: tuple[str, str]) -> bool:
    """Whether a person may say that one continues the other."""
    return old == new or {old[0], new[0]} == {"user", "manual"}


def _told(sort: tuple[str, str]) -> str:
    """With its article: "a timer boundary event"."""
    kind, about = sort
    if kind in _TASKS:
        kind += " task"
    elif kind in ("exclusive", "parallel", "inclusive", "event"):
        kind += " gateway"
    elif kind in ENDS | {"start", "boundary", "message", "timer", "signal", "throw"}:
        kind = f"{kind.removeprefix('end_')} event"
    words = f"{about} {kind}".strip().replace("handler", "event sub-process")
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def _check_given(old: Process, new: Process, given: Mapping[str, str | None]) -> None:
    faults = []
    for id_, target in given.items():
        element = old.elements.get(id_)
        if element is None:
            faults.append(f"{id_}: the old version has no such element. Take it out of the map.")
            continue
        if target is None:
            continue
        other = new.elements.get(target)
        if other is None:
            faults.append(
                f"{element.label}: the new version has no element {target}. Name one that it has, or null."
            )
            continue
        sorts = sort_of(element, old.elements), sort_of(other, new.elements)
        if not _interchangeable(*sorts):
            faults.append(
                f"{element.label} is {_told(sorts[0])}, {other.label} {_told(sorts[1])}. "
                "Name an element of the same kind, or null."
            )
    if faults:
        raise MapRefused(faults)


_Key: TypeAlias = Callable[[Element, bool], Hashable]
"""What an element (of the old version: True) must share with its counterpart; nothing: it is not looked at."""


class _Search:
    """Old and new elements that have no counterpart yet, and the matches found so far."""

    def __init__(self, old: Process, new: Process) -> None:
        self.old = old.elements
        self.new = new.elements
        self.left = dict.fromkeys(old.elements)
        self.free = dict.fromkeys(new.elements)
        self.to: dict[str, str] = {}
        self.matches: dict[str, Match] = {}
        self.before = {True: _before(old.elements), False: _before(new.elements)}

    def _match(self, old: str, new: str, how: How, why: str) -> None:
        self.matches[old] = Match(old, new, how, why)
        self.to[old] = new
        self.left.pop(old, None)
        self.free.pop(new, None)

    def given(self, old: str, new: str | None) -> None:
        if new is not None:
            self._match(old, new, "given", "as given")
            return
        self.matches[old] = Match(old, None, "given", "left out, as given")
        self.left.pop(old)

    def by_id(self) -> None:
        for id_ in [id_ for id_ in self.left if id_ in self.free]:
            if sort_of(self.old[id_], self.old) == sort_of(self.new[id_], self.new):
                self._match(id_, id_, "id", "same id")

    def by_name(self) -> None:
        """Same name and kind; of several, those in the same sub-process, then in the same lane."""
        keys: tuple[_Key, ...] = (
            lambda e, old: e.name,
            lambda e, old: e.name and (e.name, self._around(e, old)),
            lambda e, old: e.name and (e.name, self._around(e, old), e.lane),
        )
        for key in keys:
            self._pair(key, "name", lambda e: f'same name "{e.name}"')

    def by_place(self) -> bool:
        """One round by neighbours that have counterparts: both sides, else one side; whether any was found."""
        return any(self._pair_places(sides) for sides in ((True, True), (True, False), (False, True)))

    def _pair_places(self, sides: tuple[bool, bool]) -> bool:
        return self._pair(
            lambda e, old: self._place(e, old, sides), "place", lambda e: self._between(e, sides)
        )

    def _place(self, element: Element, old: bool, sides: tuple[bool, bool]) -> Hashable:
        """What stands before and after, in ids of the new version; None while a neighbour is unknown."""
        before = self.before[old].get(element.id, frozenset()) if sides[0] else frozenset()
        after = frozenset(flow.target for flow in element.outgoing) if sides[1] else frozenset()
        if (sides[0] and not before) or (sides[1] and not after):
            return None
        if old:
            if not (before | after) <= self.to.keys():
                return None
            before, after = (frozenset(self.to[id_] for id_ in side) for side in (before, after))
        elif (before | after) & self.free.keys():
            return None
        return self._around(element, old), before, after

    def _around(self, element: Element, old: bool) -> str | None:
        parent = element.parent
        return self.to.get(parent, f"old {parent}") if old and parent is not None else parent

    def _pair(self, key: _Key, how: How, why: Callable[[Element], str]) -> bool:
        """Match old and new elements of one kind and one key, where each is the only one of its side."""
        mine: dict[Hashable, list[str]] = defaultdict(list)
        theirs: dict[Hashable, list[str]] = defaultdict(list)
        for old, ids, into in ((True, self.left, mine), (False, self.free, theirs)):
            elements = self.old if old else self.new
            for id_ in ids:
                found = key(elements[id_], old)
                if found:
                    into[(sort_of(elements[id_], elements), found)].append(id_)
        pairs = [(ids[0], theirs[k][0]) for k, ids in mine.items() if len(ids) == 1 and len(theirs[k]) == 1]
        for old_id, new_id in pairs:
            self._match(old_id, new_id, how, why(self.old[old_id]))
        return bool(pairs)

    def _between(self, element: Element, sides: tuple[bool, bool]) -> str:
        after = sorted(self.old[flow.target].label for flow in element.outgoing)
        before = sorted(self.old[id_].label for id_ in self.before[True].get(element.id, ()))
        if element.kind == "boundary":
            return f"on the border of {', '.join(before)}"
        parts = [f"after {', '.join(before)}"] if sides[0] else []
        return " and ".join([*parts, f"before {', '.join(after)}"] if sides[1] else parts)

    def found(self) -> NodeMap:
        for id_ in self.left:
            self.matches[id_] = Match(id_, None, "none", self._why_not(id_))
        taken = set(self.to.values())
        return NodeMap(
            tuple(self.matches[id_] for id_ in self.old), tuple(id_ for id_ in self.new if id_ not in taken)
        )

    def _why_not(self, id_: str) -> str:
        other = self.new.get(id_)
        if other is None:
            return "nothing in the new version is sure to continue it"
        return f"{id_} is now {_told(sort_of(other, self.new))}"


def _before(elements: Mapping[str, Element]) -> dict[str, frozenset[str]]:
    """What leads to each element: sources of flows, and the activity a boundary event sits on."""
    found: dict[str, set[str]] = defaultdict(set)
    for element in elements.values():
        for flow in element.outgoing:
            found[flow.target].add(element.id)
        for event in element.boundary:
            found[event].add(element.id)
    return {id_: frozenset(sources) for id_, sources in found.items()}
