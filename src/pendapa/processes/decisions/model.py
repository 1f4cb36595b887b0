"""What a DMN file holds: decisions, each a table or one expression, linked by what they require."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pendapa.expressions import Expression, Value
from pendapa.processes.decisions.cells import Cell
from pendapa.processes.faults import Fault

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Input:
    """One input column. `allowed` are the values the file lists, empty where it lists none."""

    id: str
    label: str
    expression: Expression
    type: str
    allowed: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """One output column. `values` in order of priority; `default` is given where no rule fits."""

    name: str
    values: tuple[Value, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a cell an input, an expression an output (None: nothing is given)."""

    id: str
    number: int
    cells: tuple[Cell, ...]
    outputs: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; rules are numbered from 1 as the editor shows them."""

    policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `names` are what other decisions call its result; `requires` are decision ids."""

    id: str
    name: str
    names: tuple[str, ...]
    logic: Table | Expression
    requires: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Id and name, as refusals show it."""
        return f'{self.id} "{self.name}"' if self.name else self.id


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of one file by id, picklable."""

    name: str
    decisions: Mapping[str, Decision]
    warnings: tuple[Fault, ...] = ()

    def decide(self, id_: str, variables: Mapping[str, Value]) -> Mapping[str, Value]:
        """The outputs of a decision by output name; a list a name under RULE ORDER, OUTPUT ORDER and COLLECT.

        No rule fits: the default outputs, or every output missing (None; an empty list, a count of 0).
        Raises UndecidedError when the hit policy is broken or a cell cannot be worked out with these values.
        """
        from pendapa.processes.decisions.deciding import decide

        return decide(self.decisions, id_, variables)

    def gives(self, id_: str) -> tuple[str, ...]:
        """The names of a decision's outputs."""
        decision = self.decisions[id_]
        if isinstance(decision.logic, Expression):
            return decision.names[:1]
        return tuple(output.name for output in decision.logic.outputs)

    def reads(self, id_: str) -> frozenset[str]:
        """The variables a decision and those it requires read."""
        read: set[str] = set()
        given: set[str] = set()
        todo, seen = [id_], set[str]()
        while todo:
            decision = self.decisions[todo.pop()]
            if decision.id in seen:
                continue
            seen.add(decision.id)
            todo += decision.requires
            logic = decision.logic
            if isinstance(logic, Expression):
                read |= logic.inputs
            else:
                for column in logic.inputs:
                    read |= column.expression.inputs
                for rule in logic.rules:
                    read = read.union(*(cell.reads for cell in rule.cells))
                    read = read.union(*(output.inputs for output in rule.outputs if output))
                if decision.id != id_:
                    given |= {output.name for output in logic.outputs}
            if decision.id != id_:
                given |= set(decision.names)
        return frozenset(read - given)
