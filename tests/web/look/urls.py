"""The site's addresses and a page that shows every component."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from pendapa.web.shown import (
    ShownChoice,
    ShownFact,
    ShownField,
    ShownFilter,
    ShownStep,
    errors_of,
)

DISTRICTS = tuple(
    ShownChoice(name.lower(), name)
    for name in (
        "Adiwerna",
        "Balapulang",
        "Bojong",
        "Bumijawa",
        "Dukuhturi",
        "Jatinegara",
        "Kedungbanteng",
        "Slawi",
    )
)
YES_NO = (ShownChoice("ya", "Ya", "Saya sudah punya STR."), ShownChoice("tidak", "Tidak"))

FIELDS = [
    ShownField(
        "/asks",
        "Apakah Anda sudah pernah punya izin praktik?",
        "select_one",
        choices=YES_NO,
        hint="Izin di kabupaten lain juga dihitung.",
    ),
    ShownField("/name", "Nama lengkap", hint="Seperti pada KTP", autocomplete="name", value="Bunga Contoh"),
    ShownField(
        "/nik",
        "NIK",
        "code",
        error="NIK terdiri dari 16 angka. Lihat KTP Anda.",
        value="99990101",
    ),
    ShownField("/why", "Alasan", "multiline", required=False),
    ShownField("/email", "Email", "email"),
    ShownField("/password", "Kata sandi", "password"),
    ShownField("/years", "Lama bekerja", "integer", unit="tahun", value="3"),
    ShownField("/area", "Luas ruang", "decimal", unit="m²", hint="Pakai koma untuk pecahan."),
    ShownField("/born", "Tanggal lahir", "date"),
    ShownField("/at", "Jam praktik mulai", "time"),
    ShownField("/district", "Kecamatan", "select_one", choices=DISTRICTS, error="Pilih kecamatan."),
    ShownField("/sex", "Pilih satu", "select_one", choices=YES_NO, error="Pilih salah satu."),
    ShownField("/days", "Hari praktik", "select_multiple", choices=DISTRICTS[:3], value="bojong adiwerna"),
    ShownField("/photo", "Pas foto", "image", limits="JPG atau PNG, paling besar 5 MB."),
    ShownField(
        "/letter", "Surat tempat praktik", "file", limits="PDF, paling besar 5 MB.", value="contoh.pdf"
    ),
    ShownField("/true", "Saya menyatakan isian ini benar.", "acknowledge"),
    ShownField("/note", "Catatan\nDua baris teks tanpa isian.", "note"),
    ShownField("/given", "Nomor STR", value="STR-CONTOH-01", readonly=True),
]
STEPS = [
    ShownStep("Permohonan diterima", "done", when="Senin, 16 Maret 2026, 09.12"),
    ShownStep("Persyaratan lengkap", "done", "Diperiksa petugas DPMPTSP.", "Senin, 16 Maret 2026, 13.40"),
    ShownStep(
        "Rekomendasi Dinas Kesehatan dan IBI",
        "now",
        "IBI sudah memberi rekomendasi. Dinas Kesehatan masih meninjau.",
        "Berjalan sejak 16 Maret",
    ),
    ShownStep("Menunggu perbaikan dari Anda", "paused", "Waktu tidak dihitung selama menunggu."),
    ShownStep("Ditolak", "stopped", "Alasannya ada di surat."),
    ShownStep("Tanda tangan Kepala DPMPTSP", "coming"),
    ShownStep("Izin terbit", "coming", "Anda mendapat pesan dan bisa mengunduhnya di sini."),
]


class Profile(forms.Form):
    """A Django form, to be drawn like the others."""

    name = forms.CharField(label="Nama", help_text="Seperti pada KTP")
    remember = forms.BooleanField(label="Ingat saya", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    messages.success(request, "Jawaban Anda disimpan.")
    messages.error(request, "Berkas itu bukan PDF.")
    source = (Path(__file__).parent / "gallery.html").read_text(encoding="utf-8")
    form = Profile({"name": ""})
    page = (
        engines["django"]
        .from_string(source)
        .render(
            {
                "fields": FIELDS,
                "errors": errors_of(FIELDS),
                "steps": STEPS,
                "facts": [
                    ShownFact("Paling lambat", "Senin, 30 Maret 2026"),
                    ShownFact("Terpakai", "2 dari 5 hari kerja"),
                    ShownFact("Libur", "18–24 Maret (Nyepi, Idulfitri, cuti bersama)"),
                    ShownFact("Nomor", "SIP-2026-000417", "/"),
                ],
                "filters": [
                    ShownFilter("Semua", "?", 24, chosen=True),
                    ShownFilter("Terlambat", "?a", 2),
                    ShownFilter("Hari ini", "?b", 5),
                    ShownFilter("Belum diambil", "?c", "100+"),
                    ShownFilter("Dikembalikan", "?d"),
                ],
                "form": form,
            },
            request,
        )
    )
    return HttpResponse(page)


def asks(request: HttpRequest) -> HttpResponse:
    """A page that asks one thing."""
    template = engines["django"].from_string(
        (Path(__file__).parent / "asks.html").read_text(encoding="utf-8")
    )
    which = request.GET.get("which", "text")
    field = {
        "text": ShownField("/name", "Siapa nama lengkap Anda?", hint="Seperti pada KTP.", asks=True),
        "radio": ShownField("/sex", "Apa profesi Anda?", "select_one", choices=YES_NO, asks=True),
    }[which]  # fmt: skip
    return HttpResponse(template.render({"field": field}, request))


urlpatterns = [
    path("komponen/", gallery),
    path("tanya/", asks),
    path("", include("pendapa.web.urls")),
]
