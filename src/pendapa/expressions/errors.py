"""The two ways an expression can fail: it cannot be read, or it cannot be worked out."""

from __future__ import annotations


class ExpressionError(ValueError):
    """The text is not an expression of the language.

    `message` says what is wrong, `position` is the offset of the fault in the text (characters, from 0)
    and `hint` says what would be right.
    """

    def __init__(self, message: str, position: int, hint: str) -> None:
        super().__init__(message, position, hint)
        self.message = message
        self.position = position
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} (character {self.position + 1}): {self.hint}"


class EvaluationError(ValueError):
    """The expression cannot be worked out with the values it was given; the message is a sentence."""


class TranslationError(ExpressionError):
    """The expression is right, but cannot be asked of a table of columns; says where and what to write instead."""
