"""Files people hand over: looked at, cleaned, encrypted, kept once by content.

A file is what its first bytes say, never what its name says. Pictures are drawn anew, which drops EXIF (place and time
of the photo) and anything hidden behind the picture; PDFs are kept as they are and only ever offered as a download.
"""

from __future__ import annotations

import hashlib
import io
import os
import uuid
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from pendapa.web.cases.models import Attachment, Case, Draft
from pendapa.web.cases.refusals import Refused
from pendapa.web.sealed import seal, unseal

_PIXELS = 40_000_000
_CONTEXT = "file"
PICTURES = ("image/jpeg", "image/png")
DOCUMENTS = ("application/pdf",)


@dataclass(frozen=True)
class Clean:
    """An upload that may be stored."""

    name: str
    content_type: str
    content: bytes


def sniff(head: bytes) -> str | None:
    """The type that the first bytes show, among those we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    return None


def clean(
    upload: UploadedFile[bytes], *, pictures_only: bool = False, longest_edge: int | None = None
) -> Clean:
    """Check and clean an upload. Raises Refused with a sentence that says what to send instead.

    A picture is made smaller until neither edge is longer than `longest_edge` pixels, where one is given.
    """
    limit = settings.UPLOAD_LIMIT_BYTES
    megabytes = limit // (1024 * 1024)
    if (upload.size or 0) > limit:
        raise Refused(
            _("Berkas terlalu besar. Ukuran paling besar %(size)d MB; perkecil atau foto ulang.")
            % {"size": megabytes}
        )
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise Refused(
            _("Berkas terlalu besar. Ukuran paling besar %(size)d MB; perkecil atau foto ulang.")
            % {"size": megabytes}
        )
    if not content:
        raise Refused(_("Berkas kosong. Pilih berkas lain."))
    kind = sniff(content[:2048])
    if kind is None or (pictures_only and kind not in PICTURES):
        wanted = _("foto JPG atau PNG") if pictures_only else _("PDF, atau foto JPG atau PNG")
        raise Refused(_("Jenis berkas ini tidak bisa dipakai. Kirim %(wanted)s.") % {"wanted": wanted})
    if kind in PICTURES:
        content = _redrawn(content, kind, longest_edge)
    return Clean(_plain_name(upload.name or "berkas", kind), kind, content)


def _redrawn(content: bytes, kind: str, longest_edge: int | None) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
            if picture.width * picture.height > _PIXELS:
                raise Refused(_("Gambar terlalu besar untuk dibuka. Foto ulang dengan ukuran lebih kecil."))
            upright = ImageOps.exif_transpose(picture)
            upright.load()
            if longest_edge is not None:
                upright.thumbnail((longest_edge, longest_edge))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Warning,
    ) as error:
        raise Refused(_("Gambar rusak dan tidak bisa dibuka. Foto ulang atau pilih berkas lain.")) from error
    out = io.BytesIO()
    if kind == "image/jpeg":
        upright.convert("RGB").save(out, "JPEG", quality=88, optimize=True)
    else:
        bare = Image.new(upright.mode, upright.size)
        bare.paste(upright)
        if upright.mode == "P" and (palette := upright.getpalette()) is not None:
            bare.putpalette(palette)
        bare.save(out, "PNG", optimize=False)
    return out.getvalue()


def _plain_name(name: str, kind: str) -> str:
    """A file name without path or control characters, with the ending its content has."""
    base = PurePosixPath(name.replace("\\", "/")).name
    stem = "".join(c for c in PurePosixPath(base).stem if c.isprintable()).strip(" .")[:80] or "berkas"
    return stem + {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}[kind]


def write_sealed(content: bytes) -> str:
    """Encrypt bytes into the file store and return the name they are stored under. On disk before it returns."""
    name = uuid.uuid4().hex
    path = stored_path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(seal(content, _CONTEXT))
            handle.flush()
            os.fsync(handle.fileno())
        fresh.rename(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return name


def read_sealed(name: str) -> bytes:
    """The bytes stored under a name. Raises FileNotFoundError, CannotUnseal."""
    return unseal(stored_path(name).read_bytes(), _CONTEXT)


def stored_path(name: str) -> Path:
    """Where a stored file lies."""
    return Path(settings.FILES_ROOT) / name[:2] / name


def keep(upload: Clean, *, now: datetime, draft: Draft | None = None, case: Case | None = None) -> Attachment:
    """Store a clean upload and its row."""
    return Attachment.objects.create(
        draft=draft,
        case=case,
        name=upload.name,
        content_type=upload.content_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        stored_as=write_sealed(upload.content),
        uploaded_at=now,
    )
