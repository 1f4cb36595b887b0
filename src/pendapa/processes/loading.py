"""A BPMN file, with the files it calls, to a compiled Process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pendapa.processes.calls import interface_of, under
from pendapa.processes.faults import Fault, ProcessRefused
from pendapa.processes.library import Drawn, Library, check_ids
from pendapa.processes.model import Call, Element, Process
from pendapa.processes.reader import ProcessReader
from pendapa.processes.reads import variables_read
from pendapa.processes.rules import RuleReader
from pendapa.processes.scopes import is_plain_start
from pendapa.processes.xmlfile import label_of, name_of


def load_process(
    source: bytes, *, name: str, others: Mapping[str, bytes] = {}, tables: Mapping[str, bytes] = {}
) -> Process:
    """Compile a BPMN 2.0 file.

    `name` is the file's name, for refusals. `others` (BPMN files) and `tables` (DMN files) by name are what
    call activities and business rule tasks refer to. Raises ProcessRefused with every fault.
    """
    loader = _Loader(Library(source, name, others), tables)
    process = loader.load(source)
    if loader.faults:
        raise ProcessRefused(name, loader.faults)
    return process


class _Loader:
    def __init__(self, library: Library, tables: Mapping[str, bytes]) -> None:
        self.library = library
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.rules = RuleReader(tables, self.faults, self.warnings)
        self.main = library.main()
        self.read: dict[str, ProcessReader] = {}
        self.elements: dict[str, Element] = {}

    def load(self, source: bytes) -> Process:
        todo = [self.main]
        while todo:
            drawn = todo.pop(0)
            if drawn.id not in self.read:
                reader = self._read(drawn)
                todo += [other for call in _calls(reader) for other in self._called(drawn, *call)]
        for process, main in self.library.not_run({*self.read, self.main.id}):
            wrong = "This process is not run."
            right = f"Only {label_of(main.node)} is: one file, one process."
            self.warnings.append(Fault(label_of(process.node), wrong, right))
        if not self.faults:
            self._link()
        return self._process(source)

    def _read(self, drawn: Drawn) -> ProcessReader:
        reader = self.read[drawn.id] = ProcessReader(drawn, self.rules)
        if all(read.definitions is not drawn.definitions for read in list(self.read.values())[:-1]):
            check_ids(drawn.definitions, reader.faults)
        reader.check()
        file = "" if drawn.file == self.library.name else f"{drawn.file}:"
        for found, notes in ((reader.faults, self.faults), (reader.warnings, self.warnings)):
            notes += [Fault(file + fault.where, fault.wrong, fault.right) for fault in found]
        self.elements |= reader.elements if drawn is self.main else under(drawn.id, reader.elements)
        return reader

    def _called(self, drawn: Drawn, element: Element, call: Call) -> list[Drawn]:
        """The process a call activity calls; none, with a fault, where it is not at hand."""
        found = self.library.called(call.process)
        file = "" if drawn.file == self.library.name else f"{drawn.file}:"
        if not found:
            wrong = f'It calls the process "{call.process}", which no file at hand holds.'
            right = "Hand in the file that holds it, or correct the called element."
        elif len(found) > 1:
            wrong = f'It calls the process "{call.process}", which stands in {" and ".join(d.file for d in found)}.'
            right = "Hand in one of them."
        else:
            return found
        self.faults.append(Fault(file + element.label, wrong, right))
        return []

    def _link(self) -> None:
        """Give every call activity the start and the event sub-processes of the process it calls."""
        for element in list(self.elements.values()):
            if element.call is None:
                continue
            reader = self.read[element.call.process]
            prefix = "" if reader is self.read[self.main.id] else f"{element.call.process}/"
            start = next((id_ for id_ in reader.starts[:1] if is_plain_start(reader.elements[id_])), None)
            if start is None:
                wrong = f'The called process "{element.call.process}" has no plain start event.'
                self.faults.append(Fault(element.label, wrong, "Draw one in it."))
                continue
            self.elements[element.id] = replace(
                element,
                start=prefix + start,
                handlers=tuple(prefix + id_ for id_ in reader.handlers),
                call=interface_of(reader.main, element.call),
            )

    def _process(self, source: bytes) -> Process:
        reader = self.read[self.main.id]
        starts = reader.starts
        plain = [id_ for id_ in starts if is_plain_start(self.elements[id_])]
        copies: dict[str, tuple[str, ...]] = {}
        for element in self.elements.values():
            if element.process:
                copies[element.drawn_as] = (*copies.get(element.drawn_as, ()), element.id)
        messages = dict.fromkeys(e.message.name for e in self.elements.values() if e.message)
        return Process(
            id=self.main.id,
            name=name_of(self.main.node),
            pool=self.main.pool,
            start=starts[0] if plain or len(starts) == 1 else "",
            elements=self.elements,
            messages=tuple(messages),
            lanes=reader.lanes,
            reads=variables_read(self.elements),
            warnings=tuple(self.warnings),
            source=source,
            handlers=reader.handlers,
            starts=starts,
            copies=copies,
        )


def _calls(reader: ProcessReader) -> Iterator[tuple[Element, Call]]:
    for element in reader.elements.values():
        if element.call is not None:
            yield element, element.call
