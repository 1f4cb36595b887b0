"""How allauth is bent to this site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from pendapa.web.limits import address
from pendapa.web.sealed import seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Suspended people cannot enter; wrong passwords are counted for the same address as everything else."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address(request) or super().get_client_ip(request)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if user.suspended_at is not None:
            return redirect("account_inactive")
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second-factor secrets are encrypted at rest like other personal data; officers cannot do without one."""

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not authenticator.user.needs_second_factor

    def encrypt(self, text: str) -> str:
        return seal(text.encode(), "mfa").hex()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(bytes.fromhex(encrypted_text), "mfa").decode()
