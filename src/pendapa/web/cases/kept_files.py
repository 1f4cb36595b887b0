"""Files already received while another answer of the page is mended: their ids go along as hidden inputs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from django.http import QueryDict

from pendapa.forms import Field
from pendapa.web.cases import access, uploads
from pendapa.web.cases.file_questions import DRAWINGS, FILES, drawn_answer
from pendapa.web.cases.models import Attachment, Case
from pendapa.web.cases.questions import Asked
from pendapa.web.cases.refusals import NotYours, Refused

KEPT = "kept:"
"""Prefix of the hidden inputs' names, before the path."""


def kept_file(case: Case, data: QueryDict, path: str) -> Attachment | None:
    """The file of this case that was received for a question on an earlier try."""
    text = data.get(KEPT + path, "")
    try:
        return access.attachment_of_case(case, uuid.UUID(text)) if text else None
    except (ValueError, NotYours):
        return None


def answer_in(field: Field, attachment: Attachment) -> str:
    """The answer that a stored file stands for."""
    if field.kind not in DRAWINGS:
        return str(attachment.pk)
    try:
        return drawn_answer(field, uploads.read_sealed(attachment.stored_as))
    except Refused:  # received for another question
        return ""


def kept_inputs(asked: Asked, paths: Iterable[str], changes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and values of the hidden inputs for the files among some answers."""
    inputs: list[tuple[str, str]] = []
    for path in paths:
        kind, value = asked.field(path).kind, changes.get(path, "")
        if value and kind in FILES:
            inputs.append((KEPT + path, value))
        elif value and kind in DRAWINGS and (attachment := asked.drawing(value)):
            inputs.append((KEPT + path, str(attachment.pk)))
    return inputs
