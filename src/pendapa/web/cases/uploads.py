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
SOUNDS = ("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/amr")
VIDEOS = ("video/mp4", "video/3gpp", "video/webm", "video/quicktime")
DRAWN = ("application/geo+json", "application/gpx+xml", "application/vnd.google-earth.kml+xml")
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf",
    "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/ogg": ".ogg", "audio/wav": ".wav", "audio/amr": ".amr",
    "video/mp4": ".mp4", "video/3gpp": ".3gp", "video/webm": ".webm", "video/quicktime": ".mov",
    "application/geo+json": ".geojson", "application/gpx+xml": ".gpx",
    "application/vnd.google-earth.kml+xml": ".kml",
}  # fmt: skip
# Brands of the ISO base media format (ISO/IEC 14496-12), in the first box of MP4, M4A, 3GP and MOV files.
_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}


@dataclass(frozen=True)
class Accepted:
    """What a question takes: types, how large, and for pictures how long an edge may stay, in pixels."""

    types: tuple[str, ...]
    most_bytes: int
    longest_edge: int | None = None


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
    return _recording(head) or _drawn(head)


def _recording(head: bytes) -> str | None:
    if head.startswith(b"ID3") or head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"):
        return "audio/mpeg"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "video/3gpp" if brand.startswith((b"3gp", b"3g2")) else _BRANDS.get(brand, "video/mp4")
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    return "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64] else None


def _drawn(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "application/geo+json"
    if text.startswith(b"<"):
        if b"<gpx" in text:
            return "application/gpx+xml"
        return "application/vnd.google-earth.kml+xml" if b"<kml" in text else None
    return None


def in_words(types: tuple[str, ...]) -> str:
    """What may be sent, as people call it."""
    if types == PICTURES:
        return _("foto JPG atau PNG")
    if types == SOUNDS:
        return _("rekaman suara MP3, M4A, OGG, WAV atau AMR")
    if types == VIDEOS:
        return _("video MP4, 3GP, WebM atau MOV")
    if types == DRAWN:
        return _("berkas GeoJSON, GPX atau KML dari aplikasi peta")
    return _("PDF, atau foto JPG atau PNG")


def clean(upload: UploadedFile[bytes], wanted: Accepted) -> Clean:
    """Check and clean an upload. Raises Refused with a sentence that says what to send instead.

    A picture is drawn anew, made smaller until neither edge is longer than `wanted.longest_edge`; other files stay as
    they are.
    """
    limit = wanted.most_bytes
    # One byte more than allowed is enough to know.
    content = b"" if (upload.size or 0) > limit else upload.read(limit + 1)
    if (upload.size or 0) > limit or len(content) > limit:
        raise Refused(_too_large(wanted))
    if not content:
        raise Refused(_("Berkas kosong. Pilih berkas lain."))
    kind = sniff(content[:2048])
    if kind is None or kind not in wanted.types:
        raise Refused(
            _("Jenis berkas ini tidak bisa dipakai. Kirim %(wanted)s.") % {"wanted": in_words(wanted.types)}
        )
    if kind in PICTURES:
        content = _redrawn(content, kind, wanted.longest_edge)
    return Clean(_plain_name(upload.name or "berkas", kind), kind, content)


def _too_large(wanted: Accepted) -> str:
    size = {"size": wanted.most_bytes // (1024 * 1024)}
    if wanted.types in (SOUNDS, VIDEOS):
        return _("Rekaman terlalu besar. Ukuran paling besar %(size)d MB; rekam lebih singkat.") % size
    if wanted.types == DRAWN:
        return _("Berkas terlalu besar. Ukuran paling besar %(size)d MB; kurangi titiknya.") % size
    return _("Berkas terlalu besar. Ukuran paling besar %(size)d MB; perkecil atau foto ulang.") % size


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
    return stem + _ENDINGS[kind]


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


def keep(
    upload: Clean,
    *,
    now: datetime,
    draft: Draft | None = None,
    case: Case | None = None,
    answer_hash: str = "",
) -> Attachment:
    """Store a clean upload and its row. `answer_hash` is of the answer that was read from it, if one was."""
    return Attachment.objects.create(
        draft=draft,
        case=case,
        name=upload.name,
        content_type=upload.content_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        stored_as=write_sealed(upload.content),
        answer_hash=answer_hash,
        uploaded_at=now,
    )
