"""Pages of the catalogue: home, lists, one service, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pendapa.web.catalogue import access
from pendapa.web.catalogue.definitions import picture_type
from pendapa.web.catalogue.models import ServiceFile
from pendapa.web.catalogue.search import LONGEST_QUERY
from pendapa.web.shown import ShownFilter


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: search, life events, what we promised and what we kept, and the way to a case."""
    now = timezone.now()
    entries = access.entries()
    return render(
        request,
        "catalogue/home.html",
        {
            "groups": access.by_life_event(entries),
            "often": access.often_sought(now, entries),
            "promises": access.promises_kept(now, entries),
            "fewest": access.FEWEST_CASES,
            "count": len(entries),
        },
    )


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """All services: found by words, filtered by way, grouped by life event or by agency."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    way = request.GET.get("cara", "")
    by_agency = request.GET.get("menurut") == "instansi"
    entries = access.entries()
    found = access.find(query, entries) if query else entries
    chosen = [entry for entry in found if entry.way == way] if way in _ways() else found
    grouping = access.by_agency if by_agency else access.by_life_event
    return render(
        request,
        "catalogue/services.html",
        {
            "query": query,
            "way": way,
            "by_agency": by_agency,
            "filters": _filters(request, found, way),
            "entries": chosen,
            "groups": [] if query else grouping(chosen),
            "others": access.often_sought(timezone.now(), entries) if query and not chosen else [],
        },
    )


@require_safe
def life_event(request: HttpRequest, code: str) -> HttpResponse:
    """The services for one moment of life."""
    return _group(request, code, access.by_life_event(access.entries()))


@require_safe
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """The services of one agency."""
    return _group(request, code, access.by_agency(access.entries()))


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: what it gives, what to prepare, how long, how much, who decides, and the way to apply."""
    try:
        page = access.service_page(slug)
    except access.NoSuchService as error:
        raise Http404 from error
    return render(
        request, "catalogue/service.html", {"page": page, "entry": page.entry, "standard": page.standard}
    )


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to where the person was."""
    back = request.GET.get("kembali", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    answer = redirect(back if safe else reverse("catalogue:home"))
    wanted = request.GET.get("pilih", "")
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 60 * 60,
            samesite="Lax",
            secure=settings.SECURE,
            httponly=True,
        )
    return answer


def _group(request: HttpRequest, code: str, groups: list[access.Group]) -> HttpResponse:
    try:
        group = access.group_called(code, groups)
    except access.NoSuchService as error:
        raise Http404 from error
    return render(request, "catalogue/group.html", {"group": group})


def _ways() -> dict[str, str]:
    return {"online": _("Bisa diajukan di sini"), "outside": _("Lewat sistem lain"), "counter": _("Di loket")}


def _filters(request: HttpRequest, found: list[access.Entry], chosen: str) -> list[ShownFilter]:
    def url(way: str) -> str:
        query = request.GET.copy()
        query.pop("cara", None)
        if way:
            query["cara"] = way
        return "?" + query.urlencode()

    ways = _ways()
    return [ShownFilter(_("Semua"), url(""), len(found), chosen not in ways)] + [
        ShownFilter(label, url(way), sum(entry.way == way for entry in found), chosen == way)
        for way, label in ways.items()
    ]


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request: HttpRequest, version: int, name: str) -> HttpResponse:
    """A picture that a form of a published version shows beside a question. A version never changes."""
    kind = picture_type(name)
    file = ServiceFile.objects.filter(version=version, path=name).first() if kind else None
    if file is None:
        raise Http404
    return HttpResponse(bytes(file.content), content_type=kind)
