"""One small safe language for conditions, decision cells, rules and indicators. See docs/expressions.md."""

from pendapa.expressions.errors import EvaluationError, ExpressionError, TranslationError
from pendapa.expressions.expression import Expression, parse
from pendapa.expressions.kinds import Kind
from pendapa.expressions.values import Value

__all__ = ["EvaluationError", "Expression", "ExpressionError", "Kind", "TranslationError", "Value", "parse"]
