"""The administrator's pages: what they show, whom they exist for, and what they keep to themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.web.conftest import NOW

from pendapa.regency import Regency, Report
from pendapa.web.accounts import actions as accounts
from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor
from pendapa.web.events.models import Event
from pendapa.web.notifications import actions as notifications
from pendapa.web.notifications.channels import CHANNELS, NotDelivered
from pendapa.web.notifications.models import Message
from pendapa.web.organisation.access import local_day
from pendapa.web.organisation.administration import PAGE
from pendapa.web.organisation.models import Placement, Position
from pendapa.web.organisation.publishing import publish

SIP = "izin-praktik-bidan-perawat"
PAGES = [
    "/kelola/",
    f"/kelola/layanan/{SIP}/",
    "/kelola/orang/",
    "/kelola/orang/undang/",
    "/kelola/pesan/",
    "/kelola/peristiwa/",
]


def text(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def second_load(people: dict[str, User], regency_as_read: tuple[Regency, Report]) -> None:
    """A second publication in which one file of the practice licence is another, one is new and one is gone."""
    regency, report = regency_as_read
    changed = []
    for service in regency.services:
        if service.slug == SIP:
            letters = dict(service.letters)
            letters["letter.md"] += "\nTambahan.\n"
            service = dataclasses.replace(
                service, letters=letters, form_files={"petunjuk.csv": b"baru"}, content_hash="f" * 64
            )
        changed.append(service)
    publish(
        dataclasses.replace(regency, services=tuple(changed), content_hash="e" * 64),
        report,
        now=NOW,
        actor=Actor(people["admin"].key, people["admin"].pk),
    )


@pytest.mark.parametrize("address", PAGES)
def test_a_page_stands_under_the_strict_policy_and_asks_little_of_the_database(
    desk: Client,
    submit: Callable[..., Case],
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    submit(SIP)
    desk.get("/layanan/")
    with django_assert_max_num_queries(12):
        page = text(desk, address)
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "<script" not in page


@pytest.mark.parametrize("address", [*PAGES, "/kelola/orang/1/", "/kelola/layanan/tidak-ada/"])
@pytest.mark.parametrize("who", ["warga", "fo", "kadis"])
def test_for_everybody_else_the_pages_do_not_exist(
    client: Client, people: dict[str, User], address: str, who: str
) -> None:
    client.force_login(people[who])
    assert client.get(address).status_code == 404
    assert client.get("/kelola/").content == client.get("/tidak-ada/").content


def test_running_cases_are_shown_by_the_version_they_keep(
    desk: Client, submit: Callable[..., Case], people: dict[str, User], request: pytest.FixtureRequest
) -> None:
    from pendapa.web.cases.actions import withdraw

    over = submit(SIP)
    withdraw(over.pk, now=NOW, actor=Actor())
    submit(SIP)
    submit(SIP)
    request.getfixturevalue("second_load")
    submit(SIP)
    service = Service.objects.get(slug=SIP)
    from pendapa.web.organisation.administration import services, versions_of

    (row,) = [r for r in services(people["admin"]) if r.service.slug == SIP]
    assert (row.versions, row.on_current, row.on_older) == (2, 1, 2)
    _service, (second, first) = versions_of(people["admin"], SIP)
    assert (second.running, first.running) == (1, 2)
    assert (second.added, second.removed, second.changed) == (("petunjuk.csv",), (), ("letter.md",))
    page = text(desk, f"/kelola/layanan/{service.slug}/")
    assert "petunjuk.csv" in page
    assert "ffffffffffffffff" in page
    assert "Ratna Peraga" in page


def test_the_report_of_the_last_load_is_shown_with_its_warnings(
    desk: Client, regency_as_read: tuple[Regency, Report]
) -> None:
    _regency, report = regency_as_read
    page = text(desk, "/kelola/")
    assert "nomor 1" in page
    for warning in report.warnings:
        assert warning.where in page
    assert f"{report.summary['agencies']} instansi" in page
    assert f"{report.summary['positions']} jabatan" in page
    assert "office_hours" not in page, "every count has its word"


# --- people ----------------------------------------------------------------------------------------
def test_people_are_found_by_name_and_by_position_and_citizens_are_not_listed(desk: Client) -> None:
    assert "Agus Teladan" in text(desk, "/kelola/orang/?q=teladan")
    found = text(desk, "/kelola/orang/?q=front+office") + text(desk, "/kelola/orang/?q=sri")
    assert "Sri Misal" in found
    everybody = text(desk, "/kelola/orang/")
    assert "Budi Contoh" not in everybody
    assert "Tidak ada yang cocok" in text(desk, "/kelola/orang/?q=budi")


def test_pages_of_people_are_complete_and_name_nobody_twice(desk: Client, admin: User) -> None:
    for number in range(2 * PAGE):
        # The same name again and again: the key must tell them apart.
        User.objects.create(
            username=f"p{number}",
            name="Sama Rekaan",
            email=f"p{number}@contoh.example",
            kind="officer",
            date_joined=NOW,
        )
    from pendapa.web.organisation.administration import people as listed

    seen: list[int] = []
    after: int | None = None
    while True:
        page = listed(admin, local_day(NOW), after=after)
        seen += [person.pk for person in page.rows]
        if not page.next:
            break
        after = int(page.next)
    assert len(seen) == len(set(seen))
    assert set(seen) == set(User.objects.exclude(kind="citizen").values_list("pk", flat=True))


def test_an_invitation_with_a_position_is_one_act(desk: Client, position: dict[str, Position]) -> None:
    given = {
        "name": "Lia Rekaan", "email": "lia@contoh.example", "person_kind": "officer",
        "position": position["DPMPTSP-KADIS"].pk, "kind": "plt", "decree": "",
        "starts": "2026-11-23", "ends": "2026-12-23",
    }  # fmt: skip
    refused = desk.post("/kelola/orang/undang/", given)
    page = refused.content.decode()
    assert "surat keputusan" in page
    assert 'value="lia@contoh.example"' in page  # what was typed stays
    assert not User.objects.filter(email="lia@contoh.example").exists()
    done = desk.post("/kelola/orang/undang/", {**given, "decree": "SK/9"})
    lia = User.objects.get(email="lia@contoh.example")
    assert done.headers["Location"] == f"/kelola/orang/{lia.pk}/"
    assert lia.placements.get().decree == "SK/9"
    assert "Diundang" in text(desk, f"/kelola/orang/{lia.pk}/")


def test_placing_suspending_and_ending_by_the_pages(
    desk: Client, people: dict[str, User], position: dict[str, Position]
) -> None:
    who = people["verif"]
    day = local_day(NOW)
    given = {"position": position["BAPENDA-KABAN"].pk, "kind": "plt", "decree": "SK/2", "starts": day.isoformat(),
             "ends": (day + timedelta(days=200)).isoformat()}  # fmt: skip
    page = desk.post(f"/kelola/orang/{who.pk}/tempatkan/", given, follow=True).content.decode()
    assert "lebih dari tiga bulan" in page
    assert "Plt. Kepala Badan Pendapatan Daerah" in page
    seat = Placement.objects.get(user=who, kind="plt")
    wrong = desk.post(f"/kelola/penempatan/{seat.pk}/akhiri/", {"last_day": "1999-01-01"})
    assert wrong.status_code == 200
    assert 'id="f-last_day"' in wrong.content.decode() or "f-last-day" in wrong.content.decode()
    suspended = desk.post(f"/kelola/orang/{who.pk}/tangguhkan/", follow=True).content.decode()
    assert "Ditangguhkan" in suspended
    assert "Aktif" in desk.post(f"/kelola/orang/{who.pk}/pulihkan/", follow=True).content.decode()
    me = desk.post(f"/kelola/orang/{people['admin'].pk}/tangguhkan/", follow=True).content.decode()
    assert "akun Anda sendiri" in me


# --- messages --------------------------------------------------------------------------------------
class Broken:
    """A channel that refuses as mail servers do: with the address in the sentence."""

    def send(self, address: str, subject: str, body: str, *, message_id: str) -> None:
        raise NotDelivered(f"550 <{address}> mailbox unavailable")


def test_messages_show_their_state_without_addresses_and_are_sent_again(
    desk: Client, submit: Callable[..., Case], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHANNELS, "email", Broken())
    case = submit(SIP, people["warga"])
    message = case.messages.get()
    assert message.subject is None  # worded when it is sent
    notifications.send_waiting(now=NOW)
    message.refresh_from_db()
    assert message.subject == f"Permohonan {case.number} kami terima"
    assert f"/berkas/{case.number}/" in message.body
    assert (
        message.last_error
        == f"550 <{message.address[0]}***@{message.address.partition('@')[2]}> mailbox unavailable"
    )
    Message.objects.filter(pk=message.pk).update(status="failed")
    page = text(desk, "/kelola/pesan/?status=failed")
    assert case.number in page
    assert message.address not in page
    assert case.applicant_name not in page
    assert "1 pesan gagal" in text(desk, "/kelola/")
    assert desk.post(f"/kelola/pesan/{message.pk}/kirim-ulang/").status_code == 302
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("waiting", 0)
    assert Event.objects.get(kind="message.resent").data == {"message": message.pk}
    assert desk.post("/kelola/pesan/999999/kirim-ulang/").status_code == 404


# --- events ----------------------------------------------------------------------------------------
def test_the_log_is_paged_by_key_and_names_positions_not_citizens(
    desk: Client, submit: Callable[..., Case], do_task: Callable[..., Case], people: dict[str, User]
) -> None:
    case = submit(SIP, people["warga"])
    do_task(case, "periksa", "fo")
    accounts.suspend(people["kesbangpol"].pk, people["admin"], now=NOW)
    page = text(desk, "/kelola/peristiwa/")
    assert "Permohonan diterima" in page
    assert "Akun ditangguhkan: Yanto Tamsil" in page
    assert "Budi Contoh" not in page
    assert case.applicant_name not in page
    only_people = text(desk, "/kelola/peristiwa/?tentang=orang")
    assert "Permohonan diterima" not in only_people
    from pendapa.web.organisation.administration import events

    seen: list[int] = []
    after: int | None = None
    for _round in range(20):
        found = events(people["admin"], after=after)
        seen += [event.pk for event in found.rows]
        if not found.next:
            break
        after = int(found.next)
    assert seen == list(Event.objects.order_by("-pk").values_list("pk", flat=True))


def test_an_after_key_that_is_no_number_shows_the_first_page(desk: Client) -> None:
    for address in (
        "/kelola/peristiwa/?after=x'",
        "/kelola/orang/?after=-1",
        "/kelola/pesan/?after=" + "9" * 40,
    ):
        assert desk.get(address).status_code == 200
