"""Questions that a file answers: what may be sent, said beforehand and checked afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from pendapa.forms import Field
from pendapa.web.cases import drawings, uploads
from pendapa.web.cases.refusals import Refused
from pendapa.web.templatetags.pendapa import language as page_language

FILES = ("file", "image", "audio", "video")
"""Kinds whose answer names the file."""
DRAWINGS = ("geotrace", "geoshape")
"""Kinds whose answer is read from a file, which is kept too."""
UPLOADS = (*FILES, *DRAWINGS)
_DRAWING_LIMIT = 1024 * 1024


def accepted(field: Field) -> uploads.Accepted:
    """What a question takes."""
    edge = field.parameters.get("max-pixels", "")
    longest = int(edge) if edge.isdigit() else None
    if field.kind == "image":
        return uploads.Accepted(uploads.PICTURES, settings.UPLOAD_LIMIT_BYTES, longest)
    if field.kind == "audio":
        return uploads.Accepted(uploads.SOUNDS, settings.RECORDING_LIMIT_BYTES)
    if field.kind == "video":
        return uploads.Accepted(uploads.VIDEOS, settings.RECORDING_LIMIT_BYTES)
    if field.kind in DRAWINGS:
        return uploads.Accepted(uploads.DRAWN, _DRAWING_LIMIT)
    return uploads.Accepted((*uploads.DOCUMENTS, *uploads.PICTURES), settings.UPLOAD_LIMIT_BYTES, longest)


def upload_limits(field: Field) -> str:
    """What may be sent, said before anyone chooses a file."""
    return limits_of(accepted(field))


def limits_of(wanted: uploads.Accepted) -> str:
    """The same of anything that takes a file."""
    kinds = uploads.in_words(wanted.types)
    megabytes = wanted.most_bytes // (1024 * 1024)
    return _("%(kinds)s, paling besar %(size)d MB.") % {
        "kinds": kinds[:1].upper() + kinds[1:],
        "size": megabytes,
    }


def accepted_types(field: Field) -> str:
    """The types for a file input's accept, which only helps choosing: what counts is the content."""
    types = accepted(field).types
    # Phones know no types for these files; they go by the ending.
    return ".geojson,.json,.gpx,.kml" if field.kind in DRAWINGS else ",".join(types)


@dataclass(frozen=True)
class CleanAnswer:
    """An upload that may be stored, and the answer that was read from it, where the answer is not the file itself."""

    upload: uploads.Clean
    drawn: str = ""

    @property
    def answer_hash(self) -> str:
        return answer_hash(self.drawn) if self.drawn else ""


def clean_upload(field: Field, upload: UploadedFile[bytes]) -> CleanAnswer:
    """An upload checked by what its question takes; a photo no larger than the form's max-pixels. Raises Refused."""
    clean = uploads.clean(upload, accepted(field))
    return CleanAnswer(clean, drawn_answer(field, clean.content) if field.kind in DRAWINGS else "")


def drawn_answer(field: Field, content: bytes) -> str:
    """The line or outline of a file as text of the form engine. Raises Refused."""
    try:
        return drawings.read_drawing(content, closed=field.kind == "geoshape")
    except drawings.NotDrawn as wrong:
        raise Refused(str(wrong)) from wrong


def answer_hash(value: str) -> str:
    """What a stored file says about the answer that was read from it, wherever the answer moves to."""
    return hashlib.sha256(value.encode()).hexdigest()


def size_in_words(size: int) -> str:
    """A file's size as phones say it: 15 KB, 1,2 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f}".replace(".", "," if page_language() == "id" else ".") + " MB"
