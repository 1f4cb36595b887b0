"""An answer as people read it, the same for the applicant and for officers."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from pendapa.forms import Evaluation, Field
from pendapa.web.cases.places import place_in_words
from pendapa.web.cases.wording import choice_label, precision
from pendapa.web.templatetags.pendapa import clock_time, short_date


def in_words(evaluation: Evaluation, path: str, asked: Field, value: str, language: str) -> str:
    """Labels of choices, dates in words, a decimal comma. `path` is that of the answer, `value` not empty."""
    if asked.kind in ("select_one", "select_multiple", "rank"):
        labels = {choice.name: choice_label(choice) for choice in evaluation.choices(path, language)}
        chosen = [value] if asked.kind == "select_one" else value.split()
        names = [labels.get(name, name) for name in chosen]
        if asked.kind == "rank":
            names = [f"{number}. {name}" for number, name in enumerate(names, 1)]
        return ", ".join(names)
    if asked.kind in ("date", "dateTime"):
        return _moment_in_words(asked, value)
    if asked.kind == "time":
        clock = value[:5]
        return clock.replace(":", ".") if language == "id" else clock
    if asked.kind == "acknowledge":
        return _("Ya")
    if asked.kind == "geopoint":
        return place_in_words(value, language)
    return decimal_in_words(value, language) if asked.kind in ("decimal", "range") else value


def _moment_in_words(asked: Field, value: str) -> str:
    try:
        if asked.kind == "dateTime":
            moment = datetime.fromisoformat(value)
            return f"{short_date(moment)}, {clock_time(moment)}"
        day = date.fromisoformat(value)
    except ValueError:
        return value
    part = precision(asked)
    if part == "year":
        return str(day.year)
    return short_date(day).partition(" ")[2] if part == "month" else short_date(day)


def decimal_in_words(value: str, language: str) -> str:
    """'44.5' of the form's notation with the comma that people here write."""
    return value.replace(".", ",") if language == "id" else value
