"""What a person reads beside an answer that is not right: the form's own words, else these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pendapa.forms.model import Frozen, Scale


@dataclass(frozen=True, slots=True)
class AnswerError:
    """`path` is the instance path; `kind` is required, constraint, type, choice, unknown or limit;
    `message` by language."""

    path: str
    kind: str
    message: Mapping[str, str]


DEFAULTS: dict[str, tuple[str, str]] = {  # (Indonesian, English)
    "required": ("Isi kolom ini.", "Fill in this field."),
    "constraint": (
        "Jawaban ini belum sesuai. Periksa kembali.",
        "This answer does not fit. Please check it.",
    ),
    "choice": ("Pilih salah satu dari daftar.", "Choose from the list."),
    "unknown": ("Kolom ini tidak ada dalam formulir.", "This field is not part of the form."),
    "limit": ("Jawaban ini terlalu panjang.", "This answer is too long."),
    "limit:repeats": ("Jumlah isian terlalu banyak.", "There are too many entries."),
    "type": ("Isi dengan benar.", "Fill this in correctly."),
    "type:int": ("Isi dengan angka bulat, misalnya 12.", "Enter a whole number, for example 12."),
    "type:decimal": ("Isi dengan angka, misalnya 12.5.", "Enter a number, for example 12.5."),
    "type:date": ("Isi tanggal, misalnya 2026-03-30.", "Enter a date, for example 2026-03-30."),
    "type:time": ("Isi jam, misalnya 07:30.", "Enter a time, for example 07:30."),
    "type:dateTime": (
        "Isi tanggal dan jam, misalnya 2026-03-30T07:30.",
        "Enter date and time, for example 2026-03-30T07:30.",
    ),
    "type:binary": ("Unggah berkasnya kembali.", "Upload the file again."),
    "type:geotrace": (
        "Isi sedikitnya dua titik, misalnya -6.98 109.14; -6.99 109.15.",
        "Enter two or more points, for example -6.98 109.14; -6.99 109.15.",
    ),
    "type:geoshape": (
        "Isi titik-titik batas; titik terakhir sama dengan titik pertama.",
        "Enter the points of the outline; the last one is the same as the first.",
    ),
    "type:geopoint": (
        "Isi lintang dan bujur, misalnya -6.98 109.14.",
        "Enter latitude and longitude, for example -6.98 109.14.",
    ),
}


def scale_message(scale: Scale, languages: tuple[str, ...]) -> dict[str, str]:
    """What a range question takes, in words."""
    numbers = {"start": scale.start, "end": scale.end, "step": scale.step}
    indonesian = "Isi dengan angka dari {start} sampai {end}, kelipatan {step}.".format(**numbers)
    english = "Enter a number from {start} to {end} in steps of {step}.".format(**numbers)
    return {**dict.fromkeys(languages, english), "id": indonesian, "en": english}


def default_message(kind: str, detail: str = "", languages: tuple[str, ...] = ()) -> dict[str, str]:
    """The default words in Indonesian and English, and in English for any other language of the form."""
    indonesian, english = DEFAULTS.get(f"{kind}:{detail}", DEFAULTS[kind])
    return {**dict.fromkeys(languages, english), "id": indonesian, "en": english}


def frozen_message(
    own: Mapping[str, str], kind: str, detail: str, languages: tuple[str, ...]
) -> Frozen[str, str]:
    return Frozen({**default_message(kind, detail, languages), **own})
