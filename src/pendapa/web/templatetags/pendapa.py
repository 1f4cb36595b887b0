"""Filters and tags of all pages, a builtin of the engine: dates, working time, rupiah, masks, language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pendapa.web import sealed, shown
from pendapa.web.organisation import access as organisation

register = template.Library()

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def language() -> str:
    """The language of the page: "id" or "en"."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def local(moment: datetime) -> datetime:
    """An instant in the regency's zone."""
    return moment.astimezone(organisation.zone())


def _as_date(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


@register.filter
def short_date(value: date | datetime | None) -> str:
    """30 Maret 2026; the regency's date for an instant."""
    if not value:
        return ""
    day = _as_date(value)
    return f"{day.day} {MONTHS[language()][day.month - 1]} {day.year}"


@register.filter
def long_date(value: date | datetime | None) -> str:
    """Senin, 30 Maret 2026 / Monday, 30 March 2026."""
    if not value:
        return ""
    return f"{DAYS[language()][_as_date(value).weekday()]}, {short_date(value)}"


@register.simple_tag
def month_names() -> tuple[str, ...]:
    """The months in the page's language, January first."""
    return MONTHS[language()]


@register.filter
def clock_time(value: datetime | None) -> str:
    """09.12 / 09:12 in the regency's zone."""
    return local(value).strftime("%H.%M" if language() == "id" else "%H:%M") if value else ""


@register.filter
def long_moment(value: datetime | None) -> str:
    """Senin, 16 Maret 2026, 09.12."""
    return f"{long_date(value)}, {clock_time(value)}" if value else ""


@register.filter
def working_days(value: int | str | None) -> str:
    """3 hari kerja."""
    if value in (None, ""):
        return ""
    count = int(str(value))
    # Translators: working time promised or used
    return ngettext("%(count)s hari kerja", "%(count)s hari kerja", count) % {"count": count}


@register.filter
def working_time(value: Any) -> str:
    """A time limit ({"value", "unit"}, a dict or an object) in words: 5 hari kerja, 2 jam kerja, 30 menit."""
    if not value:
        return ""
    if isinstance(value, Mapping):
        count, unit = int(value["value"]), str(value["unit"])
    else:
        count, unit = int(value.value), str(value.unit)
    if unit in {"day", "working_day"}:
        return working_days(count)
    if unit in {"hour", "working_hour"}:
        return ngettext("%(count)s jam kerja", "%(count)s jam kerja", count) % {"count": count}
    return ngettext("%(count)s menit", "%(count)s menit", count) % {"count": count}


@register.filter
def rupiah(value: int | str | Decimal | None) -> str:
    """1250000 -> Rp1.250.000 (Rp1,250,000 in English); an empty text where no amount is known."""
    if value in (None, ""):
        return ""
    text = f"{Decimal(str(value)):,.0f}"
    return "Rp" + (text if language() == "en" else text.replace(",", "."))


@register.filter
def masked_name(value: str | None) -> str:
    """Bunga Contoh -> B. C***h."""
    return sealed.mask_name(value or "")


@register.filter
def masked_number(value: str | None) -> str:
    """9999010101900001 -> 9999********0001."""
    return sealed.mask_number(value or "")


@register.filter
def masked_email(value: str | None) -> str:
    """bunga@contoh.invalid -> b***@contoh.invalid."""
    return sealed.mask_email(value or "")


@register.filter
def localised(thing: Any, stem: str = "name") -> str:
    """The text of `stem` in the page's language from a dict or object: name_en if given, else name_id."""
    if not thing:
        return ""

    def pick(key: str) -> str:
        found = thing.get(key) if isinstance(thing, Mapping) else getattr(thing, key, None)
        return str(found or "")

    return (pick(f"{stem}_en") if language() == "en" else "") or pick(f"{stem}_id")


@register.simple_tag(takes_context=True)
def keep_query(context: Mapping[str, Any], **changes: Any) -> str:
    """The address's query with some keys changed; None or "" removes one: {% keep_query after=x %}."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def fields_of(form: Any) -> list[shown.ShownField]:
    """The fields of a Django form, to be drawn by components/field.html; none where a page has no form."""
    return shown.fields_of(form) if isinstance(form, BaseForm) else []


@register.filter
def form_errors(form: Any) -> list[shown.ShownError]:
    """The error summary of a Django form; empty where a page has no form or nothing was sent yet."""
    return shown.form_errors(form) if isinstance(form, BaseForm) and form.is_bound else []


@register.filter
def errors_of(fields: Iterable[shown.ShownField]) -> list[shown.ShownError]:
    """The error summary of shown fields."""
    return shown.errors_of(fields)


@register.filter
def element_id(name: str) -> str:
    """The HTML id that components/field.html gives an input of this name."""
    return shown.element_id(name)


@register.filter
def state_word(state: str) -> str:
    """The word said beside a step's mark, so that colour is never alone."""
    return {
        "done": _("Selesai"),
        "now": _("Sedang berjalan"),
        "coming": _("Berikutnya"),
        "stopped": _("Berhenti"),
        "paused": _("Menunggu"),
    }.get(state, "")


# At the end of a text in brackets, or the whole text.
_UNCONFIRMED = re.compile(
    r"(?:\s*\((?:perlu dikonfirmasi|to be confirmed)\)|^(?:perlu dikonfirmasi|to be confirmed))\.?$", re.I
)


@register.filter
def unconfirmed(text: Any) -> SafeString:
    """A text of the catalogue; "(perlu dikonfirmasi)" at its end becomes the mark of that name."""
    plain = str(text or "")
    found = _UNCONFIRMED.search(plain)
    if found is None:
        return conditional_escape(plain)
    return format_html(
        '{} <span class="pill warn">{}</span>', plain[: found.start()], _("Perlu dikonfirmasi")
    )
