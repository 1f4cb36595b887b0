"""Asking a decision: what it requires first, then its rules, then the hit policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pendapa.expressions import EvaluationError, Expression, Value, parse
from pendapa.processes.decisions.model import Decision, Output, Rule, Table

_MANY: Final = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})
_SUM, _MIN, _MAX = parse("sum(hits)"), parse("min(hits)"), parse("max(hits)")


class UndecidedError(ValueError):
    """A decision that cannot be made with these values; the text names the decision and the rules."""


def decide(
    decisions: Mapping[str, Decision], id_: str, variables: Mapping[str, Value]
) -> Mapping[str, Value]:
    """The outputs of one decision by name."""
    known = dict(variables)
    for required in _in_order(decisions, id_):
        outputs = _one(required, known)
        known.update(outputs)
        if len(outputs) == 1:
            known.update(dict.fromkeys(required.names, next(iter(outputs.values()))))
    return _one(decisions[id_], known)


def _in_order(decisions: Mapping[str, Decision], id_: str) -> list[Decision]:
    """What the decision requires, each before those that need it (the reader refused circles)."""
    order: dict[str, Decision] = {}

    def visit(decision: Decision) -> None:
        for required in decision.requires:
            if required not in order:
                visit(decisions[required])
                order[required] = decisions[required]

    visit(decisions[id_])
    return list(order.values())


def _one(decision: Decision, known: Mapping[str, Value]) -> dict[str, Value]:
    logic = decision.logic
    if isinstance(logic, Expression):
        return {decision.names[0]: _value(logic, known, decision, "its expression")}
    given = [_value(i.expression, known, decision, f"the input {i.label}") for i in logic.inputs]
    hits = []
    for rule in logic.rules:
        if _fits(decision, rule, given, known):
            hits.append(rule)
            if logic.policy == "FIRST":
                break
    if not hits:
        return _without_hit(decision, logic, known)
    rows = [
        tuple(None if e is None else _value(e, known, decision, f"rule {rule.number}") for e in rule.outputs)
        for rule in hits
    ]
    return _POLICIES[logic.policy](decision, logic, hits, rows)


def _fits(decision: Decision, rule: Rule, given: list[Value], known: Mapping[str, Value]) -> bool:
    for cell, value in zip(rule.cells, given, strict=True):
        try:
            if not cell.fits(value, known):
                return False
        except EvaluationError as error:
            raise UndecidedError(
                f"Decision {decision.label}, rule {rule.number}: the cell {cell.text} cannot be judged: {error}"
            ) from error
    return True


def _value(expression: Expression, known: Mapping[str, Value], decision: Decision, where: str) -> Value:
    try:
        return expression.evaluate(known)
    except EvaluationError as error:
        raise UndecidedError(
            f"Decision {decision.label}: {where}, {expression.text!r}, cannot be worked out: {error}"
        ) from error


def _without_hit(decision: Decision, table: Table, known: Mapping[str, Value]) -> dict[str, Value]:
    if any(output.default is not None for output in table.outputs):
        return {
            o.name: None if o.default is None else _value(o.default, known, decision, f"default of {o.name}")
            for o in table.outputs
        }
    if table.aggregation == "COUNT":
        return {table.outputs[0].name: 0}
    empty = () if table.policy in _MANY and table.aggregation is None else None
    return {output.name: empty for output in table.outputs}


Row = tuple[Value, ...]


def _named(table: Table, row: Row) -> dict[str, Value]:
    return {output.name: value for output, value in zip(table.outputs, row, strict=True)}


def _unique(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    if len(hits) > 1:
        raise UndecidedError(
            f"Decision {decision.label} is UNIQUE, but rules {_numbers(hits)} fit at once. "
            "Narrow one of them, or choose another hit policy."
        )
    return _named(table, rows[0])


def _any(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    if any(row != rows[0] for row in rows):
        raise UndecidedError(
            f"Decision {decision.label} has hit policy ANY, but rules {_numbers(hits)} fit and differ. "
            "Give them the same outputs, or choose another hit policy."
        )
    return _named(table, rows[0])


def _first(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    return _named(table, rows[0])


def _priority(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    return _named(table, min(rows, key=lambda row: _rank(table, row)))


def _lists(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    return {output.name: tuple(row[place] for row in rows) for place, output in enumerate(table.outputs)}


def _output_order(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    return _lists(decision, table, hits, sorted(rows, key=lambda row: _rank(table, row)))


def _collect(decision: Decision, table: Table, hits: list[Rule], rows: list[Row]) -> dict[str, Value]:
    if table.aggregation is None:
        return _lists(decision, table, hits, rows)
    name = table.outputs[0].name
    values = tuple(row[0] for row in rows)
    if table.aggregation == "COUNT":
        return {name: len(values)}
    expression = {"SUM": _SUM, "MIN": _MIN, "MAX": _MAX}[table.aggregation]
    return {name: _value(expression, {"hits": values}, decision, "the aggregation")}


def _rank(table: Table, row: Row) -> tuple[int, ...]:
    """Places in the lists of output values, first column first; what is not listed comes last."""
    return tuple(_place(output, value) for output, value in zip(table.outputs, row, strict=True))


def _place(output: Output, value: Value) -> int:
    return output.values.index(value) if value in output.values else len(output.values)


def _numbers(hits: list[Rule]) -> str:
    return " and ".join(str(rule.number) for rule in hits)


_POLICIES: Final[Mapping[str, Callable[[Decision, Table, list[Rule], list[Row]], dict[str, Value]]]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "RULE ORDER": _lists,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
