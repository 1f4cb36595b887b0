"""Pages for what goes wrong. Each says what happened and the way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of one status, without touching database or session."""
    return HttpResponse(render_to_string(f"{status}.html", {"plain": True}), status=status)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose security mark no longer fits: the page was open for too long, or cookies are off."""
    return HttpResponse(render_to_string("403_csrf.html", {"plain": True, "back": request.path}), status=403)
