"""Everyone who is not a citizen works only behind a second factor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_OPEN = ("/akun/", "/static/", "/bahasa/")


class RequireSecondFactor:
    """Send an officer without a second factor to set one up; every other page waits until then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_OPEN):
            return self.get_response(request)
        user = request.user
        if user.is_authenticated:
            if user.suspended_at is not None:
                from django.contrib.auth import logout

                logout(request)
                return redirect("account_inactive")
            if user.needs_second_factor and not request.session.get("second_factor_set"):
                if not is_mfa_enabled(user):
                    return redirect("mfa_activate_totp")
                request.session["second_factor_set"] = True
        return self.get_response(request)
