"""The published service standard (PermenPANRB 15/2014) as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

INNER_COMPONENTS = {
    "legal_basis": _("Dasar hukum"),
    "facilities": _("Sarana dan fasilitas"),
    "competence": _("Kemampuan petugas"),
    "supervision": _("Pengawasan"),
    "staff": _("Jumlah petugas"),
    "guarantee": _("Jaminan layanan"),
    "security": _("Jaminan keamanan"),
    "evaluation": _("Penilaian kinerja"),
}
"""Components 7 to 14, in the order of the regulation."""
_TEXTS = ("requirements", "procedure", "time_note", "fee_note", "fee_basis", "product", "complaints")


@dataclass(frozen=True, slots=True)
class PublishedStandard:
    """Components 1-6 in the page's language where translated; 7-14 as (title, texts).

    The fee is in rupiah; None where a formula decides it. `untranslated` names the texts that are in Indonesian though
    the page is not.
    """

    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    time_limit: Mapping[str, Any]
    time_note: str
    fee_idr: int | None
    fee_note: str
    fee_basis: str
    product: str
    complaints: str
    inner: tuple[tuple[Any, tuple[str, ...]], ...]
    untranslated: frozenset[str]

    @property
    def only_indonesian(self) -> bool:
        """Whether even the requirements have no English on an English page."""
        return "requirements" in self.untranslated

    @property
    def promised_days(self) -> int | None:
        """The promise in whole working days; None where it is given in hours or minutes."""
        in_days = self.time_limit.get("unit") in {"day", "working_day"}
        return int(self.time_limit["value"]) if in_days else None


def read_standard(definition: Mapping[str, Any], language: str) -> PublishedStandard:
    """The standard of a stored definition, be it of an online service or a row of services.csv."""
    standard = definition.get("standard")
    if standard is None:
        return _of_row(definition, language)
    other: Mapping[str, Any] = (definition.get("standard_en") or {}) if language == "en" else {}
    limit, fee = standard.get("time_limit") or {}, standard.get("fee") or {}
    other_limit, other_fee = other.get("time_limit") or {}, other.get("fee") or {}
    english = {
        "time_note": other_limit.get("note"),
        "fee_note": other_fee.get("note"),
        "fee_basis": other_fee.get("legal_basis"),
        **{name: other.get(name) for name in ("requirements", "procedure", "product", "complaints")},
    }
    return PublishedStandard(
        requirements=tuple(english["requirements"] or standard.get("requirements") or ()),
        procedure=tuple(english["procedure"] or standard.get("procedure") or ()),
        time_limit=limit,
        time_note=str(english["time_note"] or limit.get("note") or ""),
        fee_idr=fee.get("amount_idr"),
        fee_note=str(english["fee_note"] or fee.get("note") or ""),
        fee_basis=str(english["fee_basis"] or fee.get("legal_basis") or ""),
        product=str(english["product"] or standard.get("product") or ""),
        complaints=str(english["complaints"] or standard.get("complaints") or ""),
        inner=_inner(standard),
        untranslated=frozenset(name for name in _TEXTS if language == "en" and not english[name]),
    )


def _of_row(row: Mapping[str, Any], language: str) -> PublishedStandard:
    fee = row.get("fee_idr")
    value = row.get("time_value")
    return PublishedStandard(
        requirements=_listed(row.get("requirements")),
        procedure=(),
        time_limit={"value": value, "unit": row.get("time_unit")} if value else {},
        time_note="",
        fee_idr=None if fee in (None, "") else int(str(fee)),
        fee_note=str(row.get("fee_note") or ""),
        fee_basis="",
        product=str(row.get("product") or ""),
        complaints="",
        inner=_inner(row),
        untranslated=frozenset(_TEXTS if language == "en" else ()),
    )


def _inner(source: Mapping[str, Any]) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    found = ((title, _listed(source.get(key))) for key, title in INNER_COMPONENTS.items())
    return tuple((title, texts) for title, texts in found if texts)


def _listed(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return tuple(str(part) for part in value or ())
