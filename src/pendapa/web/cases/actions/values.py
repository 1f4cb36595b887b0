"""Answers on their way into a case: files that are really there, process variables with their type."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pendapa.forms import Form, plain_path
from pendapa.web.cases.file_questions import FILES
from pendapa.web.cases.models import Attachment, Case


def with_known_files(form: Form, answers: Mapping[str, str], known: Container[str]) -> dict[str, str]:
    """The answers without those to file questions that name no file of this application.

    A name made up, or of somebody else's file, is then as good as no answer: an obligatory question asks again.
    """
    asked = {path for path, field in form.fields.items() if field.kind in FILES}
    return {
        path: value
        for path, value in answers.items()
        if not value or plain_path(path) not in asked or value in known
    }


def files_of(case: Case) -> set[str]:
    return {str(pk) for pk in Attachment.objects.filter(case=case).values_list("pk", flat=True)}


def typed_variables(form: Form, mapping: Mapping[str, str], values: Mapping[str, str]) -> dict[str, Any]:
    """Process variables picked out of a form's values with the field's type; an empty answer is missing."""
    picked: dict[str, Any] = {}
    for name, path in mapping.items():
        text = values.get(path, "")
        kind = form.fields[path].kind if path in form.fields else "text"
        if text == "":
            picked[name] = None
        elif kind == "integer":
            picked[name] = int(text)
        elif kind in ("decimal", "range"):
            picked[name] = Decimal(text)
        elif kind == "date":
            picked[name] = date.fromisoformat(text)
        elif kind in ("select_multiple", "rank"):
            picked[name] = tuple(text.split())
        else:
            picked[name] = text
    return picked
