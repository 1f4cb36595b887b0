"""A new site gets its first administrator from the command line, and only its first."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.conftest import NOW

from pendapa.web.accounts.actions import first_administrator
from pendapa.web.accounts.models import User
from pendapa.web.cases.refusals import Refused


@pytest.fixture
def new_site(tegal: None) -> None:
    User.objects.filter(kind="administrator").update(suspended_at=NOW)


def test_the_link_lets_the_first_administrator_choose_a_password_once(new_site: None) -> None:
    person, link = first_administrator("Ratna Contoh", "ratna@contoh.example", now=NOW)
    assert (person.kind, person.has_usable_password()) == ("administrator", False)
    client = Client()
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    answer = client.post(
        page.redirect_chain[-1][0], {"password1": "sandi-contoh-77", "password2": "sandi-contoh-77"}
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password("sandi-contoh-77")


def test_asking_twice_before_the_password_is_set_gives_the_same_account(new_site: None) -> None:
    first, _ = first_administrator("Ratna Contoh", "ratna@contoh.example", now=NOW)
    again, _ = first_administrator("Ratna Contoh", "ratna@contoh.example", now=NOW)
    assert first.pk == again.pk


def test_a_site_with_an_administrator_makes_no_other(tegal: None) -> None:
    with pytest.raises(Refused):
        first_administrator("Ratna Contoh", "ratna@contoh.example", now=NOW)
