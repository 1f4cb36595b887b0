"""The public face: parse a text once, then ask it many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pendapa.expressions.closures import compile_node, truth
from pendapa.expressions.grammar import parse_tree
from pendapa.expressions.kinds import Kind, check_kinds
from pendapa.expressions.nodes import Name, Node, walk
from pendapa.expressions.values import Value, read_scope
from pendapa.expressions.wording import tell


class Expression:
    """One parsed expression. Immutable, hashable by its text, picklable (it is parsed again on arrival)."""

    __slots__ = ("_closure", "_names", "inputs", "text", "tree")

    text: str
    """The text as it was written."""
    inputs: frozenset[str]
    """The names it reads."""
    tree: Node
    """The parsed tree, for translators to other languages."""

    def __init__(self, text: str) -> None:
        tree = parse_tree(text)
        inputs = frozenset(node.name for node, _ in walk(tree) if isinstance(node, Name))
        put = object.__setattr__
        put(self, "text", text)
        put(self, "tree", tree)
        put(self, "inputs", inputs)
        put(self, "_names", tuple(sorted(inputs)))
        put(self, "_closure", compile_node(tree))

    def evaluate(self, values: Mapping[str, object]) -> Value:
        """Work it out. Names that `values` does not hold are missing.

        Floats are read by their shortest decimal text, lists as tuples. Raises EvaluationError: kinds that
        do not fit, division by zero, a value of an unknown type, or a bound of the language.
        """
        closure: Callable[..., Value] = self._closure  # type: ignore[attr-defined]
        return closure(read_scope(self._names, values))  # type: ignore[attr-defined]

    def holds(self, values: Mapping[str, object]) -> bool:
        """As a condition: True only if the value is true; missing is not true.

        Raises EvaluationError as `evaluate`, and when the value is neither yes/no nor missing.
        """
        return truth(self.evaluate(values), "A condition") is True

    def describe(self, language: str = "id", names: Mapping[str, str] | None = None) -> str:
        """A plain sentence in Indonesian ("id") or English ("en"); `names` gives labels for inputs."""
        return tell(self.tree, language, names or {})

    def check(self, kinds: Mapping[str, Kind]) -> Kind:
        """The kind of value it gives, when its inputs are of these kinds; a name left out may be anything.

        Raises ExpressionError with position and hint where kinds cannot fit, whatever the values.
        """
        return check_kinds(self.tree, kinds)

    def to_ibis(self, columns: Any) -> Any:
        """The same over columns: an Ibis value, from an Ibis table or a mapping of names to Ibis values.

        Rows for which `evaluate` raises EvaluationError are missing there. Raises TranslationError with
        position and hint for names without a column, kinds that cannot fit, and what has no translation.
        """
        from pendapa.expressions.columns import to_ibis  # Ibis is large: only those who translate load it

        return to_ibis(self.tree, columns)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an Expression cannot be changed; parse another text")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("an Expression cannot be changed; parse another text")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash((Expression, self.text))

    def __repr__(self) -> str:
        return f"parse({self.text!r})"

    def __reduce__(self) -> tuple[Callable[[str], Expression], tuple[str]]:
        return parse, (self.text,)


def parse(text: str) -> Expression:
    """Parse one expression.

    Raises ExpressionError with message, position and hint when the text is not in the language or beyond its
    bounds (4,000 characters, 100 levels).

    >>> parse("amount > 200 and kind in ['a', 'b']").holds({"amount": 250, "kind": "b"})
    True
    """
    return Expression(text)
