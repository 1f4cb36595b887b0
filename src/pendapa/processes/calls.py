"""Call activities of a file: which process they call, and which variables pass, as BPMN, Camunda and Zeebe write
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element as Node

from pendapa.expressions import parse
from pendapa.processes.faults import Fault
from pendapa.processes.model import Call, Element, Flow, Passed
from pendapa.processes.texts import is_name, read_expression, read_name
from pendapa.processes.xmlfile import BPMN, label_of, local_name, name_of


class CallReader:
    """Reads the call activities of one file; faults go to the list handed in."""

    def __init__(self, definitions: Node, faults: list[Fault]) -> None:
        self.faults = faults
        self.names = {
            node.get("id", ""): _data_name(node)
            for node in definitions.iter()
            if node.get("id") and local_name(node) in _DATA
        }

    def read(self, node: Node) -> Call | None:
        """What a call activity calls and what passes; None when it is refused."""
        process = _called(node)
        if not process:
            wrong = "The call activity names no process to call."
            self._fault(node, wrong, "Write the id of the called process as its called element.")
            return None
        if process[:2] in ("${", "#{") or process.startswith("="):
            wrong = f"The called process {process!r} is only known while a case runs, which is not supported."
            self._fault(node, wrong, "Write the id of the process, and choose with an exclusive gateway.")
            return None
        if (camunda := self._camunda(node)) is not None:
            return replace(camunda, process=process)
        if (associated := self._associated(node)) is not None:
            return replace(associated, process=process)
        return replace(self._zeebe(node), process=process)

    def _fault(self, node: Node, wrong: str, right: str) -> None:
        self.faults.append(Fault(label_of(node), wrong, right))

    def _camunda(self, node: Node) -> Call | None:
        """`camunda:in` and `camunda:out`: with one of them, exactly what they name passes. A business key is no
        variable."""
        takes: list[Passed] = []
        gives: list[Passed] = []
        everything = {"in": False, "out": False}
        declared = False
        for place in _foreign(node):
            tag = place.tag.rpartition("}")[2]
            if (
                tag not in ("in", "out")
                or "camunda.org/schema/1.0" not in place.tag
                or place.get("businessKey")
            ):
                continue
            declared = True
            if place.get("variables") == "all":
                everything[tag] = True
                if place.get("local") == "true":
                    self._fault(node, "Passing local variables alone is not supported.", "Remove local.")
                continue
            passed = self._passed(node, place)
            (takes if tag == "in" else gives).extend(passed)
        return Call("", tuple(takes), tuple(gives), everything["in"], everything["out"]) if declared else None

    def _passed(self, node: Node, place: Node) -> Iterator[Passed]:
        source, target = place.get("source", ""), place.get("target", "")
        expression = place.get("sourceExpression")
        if not target or not (source or expression):
            wrong = "A variable that is to pass has no source or no target."
            self._fault(node, wrong, "Write both.")
        elif expression:
            yield from self._pass(node, target, expression)
        elif read_name(source, label_of(node), "source of a mapping", self.faults):
            yield from self._pass(node, target, source)

    def _pass(self, node: Node, target: str, text: str) -> Iterator[Passed]:
        name = read_name(target, label_of(node), "target of a mapping", self.faults)
        value = read_expression(text, label_of(node), "source of a mapping", self.faults)
        if name is not None and value is not None:
            yield Passed(name, value)

    def _associated(self, node: Node) -> Call | None:
        """BPMN's own data associations: with one of them, exactly what they name passes."""
        takes = node.findall(f"{BPMN}dataInputAssociation")
        gives = node.findall(f"{BPMN}dataOutputAssociation")
        if not takes and not gives:
            return None
        return Call(
            "",
            tuple(passed for place in takes for passed in self._association(node, place)),
            tuple(passed for place in gives for passed in self._association(node, place)),
            takes_all=False,
            gives_all=False,
        )

    def _association(self, node: Node, place: Node) -> Iterator[Passed]:
        assignments = place.findall(f"{BPMN}assignment")
        for assignment in assignments:
            yield from self._pass(node, self._name(assignment, "to"), _text(assignment, "from"))
        if not assignments:
            text = _text(place, "transformation") or self._name(place, "sourceRef")
            yield from self._pass(node, self._name(place, "targetRef"), text)

    def _name(self, place: Node, tag: str) -> str:
        text = _text(place, tag)
        return self.names.get(text.rpartition(":")[2], text)

    def _zeebe(self, node: Node) -> Call:
        """Zeebe lets every variable through unless told otherwise; output mappings narrow what comes out."""
        takes: list[Passed] = []
        gives: list[Passed] = []
        takes_all = gives_all = True
        for place in _foreign(node):
            tag = place.tag.rpartition("}")[2]
            if tag == "calledElement":
                takes_all = place.get("propagateAllParentVariables") != "false"
                gives_all = place.get("propagateAllChildVariables") != "false"
            elif tag in ("input", "output") and "zeebe" in place.tag:
                passed = self._passed(node, _as_expression(place))
                (takes if tag == "input" else gives).extend(passed)
        return Call("", tuple(takes), tuple(gives), takes_all, gives_all and not gives)


_DATA = frozenset({"dataInput", "dataOutput", "property", "dataObject", "dataObjectReference"})


def _called(node: Node) -> str:
    """The id of the called process, as BPMN and Camunda (an attribute) and Zeebe (an extension element) say."""
    text = node.get("calledElement", "").strip()
    for place in _foreign(node):
        if place.tag.endswith("}calledElement"):
            text = text or place.get("processId", "").strip()
    return text if text[:2] in ("${", "#{") or text.startswith("=") else text.rpartition(":")[2]


def _foreign(node: Node) -> Iterator[Node]:
    for child in node.findall(f"{BPMN}extensionElements"):
        yield from child.iter()


def _as_expression(place: Node) -> Node:
    """A Zeebe mapping: its source is an expression behind "=", and a text without."""
    source = place.get("source", "")
    if source and not source.startswith("="):
        source = _quoted(source)
    return Node(place.tag, {"sourceExpression": source, "target": place.get("target", "")})


def _text(place: Node, tag: str) -> str:
    child = place.find(f"{BPMN}{tag}")
    return "".join(child.itertext()).strip() if child is not None else ""


def outputs_of(node: Node, warnings: list[Fault]) -> tuple[Passed, ...]:
    """The output mappings of any other element. Tools work out more than we do, so one that cannot be read is
    left out with a warning."""
    found: list[Passed] = []
    for place in _foreign(node):
        tag = place.tag.rpartition("}")[2]
        if tag == "output" and "zeebe" in place.tag:
            text, target = place.get("source", ""), place.get("target", "")
        elif tag == "outputParameter" and not len(place):
            text, target = (place.text or "").strip(), place.get("name", "")
            text = text if text[:2] in ("${", "#{") else _quoted(text)
        else:
            continue
        faults: list[Fault] = []
        name = read_name(target, label_of(node), "target of a mapping", faults)
        value = read_expression(text, label_of(node), f"output {target}", faults)
        if name is not None and value is not None:
            found.append(Passed(name, value))
        warnings += [Fault(f.where, f"{f.wrong} It is left out.", f.right) for f in faults]
    return tuple(found)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def interface_of(main: Node, call: Call) -> Call:
    """A call that declares nothing hands over what the called process declares as its inputs and outputs, where
    it declares some."""
    if call != Call(call.process):
        return call
    takes = _declared(main, "dataInput")
    gives = _declared(main, "dataOutput")
    return replace(call, takes=takes, gives=gives, takes_all=not takes, gives_all=not gives)


def _declared(main: Node, tag: str) -> tuple[Passed, ...]:
    names = [_data_name(node) for node in main.findall(f"{BPMN}ioSpecification/{BPMN}{tag}")]
    return tuple(Passed(name, parse(name)) for name in names if is_name(name))


def _data_name(node: Node) -> str:
    """The variable a data input or output stands for: its name where that can be one, else its id."""
    name = name_of(node)
    return name if is_name(name) else node.get("id", "")


def under(process: str, elements: Mapping[str, Element]) -> dict[str, Element]:
    """The elements of a called process under ids that keep them apart: `process/id`."""

    def renamed(id_: str) -> str:
        return f"{process}/{id_}" if id_ else ""

    def optional(id_: str | None) -> str | None:
        return None if id_ is None else renamed(id_)

    found: dict[str, Element] = {}
    for element in elements.values():
        ways = {way.id: _moved(way, renamed(way.source), renamed(way.target)) for way in element.outgoing}
        found[renamed(element.id)] = replace(
            element,
            id=renamed(element.id),
            outgoing=tuple(ways.values()),
            default=None if element.default is None else ways[element.default.id],
            attached_to=optional(element.attached_to),
            timers=tuple(map(renamed, element.timers)),
            boundary=tuple(map(renamed, element.boundary)),
            parent=optional(element.parent),
            start=renamed(element.start),
            handlers=tuple(map(renamed, element.handlers)),
            process=process,
        )
    return found


def _moved(way: Flow, source: str, target: str) -> Flow:
    return replace(way, source=source, target=target)
