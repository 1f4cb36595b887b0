"""All addresses of the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from pendapa.web.errors import page

urlpatterns = [
    path("", include("pendapa.web.catalogue.urls")),
    path("", include("pendapa.web.cases.urls")),
    path("", include("pendapa.web.signing.urls")),
    path("", include("pendapa.web.payments.urls")),
    path("kelola/", include("pendapa.web.organisation.urls")),
    path("akun/", include("pendapa.web.accounts.urls")),
    path("akun/", include("allauth.urls")),
]


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def handler500(request: HttpRequest) -> HttpResponse:
    return page(request, 500)
