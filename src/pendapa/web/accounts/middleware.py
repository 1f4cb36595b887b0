"""Who may go on: not the suspended, nobody but citizens without a second factor, nobody whose session is over."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

# What a person without a second factor needs to set one up, or to leave.
_OPEN = (
    "/static/",
    "/bahasa/",
    "/akun/2fa/",
    "/akun/confirm-email/",
    "/akun/inactive/",
    "/akun/login/",
    "/akun/logout/",
    "/akun/password/",
    "/akun/reauthenticate/",
)


class RequireSecondFactor:
    """Send an officer without a second factor to set one up; every other page waits until then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if user.suspended_at is not None:
                logout(request)
                return redirect("account_inactive")
            if (
                user.needs_second_factor
                and not request.path.startswith(_OPEN)
                and not request.session.get("second_factor_set")
            ):
                if not is_mfa_enabled(user):
                    return redirect("mfa_activate_totp")
                request.session["second_factor_set"] = True
        return self.get_response(request)


class TellExpiredSession:
    """Who sends a form after the session ended is told that nothing was stored, and comes back to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if (
            request.method == "POST"
            and not request.user.is_authenticated
            and response.status_code == 302
            and response["Location"].startswith(f"{login}?next=")
        ):
            messages.warning(
                request,
                _(
                    "Anda sudah keluar karena lama diam, jadi isian tadi belum disimpan. Masuk lagi, lalu ulangi."
                ),
            )
            response["Location"] = f"{login}?{urlencode({'next': _page_of_form(request)})}"
        return response


def _page_of_form(request: HttpRequest) -> str:
    """The page the form stood on, if the browser names one of ours; else where it was sent to."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc == request.get_host() and page.path.startswith("/"):
        return page.path + (f"?{page.query}" if page.query else "")
    return request.path
