"""Signing in: second factor for all but citizens, lock-outs, sessions that end when they should."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.web.conftest import NOW

from pendapa.web.accounts import actions as accounts
from pendapa.web.accounts.models import User
from pendapa.web.demo.logins import PASSWORD, present_code

LOGIN = "/akun/login/"


@pytest.fixture(autouse=True)
def _nobody_locked_out(people: dict[str, User]) -> None:
    cache.clear()


def enter(browser: Client, username: str, password: str = PASSWORD) -> str:
    """Try to sign in by password; where that leads to, or nothing."""
    answer = browser.post(LOGIN, {"login": username, "password": password})
    return str(answer.headers.get("Location", ""))


# --- second factor ---------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["fo", "kadis", "admin"])
def test_an_officers_password_alone_opens_nothing(client: Client, who: str) -> None:
    assert enter(client, who) == "/akun/2fa/authenticate/"
    assert client.get("/tugas/").headers["Location"].startswith("/akun/login/")
    wrong = client.post("/akun/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get("/akun/").headers["Location"].startswith("/akun/login/")
    right = client.post("/akun/2fa/authenticate/", {"code": present_code(who)})
    assert right.status_code == 302
    assert client.get("/akun/").headers["Location"] in ("/tugas/", "/kelola/")


def test_a_one_time_code_serves_once(client: Client) -> None:
    code = present_code("fo")
    assert enter(client, "fo") == "/akun/2fa/authenticate/"
    assert client.post("/akun/2fa/authenticate/", {"code": code}).status_code == 302
    other = Client()
    assert enter(other, "fo") == "/akun/2fa/authenticate/"
    assert other.post("/akun/2fa/authenticate/", {"code": code}).status_code == 200


@pytest.mark.parametrize("who", ["fo", "admin"])
def test_without_a_second_factor_every_page_leads_to_setting_one_up(
    client: Client, people: dict[str, User], who: str
) -> None:
    Authenticator.objects.filter(user=people[who]).delete()
    client.force_login(people[who])
    for address in (
        "/",
        "/layanan/",
        "/tugas/",
        "/kelola/",
        "/akun/",
        "/akun/profil/",
        "/akun/email/",
        "/verify/",
    ):
        assert client.get(address).headers["Location"] == "/akun/2fa/totp/activate/", address
    for address in ("/akun/logout/", "/akun/2fa/", "/akun/password/change/"):
        assert client.get(address).status_code == 200, address


def test_an_officer_cannot_take_the_second_factor_off(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["fo"])
    client.post("/akun/reauthenticate/", {"password": PASSWORD})
    client.post("/akun/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=people["fo"], type="totp").exists()


def test_a_citizen_needs_none(client: Client) -> None:
    assert enter(client, "warga") == "/akun/"
    assert client.get("/berkas/").status_code == 200


# --- lock-outs -------------------------------------------------------------------------------------
def test_five_wrong_passwords_lock_the_name_and_nobody_else(client: Client) -> None:
    for _ in range(5):
        assert enter(client, "warga", "salah-salah-salah") == ""
    assert enter(Client(), "warga") == "", "the right password, from another browser, must wait as well"
    assert enter(Client(), "warga2") == "/akun/"


def test_twenty_wrong_passwords_lock_the_address(client: Client) -> None:
    for number in range(20):
        enter(client, f"tebak{number}", "salah-salah-salah")
    assert enter(Client(), "warga") == ""
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert enter(elsewhere, "warga") == "/akun/"


def test_behind_a_proxy_the_visitors_address_is_counted_and_cannot_be_made_up(settings: object) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]

    def visitor(said: str) -> Client:
        return Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": said})

    for number in range(20):
        # The proxy adds what it sees behind whatever the visitor claims.
        enter(visitor(f"198.51.100.{number}, 192.0.2.1"), f"tebak{number}", "salah-salah-salah")
    assert enter(visitor("198.51.100.77, 192.0.2.1"), "warga") == ""
    assert enter(visitor("192.0.2.2"), "warga") == "/akun/", "others behind the same proxy are not locked out"


def test_without_a_proxy_a_claimed_address_counts_for_nothing() -> None:
    for number in range(20):
        claimed = Client(headers={"X-Forwarded-For": f"198.51.100.{number}"})
        enter(claimed, f"tebak{number}", "salah-salah-salah")
    assert enter(Client(headers={"X-Forwarded-For": "198.51.100.99"}), "warga") == ""


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(client: Client) -> None:
    pages = []
    for name in ("warga", "tidakadaorangnya"):
        page = client.post(LOGIN, {"login": name, "password": "salah-salah-salah"})
        pages.append(page.content.decode().replace(name, "X").partition("<main")[2])
        assert page.status_code == 200
    strip = [p.partition('name="csrfmiddlewaretoken"')[0] for p in pages]
    assert strip[0] == strip[1]


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(client: Client) -> None:
    answers = [
        client.post("/akun/password/reset/", {"email": email}).headers.get("Location")
        for email in ("warga@contoh.example", "tidakada@contoh.example")
    ]
    assert answers[0] == answers[1] == "/akun/password/reset/done/"


# --- sessions --------------------------------------------------------------------------------------
def test_a_new_password_ends_every_other_session(people: dict[str, User]) -> None:
    here, there = Client(), Client()
    assert enter(here, "warga") == enter(there, "warga") == "/akun/"
    fresh = "kalimat sandi yang baru"
    changed = here.post(
        "/akun/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    )
    assert changed.status_code == 302
    assert here.get("/berkas/").status_code == 200
    assert there.get("/berkas/").headers["Location"].startswith(LOGIN)


def test_a_suspended_person_is_out_at_the_next_click(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["fo"])
    assert client.get("/tugas/").status_code == 200
    accounts.suspend(people["fo"].pk, people["admin"], now=NOW)
    assert client.get("/tugas/").headers["Location"] == "/akun/inactive/"
    assert client.get("/tugas/").headers["Location"].startswith(LOGIN)


def test_session_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    enter(client, "warga")
    cookie = client.cookies["pendapa_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] in (
        "",
        8 * 60 * 60,
    )  # at most until the browser is closed, unless one asks to be remembered
    session = Session.objects.get(session_key=cookie.value)
    assert session.expire_date <= timezone.now() + timedelta(hours=8)


def test_signing_in_gives_the_session_another_number(client: Client) -> None:
    client.get(LOGIN)
    client.post(LOGIN, {"login": "warga", "password": "salah-salah-salah"})
    before = client.cookies["pendapa_session"].value if "pendapa_session" in client.cookies else ""
    enter(client, "warga")
    assert client.cookies["pendapa_session"].value != before


def test_behind_https_cookies_and_headers_are_strict(tmp_path: Path) -> None:
    ask = (
        "from pendapa.web import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.DEBUG)"
    )
    environment = {
        **os.environ,
        "PENDAPA_VAR": str(tmp_path),
        "PENDAPA_SITE_URL": "https://mall.contoh.example",
    }
    said = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["True", "True", "31536000", "False"]


def test_passwords_are_kept_by_argon2() -> None:
    import pendapa.web.settings as ours

    assert ours.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert site_settings.AUTH_PASSWORD_VALIDATORS
