"""The BPMN files handed in at load, and the processes that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element as Node

from pendapa.processes.faults import Fault, ProcessRefused
from pendapa.processes.xmlfile import BPMN, label_of, local_name, name_of, read_definitions, reference


@dataclass(frozen=True, slots=True)
class Drawn:
    """A process as it stands in a file; `pool` is the name of the pool it is drawn in."""

    id: str
    node: Node
    definitions: Node
    file: str
    pool: str | None


class Library:
    """Every process of the main file and of the others. Raises ProcessRefused for a file that cannot be read."""

    def __init__(self, source: bytes, name: str, others: Mapping[str, bytes]) -> None:
        self.name = name
        self.files = {name: list(_processes(source, name))}
        for other, content in others.items():
            self.files[other] = list(_processes(content, other))

    def main(self) -> Drawn:
        """The process to run: that of a pool if there are pools, an executable one first, else the first."""
        drawn = self.files[self.name]
        if not drawn:
            wrong, right = "The file holds no process.", "Draw one, from start event to end event."
            raise ProcessRefused(self.name, [Fault("file", wrong, right)])
        pooled = [process for process in drawn if process.pool is not None]
        return min(pooled or drawn, key=lambda process: process.node.get("isExecutable") != "true")

    def called(self, id_: str) -> list[Drawn]:
        """The processes of that id: one, if the files are in order."""
        return [process for drawn in self.files.values() for process in drawn if process.id == id_]

    def not_run(self, run: set[str]) -> Iterator[tuple[Drawn, Drawn]]:
        """Processes of the main file that are neither run nor called, each with the one that is run."""
        main = self.main()
        for process in self.files[self.name]:
            if process.id not in run and len(process.node):
                yield process, main


def _processes(source: bytes, name: str) -> Iterator[Drawn]:
    definitions = read_definitions(source, name)
    pools = {
        reference(participant, "processRef"): name_of(participant)
        for participant in definitions.iter(f"{BPMN}participant")
        if participant.get("processRef")
    }
    for node in definitions.findall(f"{BPMN}process"):
        id_ = node.get("id", "")
        yield Drawn(id_, node, definitions, name, pools.get(id_))


def check_ids(definitions: Node, faults: list[Fault]) -> None:
    """An id names one element of a file."""
    seen: set[str] = set()
    for node in definitions.iter():
        id_ = node.get("id")
        if not local_name(node) or id_ is None:
            continue
        if id_ in seen:
            wrong = "This id is used twice in the file."
            faults.append(Fault(label_of(node), wrong, "Give each element an id of its own."))
        seen.add(id_)
