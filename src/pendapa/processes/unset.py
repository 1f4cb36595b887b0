"""Variables that are read where nothing before can have set them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pendapa.processes.faults import Fault
from pendapa.processes.markers import locals_of
from pendapa.processes.model import ENDS, Element, Process
from pendapa.processes.reads import ANYTHING, reads_at, sets_of


def unset_reads(
    process: Process, given: Iterable[str] = (), sets: Mapping[str, Iterable[str]] | None = None
) -> tuple[Fault, ...]:
    """A warning for each variable an element reads that nothing on any path to it can have set.

    `given` are the variables a case begins with. `sets` says which ones each task, wait and effect sets, by
    element id; one left out sets none. Without `sets` an element sets what the file says of it (form fields,
    output mappings, a result variable), and may set anything where the file says nothing.
    """
    bound = None if sets is None else {id_: frozenset(names) for id_, names in sets.items()}
    paths = _Paths(process, frozenset(given), bound)
    faults: list[Fault] = []
    for element in process.elements.values():
        for what, names, after in reads_at(element):
            known = paths.left[element.id] if after else paths.known[element.id]
            for name in sorted(names - known if ANYTHING not in known else ()):
                wrong = f'The {what} reads "{name}", which nothing before it can have set.'
                right = "Set it in a task before, or hand it in when the case begins."
                faults.append(Fault(element.label, wrong, right))
    return tuple(faults)


class _Paths:
    """`known` holds, by element, every variable that can have been set when a token comes to it, `left` when one
    leaves it. Both only grow, so going round until nothing changes ends."""

    def __init__(
        self, process: Process, given: frozenset[str], bound: Mapping[str, frozenset[str]] | None
    ) -> None:
        self.elements = process.elements
        self.sets = {id_: sets_of(element, bound) for id_, element in self.elements.items()}
        self.known: dict[str, frozenset[str]] = dict.fromkeys(self.elements, frozenset())
        self.left: dict[str, frozenset[str]] = dict.fromkeys(self.elements, frozenset())
        self.inside: dict[tuple[str, str], list[str]] = {}
        for element in self.elements.values():
            self.inside.setdefault((element.process, element.parent or ""), []).append(element.id)
        for start in process.starts:
            self.known[start] = given
        size = -1
        while size != (size := sum(map(len, self.known.values())) + sum(map(len, self.left.values()))):
            self._begin(("", ""), process.handlers, given)
            for element in self.elements.values():
                self._pass_on(element)

    def _pass_on(self, element: Element) -> None:
        here = self.known[element.id]
        for event in element.boundary:
            self.known[event] |= here
        left = here | self.sets[element.id]
        if element.call is not None:
            called = self.elements[element.start].process
            into = here | _locals(element) if element.call.takes_all else frozenset[str]()
            into |= {passed.target for passed in element.call.takes}
            self.known[element.start] |= into
            self._begin((called, ""), element.handlers, into)
            left |= {passed.target for passed in element.call.gives}
            if element.call.gives_all:
                left |= self._at_ends((called, ""))
        elif element.start:
            scope = (element.process, element.id)
            self.known[element.start] |= here | _locals(element)
            self._begin(scope, element.handlers, here | _locals(element))
            left |= self._at_ends(scope)
        self.left[element.id] |= left
        for flow in element.outgoing:
            self.known[flow.target] |= left

    def _begin(self, scope: tuple[str, str], handlers: Iterable[str], given: frozenset[str]) -> None:
        """An event sub-process knows whatever can have been set around it at any time, and what it sets can
        come before anything around it."""
        beside = self.inside.get(scope, [])
        for id_ in handlers:
            everything = given.union(*(self.left[other] for other in beside))
            self.known[id_] |= everything
            for other in beside:
                if self.elements[other].kind == "start":
                    self.known[other] |= self.left[id_]

    def _at_ends(self, scope: tuple[str, str]) -> frozenset[str]:
        inside = [self.elements[id_] for id_ in self.inside.get(scope, ())]
        return frozenset[str]().union(*(self.left[e.id] for e in inside if e.kind in ENDS))


def _locals(element: Element) -> frozenset[str]:
    return frozenset[str]() if element.loop is None else locals_of(element.loop)
