"""One small safe language for conditions, decision cells, rules and indicators. See docs/expressions.md."""

from pendapa.expressions.errors import EvaluationError, ExpressionError
from pendapa.expressions.expression import Expression, parse
from pendapa.expressions.values import Value

__all__ = ["EvaluationError", "Expression", "ExpressionError", "Value", "parse"]
