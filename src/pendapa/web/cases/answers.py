"""An answer as people read it, the same for the applicant and for officers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from pendapa.forms import Evaluation, Field
from pendapa.web.templatetags.pendapa import short_date


def in_words(evaluation: Evaluation, path: str, asked: Field, value: str, language: str) -> str:
    """Labels of choices, dates in words, a decimal comma. `path` is that of the answer, `value` not empty."""
    if asked.kind in ("select_one", "select_multiple"):
        labels = {choice.name: choice.label for choice in evaluation.choices(path, language)}
        chosen = value.split() if asked.kind == "select_multiple" else [value]
        return ", ".join(labels.get(name, name) for name in chosen)
    if asked.kind == "date":
        try:
            return short_date(date.fromisoformat(value))
        except ValueError:
            return value
    if asked.kind == "acknowledge":
        return _("Ya")
    return decimal_in_words(value, language) if asked.kind in ("decimal", "range") else value


def decimal_in_words(value: str, language: str) -> str:
    """'44.5' of the form's notation with the comma that people here write."""
    return value.replace(".", ",") if language == "id" else value
