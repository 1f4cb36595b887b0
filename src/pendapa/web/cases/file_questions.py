"""Questions that a file answers: what may be sent, said beforehand and checked afterwards."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from pendapa.forms import Field
from pendapa.web.cases import uploads
from pendapa.web.templatetags.pendapa import language as page_language

FILES = ("file", "image")


def upload_limits(field: Field) -> str:
    """What may be sent, said before anyone chooses a file."""
    megabytes = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
    kinds = _("Foto JPG atau PNG") if pictures_only(field) else _("PDF, atau foto JPG atau PNG")
    return _("%(kinds)s, paling besar %(size)d MB.") % {"kinds": kinds, "size": megabytes}


def pictures_only(field: Field) -> bool:
    """Whether only a photo answers the question."""
    return field.kind == "image"


def clean_upload(field: Field, upload: UploadedFile[bytes]) -> uploads.Clean:
    """An upload checked by what its question takes; a photo no larger than the form's max-pixels. Raises Refused."""
    edge = field.parameters.get("max-pixels", "")
    return uploads.clean(
        upload, pictures_only=pictures_only(field), longest_edge=int(edge) if edge.isdigit() else None
    )


def accepted_types(field: Field) -> str:
    """The types for a file input's accept, which only helps choosing: what counts is the content."""
    return "image/jpeg,image/png" if pictures_only(field) else "application/pdf,image/jpeg,image/png"


def size_in_words(size: int) -> str:
    """A file's size as phones say it: 15 KB, 1,2 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f}".replace(".", "," if page_language() == "id" else ".") + " MB"
