"""The acceptance rule: an expression that gives every combination of figures exactly one outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from math import prod

from pendapa.expressions import Expression, ExpressionError, Kind, parse
from pendapa.expressions.kinds import NUMBER, YES_NO
from pendapa.expressions.nodes import Compare, If, IsMissing, Literal, Logic, Name, Node, Not, walk

OUTCOMES = ("accepted", "accepted_with_note", "revise", "rejected", "not_decidable")
UNDECIDED = "not_decidable"

# What a rule may ask. `gate` is whether the instrument passed; percentages are 0-100, chances one-sided.
FIGURES: dict[str, Kind] = {
    "gate": YES_NO,
    **dict.fromkeys(
        (
            "n", "mean", "sd", "top2", "lower", "upper", "ci_low", "ci_high", "d",
            "p_t", "p_t_holm", "p_wilcoxon", "p_wilcoxon_holm", "alpha",
        ),
        NUMBER,
    ),
}  # fmt: skip

# For a scale of 1-5: class "high" begins above 3.40; a high mean alone is revised, not rejected.
STANDARD = """
if not gate then "not_decidable"
else if mean <= 2.60 then "rejected"
else if mean <= 3.40 then "revise"
else if top2 >= 70 and lower > 3.00 then "accepted"
else if top2 >= 70 or lower > 3.00 then "accepted_with_note"
else "revise"
""".strip()
MOST_COMBINATIONS = 100_000


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of the rule: a figure, an operator and the limit as it was written."""

    figure: str
    operator: str
    limit: Decimal


MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class AcceptanceRule:
    """A rule that is proven complete when it is made.

    It compares figures with numbers and nothing else, so the values below, at, between and above its limits stand
    for all values there are. Raises ExpressionError where the text is not such a rule, ValueError naming a combination
    that has no outcome or passes by the gate.
    """

    def __init__(self, text: str = STANDARD) -> None:
        self.expression: Expression = parse(text)
        _refuse_unknown(self.expression)
        self.expression.check(FIGURES)
        self.conditions: tuple[Condition, ...] = tuple(_conditions(self.expression.tree))
        if "gate" not in self.expression.inputs:
            raise ValueError(
                'the rule never asks for the gate; begin it with: if not gate then "not_decidable" else ...'
            )
        self._prove()

    def outcome(self, figures: Mapping[str, object]) -> str:
        """One of OUTCOMES; what the rule needs and is missing makes it not decidable."""
        found = self.expression.evaluate(figures)
        return UNDECIDED if found is None else str(found)

    def combinations(self) -> Iterator[dict[str, object]]:
        """Every combination of conditions, as figures that stand for it; None where a figure is missing."""
        names = sorted(self.expression.inputs)
        for values in product(*(self._values(name) for name in names)):
            yield dict(zip(names, values, strict=True))

    def _values(self, name: str) -> tuple[object, ...]:
        if FIGURES[name] == YES_NO:
            return (True, False, None)
        limits = sorted({condition.limit for condition in self.conditions if condition.figure == name})
        if not limits:
            return (Decimal(0), None)
        between = [(low + high) / 2 for low, high in pairwise(limits)]
        return (limits[0] - 1, *limits, *between, limits[-1] + 1, None)

    def _prove(self) -> None:
        size = prod(len(self._values(name)) for name in self.expression.inputs)
        if size > MOST_COMBINATIONS:
            raise ValueError(
                f"the rule has {size:,} combinations of conditions; leave out limits, to {MOST_COMBINATIONS:,} at most"
            )
        for figures in self.combinations():
            found = self.expression.evaluate(figures)
            told = ", ".join(
                f"{name} = {'missing' if value is None else value}" for name, value in figures.items()
            )
            if found is not None and found not in OUTCOMES:
                raise ValueError(f"for {told} the rule gives {found!r}; give one of {', '.join(OUTCOMES)}")
            if figures["gate"] is not True and found not in (None, UNDECIDED):
                raise ValueError(
                    f"for {told} the rule gives {found!r} although the gate did not pass; give 'not_decidable' there"
                )


def _refuse_unknown(expression: Expression) -> None:
    for node, _ in walk(expression.tree):
        if isinstance(node, Name) and node.name not in FIGURES:
            raise ExpressionError(
                f"there is no figure {node.name}", node.position, f"a rule may ask for {', '.join(FIGURES)}"
            )
        if isinstance(node, Compare):
            if _condition(node) is None:
                raise ExpressionError(
                    "the rule compares something else than a figure with a number",
                    node.position,
                    "write for example: mean > 3.40",
                )
        elif not isinstance(node, If | IsMissing | Literal | Logic | Name | Not):
            raise ExpressionError(
                "a rule has only if, and, or, not and comparisons of a figure with a number",
                node.position,
                "write for example: top2 >= 70 and lower > 3.00",
            )


def _conditions(tree: Node) -> Iterator[Condition]:
    for node, _ in walk(tree):
        if isinstance(node, Compare) and (condition := _condition(node)):
            yield condition


def _condition(node: Compare) -> Condition | None:
    left, right, operator = node.left, node.right, str(node.operator)
    if isinstance(left, Literal):
        left, right, operator = right, left, MIRRORED[operator]
    if not (isinstance(left, Name) and isinstance(right, Literal)):
        return None
    if isinstance(right.value, bool) or not isinstance(right.value, int | Decimal):
        return None
    return Condition(left.name, operator, Decimal(right.value))
