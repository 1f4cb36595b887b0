"""The navigation of each kind of person leads to pages that exist."""

from __future__ import annotations

import pytest
from django.test import Client

from pendapa.web import context
from pendapa.web.accounts.models import User

LABELS = {
    "": ["Layanan", "Lacak berkas", "Masuk"],
    "citizen": ["Layanan", "Berkas saya"],
    "officer": ["Tugas", "Tanda tangan", "Layanan"],
    "administrator": ["Administrasi", "Layanan"],
}


@pytest.mark.parametrize(("kind", "labels"), LABELS.items())
def test_every_entry_has_its_page(kind: str, labels: list[str]) -> None:
    assert [link.label for link in context.navigation(kind, "/")] == labels


def test_the_present_place_is_marked() -> None:
    assert [link.label for link in context.navigation("citizen", "/berkas/SIP-1/") if link.here] == [
        "Berkas saya"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["warga", "fo", "admin"])
def test_the_entries_open_for_whom_they_are_shown(
    client: Client, people: dict[str, User], username: str
) -> None:
    person = people[username]
    client.force_login(person)
    entries = context.navigation(person.kind, "/")
    for link in entries:
        answer = client.get(link.url)
        assert answer.status_code == 200, (link.label, answer.status_code)
    page = client.get("/layanan/").content.decode()
    assert all(f'href="{link.url}"' in page for link in entries)
    assert person.get_short_name() in page
    assert client.get("/akun/profil/").status_code == 200
