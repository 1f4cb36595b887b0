"""What people type on the signing and verifying pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pendapa.web.cases.refusals import Refused


@dataclass(frozen=True)
class Signing:
    """Letters to sign and the passphrase, which is never kept or shown again."""

    tasks: tuple[int, ...]
    passphrase: str

    def __repr__(self) -> str:
        return f"Signing({self.tasks})"


def signing_of(request: HttpRequest, *tasks: int) -> Signing:
    """Read a signing form. Raises Refused where nothing is chosen or the passphrase is missing."""
    chosen = tasks or tuple(
        int(text)
        for text in request.POST.getlist("surat")
        if text.isascii() and text.isdigit() and len(text) < 19
    )
    if not chosen:
        raise Refused(_("Pilih sedikitnya satu surat yang sudah Anda baca."))
    passphrase = request.POST.get("frasa", "")
    if not passphrase:
        raise Refused(_("Isi frasa sandi tanda tangan Anda."))
    return Signing(tuple(dict.fromkeys(chosen)), passphrase)


def pdf_of(request: HttpRequest) -> bytes:
    """The file to verify. Raises Refused."""
    upload = request.FILES.get("berkas")
    if not isinstance(upload, UploadedFile):
        raise Refused(_("Pilih berkas PDF yang ingin diperiksa."))
    if (upload.size or 0) > settings.UPLOAD_LIMIT_BYTES:
        raise Refused(
            _("Berkas terlalu besar. Ukuran paling besar %(size)d MB.")
            % {"size": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)}
        )
    content: bytes = upload.read(settings.UPLOAD_LIMIT_BYTES + 1)
    if not content:
        raise Refused(_("Berkas kosong. Pilih berkas lain."))
    return content
