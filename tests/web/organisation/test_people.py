"""An administrator invites, suspends, restores, places and ends; nonsense is refused in a sentence."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from tests.web.conftest import NOW

from pendapa.web.accounts import actions as accounts
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions as cases
from pendapa.web.cases.models import Case
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.events.chain import verify_case
from pendapa.web.events.models import Event
from pendapa.web.notifications.actions import send_waiting
from pendapa.web.notifications.models import Message
from pendapa.web.organisation import actions
from pendapa.web.organisation.access import local_day, posts_of
from pendapa.web.organisation.models import Placement, Position

TODAY = date(2026, 11, 23)
Positions = dict[str, Position]


def last_event(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("pk")


# --- inviting --------------------------------------------------------------------------------------
def test_an_invited_officer_sets_a_password_by_a_link_of_one_use_and_must_set_up_codes(
    admin: User, client: Client, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    person = accounts.invite_person("Lia  Rekaan", "Lia@Contoh.example", "officer", admin, now=NOW)
    assert (person.name, person.email, person.has_usable_password()) == (
        "Lia Rekaan",
        "lia@contoh.example",
        False,
    )
    assert last_event("person.invited").data == {"person": str(person.key), "kind": "officer"}
    assert send_waiting(now=NOW) == 1
    (letter,) = mail.outbox
    assert letter.to == ["lia@contoh.example"]
    (link,) = re.findall(r"http://[^/\s]+(/akun/password/reset/key/\S+)", str(letter.body))
    page = client.get(link, follow=True)
    assert "Buat kata sandi baru" in page.content.decode()
    new = {"password1": "kalimat panjang rekaan", "password2": "kalimat panjang rekaan"}
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    person.refresh_from_db()
    assert person.check_password("kalimat panjang rekaan")
    assert "Tautan tidak berlaku lagi" in Client().get(link, follow=True).content.decode()
    entered = client.post(
        "/akun/login/", {"login": "lia@contoh.example", "password": "kalimat panjang rekaan"}
    )
    assert entered.status_code == 302
    assert client.get("/layanan/").headers["Location"] == "/akun/2fa/totp/activate/"
    again = client.get("/akun/2fa/totp/activate/").headers[
        "Location"
    ]  # the password once more, then the codes
    set_up = client.post(again, {"password": "kalimat panjang rekaan"}, follow=True)
    assert "Pasang kode pengaman" in set_up.content.decode()
    assert set_up.request["PATH_INFO"] == "/akun/2fa/totp/activate/"


def test_the_link_of_an_invitation_lies_sealed_in_the_database(admin: User) -> None:
    accounts.invite_person("Lia Rekaan", "lia@contoh.example", "officer", admin, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, address FROM notifications_message")
        ((body, address),) = cursor.fetchall()
    assert b"password/reset" not in bytes(body)
    assert b"lia@" not in bytes(address)


@pytest.mark.parametrize(
    ("name", "email", "kind", "said"),
    [
        ("", "a@contoh.example", "officer", "Isi nama"),
        ("Lia", "bukan alamat", "officer", "tidak lengkap"),
        ("Lia", "FO@contoh.example", "officer", "sudah dipakai"),
        ("Lia", "a@contoh.example", "citizen", "warga membuat akunnya sendiri"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    admin: User, name: str, email: str, kind: str, said: str
) -> None:
    before = User.objects.count()
    with pytest.raises(Refused, match=said):
        accounts.invite_person(name, email, kind, admin, now=NOW)
    assert (User.objects.count(), Message.objects.count()) == (before, 0)


def test_an_invitation_is_sent_again_only_until_a_password_is_set(
    admin: User, people: dict[str, User]
) -> None:
    person = accounts.invite_person("Lia Rekaan", "lia@contoh.example", "officer", admin, now=NOW)
    accounts.invite_again(person.pk, admin, now=NOW)
    assert Message.objects.filter(recipient=person).count() == 2
    with pytest.raises(Refused, match="sudah membuat kata sandi"):
        accounts.invite_again(people["fo"].pk, admin, now=NOW)


# --- suspending ------------------------------------------------------------------------------------
def test_a_suspended_person_is_out_at_once_and_leaves_no_task_behind(
    admin: User, people: dict[str, User], submit: Callable[..., Case], client: Client
) -> None:
    case = submit("izin-praktik-bidan-perawat")
    task = case.tasks.get()
    cases.claim(task.pk, people["fo"], now=NOW)
    client.force_login(people["fo"])
    assert client.get("/layanan/").status_code == 200
    accounts.suspend(people["fo"].pk, admin, now=NOW)
    assert client.get("/layanan/").headers["Location"] == "/akun/inactive/"
    assert client.get("/akun/profil/").headers["Location"].startswith("/akun/login/")
    task.refresh_from_db()
    case.refresh_from_db()
    assert task.claimed_by is None
    assert list(verify_case(case)) == []
    people["fo"].refresh_from_db()
    assert posts_of(people["fo"], TODAY) == []
    login = client.post("/akun/login/", {"login": "fo", "password": "pendapa-contoh-2026"})
    assert login.headers["Location"] == "/akun/inactive/"
    accounts.restore(people["fo"].pk, admin, now=NOW)
    people["fo"].refresh_from_db()
    assert len(posts_of(people["fo"], TODAY)) == 1
    assert last_event("person.restored").data == {"person": str(people["fo"].key)}


def test_nobody_suspends_themselves_or_the_last_administrator(admin: User, second_admin: User) -> None:
    with pytest.raises(Refused, match="akun Anda sendiri"):
        accounts.suspend(admin.pk, admin, now=NOW)
    accounts.suspend(second_admin.pk, admin, now=NOW)
    second_admin.refresh_from_db()
    with pytest.raises(NotYours):
        accounts.suspend(admin.pk, second_admin, now=NOW)
    with pytest.raises(Refused, match="sudah ditangguhkan"):
        accounts.suspend(second_admin.pk, admin, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_suspend_each_other_leave_one(admin: User, second_admin: User) -> None:
    together = threading.Barrier(2)

    def attempt(who: User, whom: User) -> None:
        try:
            together.wait()
            accounts.suspend(whom.pk, who, now=NOW)
        except (Refused, NotYours):
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=attempt, args=pair) for pair in ((admin, second_admin), (second_admin, admin))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(kind="administrator", suspended_at__isnull=True).count() == 1


@pytest.mark.parametrize("who", ["warga", "fo", "kadis"])
def test_only_administrators_act_on_people(people: dict[str, User], position: Positions, who: str) -> None:
    actor, other = people[who], people["skp"]
    seat = Placement.objects.get(user=other)
    for act in (
        lambda: accounts.invite_person("Lia", "lia@contoh.example", "officer", actor, now=NOW),
        lambda: accounts.invite_again(other.pk, actor, now=NOW),
        lambda: accounts.suspend(other.pk, actor, now=NOW),
        lambda: accounts.restore(other.pk, actor, now=NOW),
        lambda: actions.place(other.pk, seat.position_id, "definitive", TODAY, None, "", actor, now=NOW),
        lambda: actions.end_placement(seat.pk, TODAY, actor, now=NOW),
        lambda: actions.resend_message(1, actor, now=NOW),
    ):
        with pytest.raises(NotYours):
            act()


# --- placing ---------------------------------------------------------------------------------------
def test_a_placement_gives_the_position_between_its_days_only(
    admin: User, people: dict[str, User], position: Positions
) -> None:
    placed = actions.place(
        people["verif"].pk,
        position["DPMPTSP-FO"].pk,
        "definitive",
        date(2026, 12, 1),
        date(2026, 12, 31),
        "",
        admin,
        now=NOW,
    )
    assert placed.warnings == ()

    def holds(day: date) -> bool:
        return any(p.position.code == "DPMPTSP-FO" for p in posts_of(people["verif"], day))

    assert [holds(date(2026, *d)) for d in ((11, 30), (12, 1), (12, 31))] == [False, True, True]
    assert not holds(date(2027, 1, 1))
    event = last_event("person.placed")
    assert (event.data["position"], event.data["ends"], event.agency) == (
        "DPMPTSP-FO",
        "2026-12-31",
        "DPMPTSP",
    )


@pytest.mark.parametrize(
    ("who", "code", "kind", "starts", "ends", "decree", "said"),
    [
        ("verif", "DPMPTSP-KADIS", "plt", TODAY, TODAY, " ", "surat keputusan"),
        ("verif", "DPMPTSP-KADIS", "plh", TODAY, None, "SP/1", "batas waktunya"),
        ("verif", "DPMPTSP-FO", "definitive", TODAY, TODAY - timedelta(days=1), "", "lebih awal"),
        ("verif", "DPMPTSP-FO", "raja", TODAY, None, "", "Pilih cara"),
        ("verif", "DPMPTSP-VERIF", "definitive", TODAY, None, "", "sudah memegang"),
        ("verif", "DPMPTSP-KADIS", "definitive", TODAY, None, "", "sudah dipegang Agus Teladan"),
        ("warga", "DPMPTSP-FO", "definitive", TODAY, None, "", "akun warga"),
    ],
)
def test_a_placement_that_makes_no_sense_is_refused(
    admin: User, people: dict[str, User], position: Positions,
    who: str, code: str, kind: str, starts: date, ends: date | None, decree: str, said: str,
) -> None:  # fmt: skip
    before = Placement.objects.count()
    with pytest.raises(Refused, match=said):
        actions.place(people[who].pk, position[code].pk, kind, starts, ends, decree, admin, now=NOW)
    assert Placement.objects.count() == before


@pytest.mark.parametrize(
    ("ends", "long"),
    # Three months from 23 November 2026 end with 22 February 2027.
    [(date(2027, 2, 22), False), (date(2027, 2, 23), True)],
)
def test_a_plt_longer_than_three_months_is_warned_of_and_not_forbidden(
    admin: User, people: dict[str, User], position: Positions, ends: date, long: bool
) -> None:
    vacant = position["BAPENDA-KABAN"]
    placed = actions.place(people["plt"].pk, vacant.pk, "plt", TODAY, ends, "SK/1", admin, now=NOW)
    assert any("tiga bulan" in warning for warning in placed.warnings) == long


def test_a_second_extension_of_a_plt_is_warned_of(
    admin: User, people: dict[str, User], position: Positions
) -> None:
    def months(starts: date, ends: date) -> tuple[str, ...]:
        return actions.place(
            people["plt"].pk, position["BAPENDA-KABAN"].pk, "plt", starts, ends, "SK/1", admin, now=NOW
        ).warnings

    assert months(date(2026, 11, 23), date(2027, 2, 22)) == ()
    assert months(date(2027, 2, 23), date(2027, 5, 22)) == ()
    (warning,) = months(date(2027, 5, 23), date(2027, 8, 22))
    assert "hanya satu kali" in warning


def test_a_plt_beside_a_definitive_holder_is_questioned(
    admin: User, people: dict[str, User], position: Positions
) -> None:
    placed = actions.place(
        people["verif"].pk, position["DPMPTSP-KADIS"].pk, "plt", TODAY, TODAY, "SK/1", admin, now=NOW
    )
    assert ["Plh., bukan Plt." in warning for warning in placed.warnings] == [True]


def test_a_placement_ended_now_takes_the_position_and_its_tasks_away(
    admin: User, people: dict[str, User], submit: Callable[..., Case]
) -> None:
    case = submit("izin-praktik-bidan-perawat")
    task = case.tasks.get()
    cases.claim(task.pk, people["fo"], now=NOW)
    seat = Placement.objects.get(user=people["fo"])
    actions.end_placement(seat.pk, TODAY - timedelta(days=1), admin, now=NOW)
    assert posts_of(people["fo"], local_day(NOW)) == []
    task.refresh_from_db()
    assert task.claimed_by is None
    with pytest.raises(NotYours):
        cases.claim(task.pk, people["fo"], now=NOW)
    assert last_event("person.placement_ended").data["last_day"] == "2026-11-22"
    with pytest.raises(Refused, match="sudah berakhir"):
        actions.end_placement(seat.pk, TODAY, admin, now=NOW)


def test_the_past_of_a_placement_is_not_rewritten(admin: User, people: dict[str, User]) -> None:
    seat = Placement.objects.get(user=people["fo"])
    with pytest.raises(Refused, match="sudah lewat"):
        actions.end_placement(seat.pk, TODAY - timedelta(days=2), admin, now=NOW)
    acting = Placement.objects.get(user=people["plt"], kind="plh")
    with pytest.raises(Refused, match="sesudah akhir"):
        actions.end_placement(acting.pk, acting.period.upper, admin, now=NOW)


def test_a_placement_that_has_not_begun_is_called_off(
    admin: User, people: dict[str, User], position: Positions
) -> None:
    later = TODAY + timedelta(days=9)
    placed = actions.place(
        people["verif"].pk, position["DPMPTSP-FO"].pk, "definitive", later, None, "", admin, now=NOW
    )
    assert actions.end_placement(placed.placement.pk, TODAY, admin, now=NOW) is None
    assert not Placement.objects.filter(pk=placed.placement.pk).exists()
    assert last_event("person.placement_ended").data["called_off"] is True
