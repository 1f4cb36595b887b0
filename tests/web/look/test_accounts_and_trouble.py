"""Sign-in pages and pages of trouble: in the site's look, in plain words, without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from pendapa.web.accounts.models import User

TROUBLE = ["400", "403", "403_csrf", "404", "413", "429", "500", "503", "507"]


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_is_said_without_database_session_or_request(name: str) -> None:
    for language in ("id", "en"):
        with override(language):
            page = render_to_string(f"{name}.html", {"plain": True})
        assert page.count("<h1") == 1
        assert f'lang="{language}"' in page
        assert 'href="/"' in page, "there is a way out"


def test_a_stale_page_leads_back_to_itself() -> None:
    assert 'href="/berkas/x/"' in render_to_string("403_csrf.html", {"back": "/berkas/x/"})


@pytest.mark.django_db
@pytest.mark.usefixtures("tegal")
class TestSignIn:
    def test_a_wrong_password_is_summed_up_and_never_sent_back(self, client: Client) -> None:
        page = client.post("/akun/login/", {"login": "warga", "password": "rahasia-salah"}).content.decode()
        assert 'class="error-summary"' in page
        assert 'value="warga"' in page
        assert "rahasia-salah" not in page

    def test_an_empty_form_leads_to_each_field(self, client: Client) -> None:
        page = client.post("/akun/signup/", {}).content.decode()
        assert 'href="#f-email"' in page
        assert 'id="f-email"' in page
        assert 'href="#f-name"' in page

    @pytest.mark.parametrize("address", ["/akun/login/", "/akun/signup/", "/akun/password/reset/"])
    def test_pages_need_no_script_and_no_inline_style(self, client: Client, address: str) -> None:
        page = client.get(address).content.decode()
        assert "<script" not in page
        assert "style=" not in page
        assert page.count("<h1") == 1

    def test_an_officer_sets_up_the_second_factor_with_an_inline_picture(
        self, client: Client, people: dict[str, User]
    ) -> None:
        from allauth.mfa.models import Authenticator

        officer = next(user for user in people.values() if user.kind == User.Kind.OFFICER)
        Authenticator.objects.filter(user=officer).delete()
        client.force_login(officer)
        answer = client.get("/akun/2fa/totp/activate/", follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200
        if "Pasang kode pengaman" in page:
            assert "<svg" in page
            assert "data:image" not in page
        else:
            assert "Pastikan ini Anda" in page, "a fresh session first confirms who it is"

    def test_every_account_page_of_a_signed_in_person_comes_out(
        self, client: Client, people: dict[str, User]
    ) -> None:
        client.force_login(people["warga"])
        for address in (
            "/akun/password/change/",
            "/akun/email/",
            "/akun/2fa/",
            "/akun/logout/",
            "/akun/reauthenticate/",
        ):
            answer = client.get(address)
            assert answer.status_code in {200, 302}, address
            if answer.status_code == 200:
                page = answer.content.decode()
                assert page.count("<h1") == 1, address
                assert "<script" not in page, address

    def test_signing_up_goes_by_a_code_in_a_plain_letter(self, client: Client) -> None:
        person = {"email": "bunga@contoh.invalid", "password1": "kata-sandi-contoh-9", "name": "Bunga Contoh"}
        page = client.post("/akun/signup/", person, follow=True).content.decode()
        assert "Pastikan email Anda" in page
        assert "bunga@contoh.invalid" in page
        letter = mail.outbox[-1]
        assert letter.subject == "Kode untuk memastikan email Anda"
        code = re.search(r"Kode Anda: (\S+)", letter.body)
        assert code is not None, letter.body
        wrong = client.post("/akun/confirm-email/", {"code": "SALAH1"}).content.decode()
        assert 'class="error-summary"' in wrong
        client.post("/akun/confirm-email/", {"code": code[1]})
        assert client.session.get("_auth_user_id") == str(User.objects.get(email="bunga@contoh.invalid").pk)
