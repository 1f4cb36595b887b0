"""What every page knows: the regency's names, languages, navigation, whether the data are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from pendapa.web.organisation import access as organisation
from pendapa.web.templatetags.pendapa import language, localised


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation."""

    label: str
    url: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The surroundings of a page."""

    name: str
    regency: str
    regency_short: str
    mall: str
    facts: Mapping[str, Any]
    language: str
    other_language: Link
    navigation: tuple[Link, ...]
    account: Link | None
    illustrative: bool
    demo: bool
    unconfirmed: tuple[str, ...] = field(default=())


def regency_facts() -> Mapping[str, Any]:
    """regency.toml as last published; empty before the first `pendapa load`."""
    try:
        return organisation.regency()
    except organisation.NothingPublished:
        return {}


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `site`, read only when a template asks for it.

    The base page calls it `pendapa`, since allauth's views put another `site` over ours.
    """
    surroundings = SimpleLazyObject(lambda: describe(request))
    return {"site": surroundings, "pendapa": surroundings}


def describe(request: HttpRequest) -> Site:
    """The surroundings of the page that answers `request`; bare ones when the database is away."""
    try:
        facts = regency_facts()
        person = getattr(request, "user", None)
        kind = getattr(person, "kind", "") if person is not None and person.is_authenticated else ""
        account_name = person.get_short_name() if person is not None and kind else ""
    except DatabaseError:
        facts, kind, account_name = {}, "", ""
    here = language()
    other = "id" if here == "en" else "en"
    other_url = _address("catalogue:language")
    back = request.get_full_path() if request.method == "GET" else request.path
    return Site(
        name="Pendapa",
        regency=localised(facts),
        regency_short=str(facts.get("short_name", "")),
        mall=str(facts.get("mall_name", "")),
        facts=facts,
        language=here,
        other_language=Link(
            dict(settings.LANGUAGES)[other], f"{other_url}?{urlencode({'pilih': other, 'kembali': back})}"
        ),
        navigation=navigation(kind, request.path),
        account=Link(account_name, _address("accounts:profile")) if account_name else None,
        illustrative=bool(facts.get("illustrative")),
        demo=settings.DEMO,
        unconfirmed=tuple(facts.get("to_be_confirmed", ())),
    )


def navigation(kind: str, path: str) -> tuple[Link, ...]:
    """The entries for a kind of person ("" is nobody yet); pages not built in are left out."""
    services = (_("Layanan"), "catalogue:services")
    track = (_("Lacak berkas"), "cases:track_lookup")
    entries = {
        "": [services, track, (_("Masuk"), "account_login")],
        "citizen": [services, (_("Berkas saya"), "cases:mine")],
        "officer": [(_("Tugas"), "cases:inbox"), (_("Tanda tangan"), "signing:tray"), services],
        "administrator": [(_("Administrasi"), "organisation:overview"), services],
    }[kind]
    found = [(label, _address(name)) for label, name in entries]
    return tuple(Link(label, url, path.startswith(url)) for label, url in found if url)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
