"""Every kind of event, with the sentence an auditor reads. A test holds that each kind written has its entry here.

`public` marks what the applicant's timeline may show; the sentence there comes from the service's own
definition where it has one (`public_id`, `public_en`), else from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Kind:
    """One kind: its present version, its sentence, and whether the applicant may see it."""

    name: str
    sentence: StrPromise | str
    public: bool = False
    version: int = 1


_ALL = (
    Kind("application.received", _("Permohonan diterima"), public=True),
    Kind("task.opened", _("Tugas dibuka")),
    Kind("task.claimed", _("Tugas diambil petugas")),
    Kind("task.released", _("Tugas dilepas kembali")),
    Kind("task.reassigned", _("Tugas dialihkan")),
    Kind("task.moved", _("Tugas pindah ke jabatan lain")),
    Kind("task.climbed", _("Tugas terlambat, naik ke atasan")),
    Kind("task.completed", _("Tugas selesai"), public=True),
    Kind("task.cancelled", _("Tugas dibatalkan")),
    Kind("case.returned", _("Permohonan dikembalikan untuk diperbaiki"), public=True),
    Kind("case.resubmitted", _("Perbaikan diterima"), public=True),
    Kind("case.withdrawn", _("Permohonan dibatalkan pemohon"), public=True),
    Kind("case.objection_lodged", _("Keberatan diajukan"), public=True),
    Kind("case.objection_decided", _("Keberatan selesai"), public=True),
    Kind("case.decided_anew", _("Permohonan dibuka untuk putusan baru"), public=True),
    Kind("case.went_on", _("Pemohon melanjutkan"), public=True),
    Kind("case.ended", _("Permohonan selesai"), public=True),
    Kind("case.purged", _("Data pribadi dihapus setelah masa simpan habis")),
    Kind("case.stuck", _("Proses berhenti dan perlu ditangani")),
    Kind("case.migrated", _("Permohonan dipindahkan ke versi lain dari layanannya"), public=True),
    Kind("case.migration_undone", _("Pemindahan ke versi lain dibatalkan"), public=True),
    Kind("clock.paused", _("Hitungan waktu berhenti sementara"), public=True),
    Kind("clock.resumed", _("Hitungan waktu berjalan lagi"), public=True),
    Kind("clock.begun", _("Hitungan waktu baru dimulai")),
    Kind("clock.recomputed", _("Tenggat dihitung ulang"), public=True),
    Kind("timer.fired", _("Batas waktu lewat"), public=True),
    Kind("handover.queued", _("Menunggu dikirim ke instansi yang memutuskan"), public=True),
    Kind("handover.sent", _("Dikirim ke instansi yang memutuskan"), public=True),
    Kind("handover.answered", _("Jawaban dari instansi yang memutuskan diterima"), public=True),
    Kind("handover.failed", _("Pengiriman ke instansi yang memutuskan gagal")),
    Kind("document.issued", _("Surat ditandatangani"), public=True),
    Kind("document.revoked", _("Surat dicabut"), public=True),
    Kind("number.voided", _("Nomor surat batal")),
    Kind("bill.issued", _("Tagihan terbit"), public=True),
    Kind("bill.proof_sent", _("Pemohon memberi tahu sudah membayar"), public=True),
    Kind("bill.money_found", _("Uang untuk tagihan ditemukan di rekening")),
    Kind("bill.not_found", _("Pembayaran belum ditemukan di rekening"), public=True),
    Kind("bill.part_paid", _("Tagihan dibayar sebagian"), public=True),
    Kind("bill.paid", _("Tagihan lunas"), public=True),
    Kind("bill.expired", _("Tagihan lewat batas waktunya"), public=True),
    Kind("bill.cancelled", _("Tagihan dibatalkan")),
    Kind("receipt.issued", _("Tanda terima pembayaran dibuat"), public=True),
    Kind("note.written", _("Catatan petugas ditulis")),
    Kind("person.invited", _("Orang diundang")),
    Kind("person.suspended", _("Akun ditangguhkan")),
    Kind("person.restored", _("Akun dipulihkan")),
    Kind("person.placed", _("Orang ditempatkan pada jabatan")),
    Kind("person.placement_ended", _("Penempatan diakhiri")),
    Kind("message.resent", _("Pesan dikirim ulang")),
    Kind("folder.published", _("Folder kabupaten diterbitkan")),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
