"""DMN XML (1.1 to 1.3) to compiled decisions. What is not supported is refused by element id."""

from __future__ import annotations

import re
from typing import Final, get_args
from xml.etree.ElementTree import Element as Node

from pendapa.expressions import EvaluationError, Expression, ExpressionError, Value, parse
from pendapa.processes.decisions.cells import Cell, read_cell
from pendapa.processes.decisions.coverage import check_coverage
from pendapa.processes.decisions.model import (
    Aggregation,
    Decision,
    Decisions,
    HitPolicy,
    Input,
    Output,
    Rule,
    Table,
)
from pendapa.processes.faults import Fault, ProcessRefused
from pendapa.processes.texts import unwrap
from pendapa.processes.xmlfile import read_xml

_SPACES: Final = re.compile(r"\{https?://www\.omg\.org/spec/DMN/\d+/(MODEL/?|dmn\.xsd)\}(\w+)")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_AGGREGATIONS: Final = frozenset(get_args(Aggregation))
_POLICIES: Final = frozenset(get_args(HitPolicy))


def load_decisions(source: bytes, *, name: str) -> Decisions:
    """Compile a DMN file; `name` is the file's name, for refusals. Raises ProcessRefused with every fault,
    overlaps of UNIQUE tables included; gaps are warnings."""
    root = read_xml(source, name)
    reader = _Reader()
    if _tag(root) != "definitions":
        said = root.tag.rpartition("}")[2]
        reader.faults.append(
            Fault("file", f"The root element is <{said}>, not DMN <definitions>.", "Save it as DMN 1.3.")
        )
    decisions = reader.read(root)
    if reader.faults:
        raise ProcessRefused(name, reader.faults)
    return Decisions(name, decisions, tuple(reader.warnings))


def _tag(node: Node) -> str:
    found = _SPACES.fullmatch(node.tag) if isinstance(node.tag, str) else None
    return found.group(2) if found else ""


def _children(node: Node, tag: str) -> list[Node]:
    return [child for child in node if _tag(child) == tag]


def _child(node: Node, tag: str) -> Node | None:
    return next(iter(_children(node, tag)), None)


def _text(node: Node | None) -> str:
    inner = _child(node, "text") if node is not None else None
    return "".join(inner.itertext()).strip() if inner is not None else ""


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def read(self, root: Node) -> dict[str, Decision]:
        decisions: dict[str, Decision] = {}
        for node in _children(root, "decision"):
            decision = self._decision(node)
            if decision is not None:
                decisions[decision.id] = decision
        if not decisions and not self.faults:
            self.faults.append(Fault("file", "The file holds no decision.", "Draw a decision table."))
        if not self.faults:
            self._check_links(decisions)
        return decisions

    def _fault(self, where: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(where, wrong, right))

    def _decision(self, node: Node) -> Decision | None:
        id_, said = node.get("id", ""), " ".join(node.get("name", "").split())
        where = f'{id_} "{said}"' if said else id_
        variable = _child(node, "variable")
        names = (variable.get("name", "") if variable is not None else "", said, id_)
        usable = tuple(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))
        requires = tuple(
            reference.get("href", "").rpartition("#")[2]
            for requirement in _children(node, "informationRequirement")
            for reference in _children(requirement, "requiredDecision")
        )
        logic: Table | Expression | None = None
        table, literal = _child(node, "decisionTable"), _child(node, "literalExpression")
        if not usable:
            self._fault(where, "Its id is no name.", "Use letters, digits and underscores.")
        elif table is not None:
            logic = self._table(table, where, usable[0])
        elif literal is not None:
            logic = self._expression(_text(literal), where, "expression")
        else:
            self._fault(
                where, "It has neither a decision table nor an expression.", "Give it a decision table."
            )
        return None if logic is None else Decision(id_, said, usable, logic, requires)

    def _check_links(self, decisions: dict[str, Decision]) -> None:
        for decision in decisions.values():
            for required in decision.requires:
                if required not in decisions:
                    self._fault(
                        decision.label,
                        f"It requires {required}, which this file does not have.",
                        "Remove the requirement, or draw the decision.",
                    )
        if self.faults:
            return
        for decision in decisions.values():
            seen: set[str] = set()
            todo = list(decision.requires)
            while todo:
                id_ = todo.pop()
                if id_ not in seen:
                    seen.add(id_)
                    todo += decisions[id_].requires
            if decision.id in seen:
                self._fault(decision.label, "It requires itself, in a circle.", "Break the circle.")

    def _table(self, node: Node, where: str, fallback: str) -> Table | None:
        faults = len(self.faults)
        policy = node.get("hitPolicy", "UNIQUE").upper()
        aggregation = node.get("aggregation", "").upper() or None
        if policy not in _POLICIES:
            self._fault(where, f"The hit policy {policy} is not known.", "Choose UNIQUE or FIRST, say.")
        if aggregation is not None and (aggregation not in _AGGREGATIONS or policy != "COLLECT"):
            self._fault(where, f"The aggregation {aggregation} does not fit.", "Use SUM, MIN, MAX or COUNT.")
        inputs = [self._input(column, where) for column in _children(node, "input")]
        outputs = [self._output(column, where, fallback) for column in _children(node, "output")]
        if not outputs:
            self._fault(where, "The table has no output.", "Add an output column.")
        if aggregation is not None and len(outputs) > 1:
            self._fault(where, "An aggregation needs a single output.", "Split the table.")
        if len({output.name for output in outputs}) < len(outputs):
            self._fault(where, "Two outputs have the same name.", "Give each output a name of its own.")
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.values for output in outputs):
            self._fault(
                where,
                f"The hit policy {policy} needs the output values in their order.",
                "List them at the output.",
            )
        rules = [
            self._rule(row, number, where, len(inputs), len(outputs))
            for number, row in enumerate(_children(node, "rule"), 1)
        ]
        if len(self.faults) > faults:
            return None
        columns = tuple(column for column in inputs if column is not None)
        table = Table(
            policy,  # type: ignore[arg-type]
            aggregation,  # type: ignore[arg-type]
            columns,
            tuple(outputs),
            tuple(rules),
        )
        check_coverage(where, table, self.faults, self.warnings)
        return table

    def _input(self, node: Node, where: str) -> Input | None:
        asked = _child(node, "inputExpression")
        label = node.get("label") or _text(asked) or node.get("id", "")
        label = " ".join(str(label).split())
        expression = self._expression(_text(asked), where, f"input {label}")
        allowed = self._constants(_text(_child(node, "inputValues")), where)
        if expression is None:
            return None
        kind = asked.get("typeRef", "") if asked is not None else ""
        return Input(node.get("id", ""), label, expression, kind.rpartition(":")[2], allowed)

    def _output(self, node: Node, where: str, fallback: str) -> Output:
        name = node.get("name") or fallback
        values = self._constants(_text(_child(node, "outputValues")), where)
        default = _text(_child(node, "defaultOutputEntry"))
        return Output(
            name, values, self._expression(default, where, f"default of {name}") if default else None
        )

    def _constants(self, text: str, where: str) -> tuple[Value, ...]:
        """A list of values such as `"a", "b"`; ranges and names give none."""
        if not text or ".." in text:
            return ()
        try:
            values = parse(f"[{text}]").evaluate({})
        except (ExpressionError, EvaluationError):
            self._fault(where, f"The list of values {text!r} cannot be read.", 'Write it as in `"a", "b"`.')
            return ()
        return values if isinstance(values, tuple) else ()

    def _rule(self, node: Node, number: int, where: str, inputs: int, outputs: int) -> Rule:
        place = f"{where}, rule {number}"
        cells = [self._cell(_text(entry), place) for entry in _children(node, "inputEntry")]
        texts = [_text(entry) for entry in _children(node, "outputEntry")]
        if (len(cells), len(texts)) != (inputs, outputs):
            self._fault(
                place, f"It has {len(cells)} inputs and {len(texts)} outputs.", "Fill every cell of the row."
            )
        given = tuple(
            None if text in ("", "-") else self._expression(text, place, "output") for text in texts
        )
        return Rule(node.get("id", ""), number, tuple(cells), given)

    def _cell(self, text: str, place: str) -> Cell:
        try:
            return read_cell(unwrap(text) if text[:2] in ("${", "#{") else text)
        except (ExpressionError, EvaluationError) as error:
            self._fault(
                place,
                f"The cell {text!r} cannot be read: {error}.",
                'Write it as in `> 200`, `[100..200]`, `"a", "b"`, `not("c")` or `-`.',
            )
            return Cell(text, None)

    def _expression(self, text: str, where: str, what: str) -> Expression | None:
        try:
            return parse(unwrap(text))
        except ExpressionError as error:
            self._fault(where, f"The {what} {text!r} cannot be read: {error}.", "Write a name or a value.")
            return None
