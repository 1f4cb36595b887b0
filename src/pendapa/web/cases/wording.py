"""What pages say where plain inputs need words: orders, ranges, outlines, choices that follow other answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pendapa.forms import Choice, Field, Form, plain_path
from pendapa.web.cases.places import place_hint
from pendapa.web.shown import Precision

NO_PLACE = "-"
"""Stands in a rank for a place that was left empty, so that what was typed is shown again as it was."""
SPECIFY_OTHER = "Specify other."
"""The label that or_other gives its text question, in whatever language the form is."""


def choice_label(choice: Choice) -> str:
    """A choice's label; the choice that or_other adds is in English in every form."""
    return _("Lainnya") if choice.name == "other" and choice.label == "Other" else choice.label


def own_hint(field: Field) -> str:
    """How to answer, where a form has no hint of its own and the input does not explain itself."""
    if field.kind == "geopoint":
        return place_hint()
    if field.kind == "barcode":
        return _("Ketik huruf dan angka yang tertulis di bawah kode.")
    if field.kind == "rank":
        return _("Pilih satu untuk setiap urutan. Urutan 1 yang paling utama.")
    return ""


def precision(field: Field) -> Precision:
    """Which part of a date is asked, by the appearances month-year and year."""
    looks = field.appearance.split()
    if field.kind == "date" and "month-year" in looks:
        return "month"
    return "year" if field.kind == "date" and "year" in looks else "day"


def scale_in_words(form: Form, path: str, language: str) -> str:
    """What a range takes: from, to, and in which steps."""
    scale = next((d.scale for d in form.definition if d.short == path and d.scale), None)
    if scale is None:
        return ""
    numbers = {"start": scale.start, "end": scale.end, "step": scale.step}
    if language == "id":
        numbers = {key: text.replace(".", ",") for key, text in numbers.items()}
    if scale.step in ("1", "1.0"):
        return _("Dari %(start)s sampai %(end)s.") % numbers
    return _("Dari %(start)s sampai %(end)s, kelipatan %(step)s.") % numbers


def wrong_order(value: str, labels: Mapping[str, str]) -> str:
    """Why a rank does not fit: one thing in two places, or a place left out between others."""
    words = value.split(" ")
    for word in words:
        if words.count(word) > 1 and word != NO_PLACE:
            return _("%(choice)s dipilih untuk dua urutan. Pilih yang berbeda untuk setiap urutan.") % {
                "choice": labels.get(word, word)
            }
    if NO_PLACE in words:
        return _("Urutan %(number)d belum diisi, padahal urutan sesudahnya sudah. Isi tanpa melompat.") % {
            "number": words.index(NO_PLACE) + 1
        }
    return _("Ada pilihan yang tidak ada di daftar ini. Pilih lagi.")


def points(value: str) -> str:
    """How many points a line or an outline has."""
    count = len([part for part in value.split(";") if part.strip()])
    return ngettext("%(count)d titik", "%(count)d titik", count) % {"count": count}


def follows_the_page(form: Form, paths: Iterable[str]) -> frozenset[str]:
    """Those of a page's questions whose choices depend on another answer of the same page."""
    wanted = list(paths)
    plain = {plain_path(path) for path in wanted}
    filters = {
        d.short: d.itemset.nodeset.partition("[")[2]
        for d in form.definition
        if d.itemset is not None and "[" in d.itemset.nodeset and d.short in plain
    }
    if not filters:
        return frozenset()
    following = {
        short
        for short, condition in filters.items()
        if any(
            other != short and re.search(rf"/{re.escape(other.rsplit('/', 1)[-1])}\b", condition)
            for other in plain
        )
    }
    return frozenset(path for path in wanted if plain_path(path) in following)
