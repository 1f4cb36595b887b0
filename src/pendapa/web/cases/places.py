"""Places typed as latitude and longitude: read forgivingly, told in words, shown on a map behind a plain link."""

from __future__ import annotations

import re

from django.http import QueryDict
from django.utils.translation import gettext as _

LATITUDE, LONGITUDE = ".lat", ".lon"
"""Endings of the names of the two inputs."""

_DEGREES = r"[+\-−]?\d{1,3}(?:[.,]\d{1,15})?"
# Two numbers with a blank between them, or as map programs copy them, with points: -6.98123,109.13456.
_PAIR = re.compile(rf"({_DEGREES})\s*[,;]?\s+({_DEGREES})|([+\-−]?\d+\.\d+),([+\-−]?\d+\.\d+)")
_SOUTH_WEST = re.compile(r"\b(LS|S|BB|W)\b", re.IGNORECASE)


def read_place(data: QueryDict, name: str) -> str:
    """'latitude longitude' from two inputs, or from both pasted into the first; as typed where it is no place.

    Accuracy and altitude are left out: people read a map, they do not measure.
    """
    first = data.get(name + LATITUDE, data.get(name, "")).strip()[:80]
    second = data.get(name + LONGITUDE, "").strip()[:80]
    if first and not second and (pair := _PAIR.fullmatch(first)):
        first, second = pair[1] or pair[3], pair[2] or pair[4]
    if not first and not second:
        return ""
    # The blank keeps an empty half apart from the other: '-6.98 ' has no longitude.
    return f"{_plain(first)} {_plain(second)}"


def _plain(text: str) -> str:
    """Degrees with a point and a plain minus: '6,98 LS' and '−6.98°' are -6.98."""
    text = text.replace("−", "-").replace("°", " ").replace(",", ".")
    side = _SOUTH_WEST.search(text)
    number = re.sub(r"\s*\b(LS|LU|BT|BB|S|N|E|W)\b\s*", "", text, flags=re.IGNORECASE).strip()
    if side and number and number[0].isdigit():
        number = "-" + number
    return re.sub(r"\s+", "", number)


def halves(value: str) -> tuple[str, str]:
    """Latitude and longitude of a stored or half typed place, for its two inputs."""
    first, _blank, rest = value.partition(" ")
    return first, rest.split(" ")[0]


def degrees(value: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where the text is no place on earth."""
    try:
        latitude, longitude = (float(half) for half in halves(value))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def place_in_words(value: str, language: str) -> str:
    """'-6,98' and '109,14' with the marks of the compass: 6,98° LS, 109,14° BT."""
    found = degrees(value)
    if found is None:
        return value
    latitude, longitude = (half.lstrip("-+") for half in halves(value))
    north = _("%(degrees)s° LU") if found[0] >= 0 else _("%(degrees)s° LS")
    east = _("%(degrees)s° BT") if found[1] >= 0 else _("%(degrees)s° BB")
    comma = "," if language == "id" else "."
    return ", ".join(
        words % {"degrees": text.replace(".", comma)}
        for words, text in ((north, latitude), (east, longitude))
    )


def map_url(value: str) -> str:
    """OpenStreetMap with the place marked; empty where there is no place. Nothing is loaded from there by our pages."""
    found = degrees(value)
    if found is None:
        return ""
    latitude, longitude = found
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


def place_hint() -> str:
    """How to read the two numbers from a map, in plain words."""
    return _(
        "Di aplikasi peta, tekan lama tempatnya sampai muncul dua angka, misalnya -6.98123, 109.13456. "
        "Angka pertama garis lintang, angka kedua garis bujur."
    )


def wrong_place(value: str) -> str:
    """Why the typed text is no place, and what to write."""
    latitude, longitude = halves(value)
    if not latitude or not longitude:
        return _("Isi garis lintang dan garis bujur, keduanya, misalnya -6.98123 dan 109.13456.")
    try:
        swapped = abs(float(latitude)) > 90 >= abs(float(longitude))
    except ValueError:
        return _("Tulis kedua angka tanpa huruf, misalnya -6.98123 dan 109.13456.")
    if swapped:
        return _("Tampaknya kedua angka tertukar: garis lintang di Indonesia antara -11 dan 6. Tukar isinya.")
    return _("Tempat ini tidak ada: garis lintang antara -90 dan 90, garis bujur antara -180 dan 180.")
