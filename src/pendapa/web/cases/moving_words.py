"""Why a case cannot be moved to another version, and what to know if it can, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrPromise

from pendapa.processes import Reason

WORDS: Final[Mapping[str, StrPromise]] = {
    "ended": _lazy("Permohonan sudah selesai."),
    "foreign": _lazy("Permohonan menunggu di %(at)s, yang tidak ada pada versi lama."),
    "unmapped": _lazy(
        "Permohonan menunggu di %(at)s, yang tidak dilanjutkan oleh langkah apa pun pada versi baru. "
        "Pilih lanjutannya pada peta, atau tunggu sampai langkah itu lewat."
    ),
    "section_changed": _lazy(
        "Permohonan sedang dikerjakan di %(at)s, pada bagian paralel dari %(split)s sampai %(join)s yang berubah "
        "(baru: %(came)s; hilang: %(went)s). Tunggu sampai bagian itu selesai."
    ),
    "section_entered": _lazy(
        "Permohonan menunggu di %(at)s. Pada versi baru langkah itu ada di bagian paralel dari %(split)s sampai "
        "%(join)s, yang jalur lainnya belum pernah dimulai. Tunggu sampai langkah itu lewat."
    ),
    "join_changed": _lazy(
        "Satu jalur sudah sampai di titik temu %(at)s, yang pada versi baru didatangi dari jalur lain. "
        "Tunggu sampai titik itu lewat."
    ),
    "scope_changed": _lazy(
        "Permohonan menunggu di %(at)s di dalam %(old)s. Pada versi baru langkah itu ada di dalam %(new)s. "
        "Tunggu sampai langkah itu lewat."
    ),
    "loop_changed": _lazy(
        "Permohonan sedang dikerjakan satu per satu di %(at)s, dan urutan itu berubah. Tunggu sampai selesai."
    ),
    "uncomputable": _lazy(
        "Permohonan tidak bisa menunggu di %(at)s: kunci atau waktunya tidak bisa dihitung."
    ),
    "message_renamed": _lazy("%(at)s kini menunggu pesan %(new)s, bukan lagi %(old)s."),
    "signal_renamed": _lazy("%(at)s kini menunggu tanda %(new)s, bukan lagi %(old)s."),
    "effect_changed": _lazy("%(at)s sudah diminta menurut versi lama, dan tetap begitu."),
    "items_kept": _lazy("%(at)s diteruskan dengan daftar yang sudah dimulai."),
    "listens_no_more": _lazy("%(at)s tidak ada lagi, jadi tidak ditunggu lagi."),
    "reads_unset": _lazy("%(at)s membaca %(variable)s, yang belum diisi oleh permohonan atau langkah baru."),
    # What the service itself says.
    "no_position": _lazy(
        "Tidak ada jabatan untuk %(at)s pada versi baru. Perbaiki service.toml, lalu muat lagi."
    ),
    "no_time": _lazy("Tidak ada waktu untuk %(at)s pada versi baru. Perbaiki service.toml, lalu muat lagi."),
    "adapter_changed": _lazy(
        "%(at)s sudah diserahkan ke sistem lain daripada yang disebut versi baru. Tunggu jawabannya dahulu."
    ),
    "other_version": _lazy("Permohonan sudah tidak berjalan pada versi ini."),
    "moved_on": _lazy("Permohonan sudah bergerak sejak dipindahkan, jadi tetap pada versi baru."),
    "failed": _lazy("Ada kesalahan. Permohonan ini tidak berubah; catatan kesalahannya ada di server."),
}


def told(reason: Reason) -> str:
    """One reason or warning as a sentence."""
    data = {name: value or _nothing(name) for name, value in reason.data.items()}
    at = f"{reason.name} ({reason.element})" if reason.name else reason.element
    return str(WORDS[reason.kind]) % {"at": at, **data}


def told_json(rows: list[dict[str, Any]]) -> list[str]:
    """The same of stored reasons."""
    return [told(Reason(row["kind"], row["element"], row["name"], row["data"])) for row in rows]


def _nothing(name: str) -> str:
    return _("alur utama") if name in ("old", "new") else "-"
