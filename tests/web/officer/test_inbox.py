"""The inbox: whose tasks, in which order, how many, and how they are searched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, inbox
from pendapa.web.cases.models import Case, Task
from pendapa.web.organisation.access import local_day, posts_of

SIP = "izin-praktik-bidan-perawat"
LETTER = "surat-keterangan-penelitian"
Login = Callable[[str], Client]
Submit = Callable[..., Case]
INBOX = "/tugas/"


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pendapa.web.cases.views_inbox.timezone.now", lambda: NOW)


def copies(task: Task, count: int, *, same_due: bool = False) -> None:
    """More open tasks of the same case and position."""
    Task.objects.bulk_create(
        Task(
            case=task.case,
            instance=1000 + n,
            element=task.element,
            kind=task.kind,
            position=task.position,
            agency=task.agency,
            service=task.service,
            district=task.district,
            opened_at=task.opened_at,
            due_at=task.due_at if same_due else task.due_at + timedelta(minutes=n // 3),
        )
        for n in range(count)
    )


def test_an_officer_sees_the_tasks_of_the_position_with_the_name_masked(submit: Submit, login: Login) -> None:
    case = submit(SIP)
    page = login("fo").get(INBOX).content.decode()
    assert case.number in page
    assert "Siti Contoh" not in page
    assert "S. A***." in page  # "Siti Contoh, A.Md.Keb.": first letter, then first and last of the last word
    assert "Hari ini, 16.00" not in page  # one working day from Monday is Tuesday's close
    assert "Besok" in page


def test_another_agency_sees_nothing_of_it(submit: Submit, login: Login) -> None:
    case = submit(SIP)
    assert case.number not in login("dukcapil").get(INBOX).content.decode()


@pytest.mark.parametrize(("who", "status"), [("warga", 404), ("admin", 404), ("fo", 200)])
def test_only_officers_have_an_inbox(login: Login, who: str, status: int) -> None:
    assert login(who).get(INBOX).status_code == status


def test_nobody_is_sent_to_sign_in_and_then_on(client: Client, people: dict[str, User]) -> None:
    answer = client.get(INBOX)
    assert (answer.status_code, answer["Location"]) == (302, "/akun/login/?next=/tugas/")


@pytest.mark.parametrize("same_due", [True, False])
def test_pages_by_key_show_every_task_once(submit: Submit, people: dict[str, User], same_due: bool) -> None:
    task = submit(SIP).tasks.get()
    copies(task, 49, same_due=same_due)
    posts = posts_of(people["fo"], local_day(NOW))
    seen, after = [], ""
    for _ in range(10):
        page = inbox.page_of(posts, inbox.Wanted(after=inbox.place_of(after) if after else None), now=NOW)
        seen += [(t.due_at, t.pk) for t in page.tasks]
        after = page.next
        if not after:
            break
    assert seen == sorted(Task.objects.values_list("due_at", "pk"))
    assert len(seen) == 50


def test_a_page_stays_stable_while_tasks_before_it_are_done(submit: Submit, people: dict[str, User]) -> None:
    task = submit(SIP).tasks.get()
    copies(task, 30, same_due=True)
    posts = posts_of(people["fo"], local_day(NOW))
    first = inbox.page_of(posts, inbox.Wanted(), now=NOW)
    before = inbox.page_of(posts, inbox.Wanted(after=inbox.place_of(first.next)), now=NOW)
    Task.objects.filter(pk__in=[t.pk for t in first.tasks[:5]]).update(status="cancelled", done_at=NOW)
    after = inbox.page_of(posts, inbox.Wanted(after=inbox.place_of(first.next)), now=NOW)
    assert [t.pk for t in before.tasks] == [t.pk for t in after.tasks]


def test_a_place_in_the_inbox_survives_the_address() -> None:
    due = datetime(2026, 11, 24, 9, 0, 0, 123457, tzinfo=UTC)
    assert inbox.place_of(inbox.key_of(12, due)) == (due, 12)


@pytest.mark.parametrize("nonsense", ["", "x", "1_x", "_", "9" * 40 + "_1", "1", "1_2_3"])
def test_a_made_up_place_is_passed_over(nonsense: str, login: Login) -> None:
    assert login("fo").get(INBOX, {"after": nonsense}).status_code == 200


def test_counts_are_told_of_the_first_tasks_and_never_beyond_99(
    submit: Submit, people: dict[str, User]
) -> None:
    task = submit(SIP).tasks.get()
    copies(task, 119)
    ids = list(Task.objects.order_by("pk").values_list("pk", flat=True))
    # Of 120: five are late, seven due later on the same day, ten claimed, three returned.
    Task.objects.update(due_at=NOW + timedelta(days=3))
    Task.objects.filter(pk__in=ids[:5]).update(due_at=NOW - timedelta(hours=1))
    Task.objects.filter(pk__in=ids[5:12]).update(due_at=NOW + timedelta(hours=1))
    Task.objects.filter(pk__in=ids[12:22]).update(claimed_by=people["fo"])
    Task.objects.filter(pk__in=ids[22:25]).update(returned=True)
    posts = posts_of(people["fo"], local_day(NOW))
    assert inbox.counts_of(posts, now=NOW) == {
        "semua": "99+",
        "terlambat": "5",
        "hari-ini": "7",
        "belum-diambil": "99+",
        "dikembalikan": "3",
    }


def test_counts_admit_what_lies_beyond_their_window(
    submit: Submit, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = submit(SIP).tasks.get()
    copies(task, 29)
    monkeypatch.setattr(inbox, "WINDOW", 20)
    posts = posts_of(people["fo"], local_day(NOW))
    assert inbox.counts_of(posts, now=NOW)["belum-diambil"] == "20+"


@pytest.mark.parametrize(
    ("view", "expected"), [("terlambat", 1), ("hari-ini", 1), ("dikembalikan", 1), ("semua", 4)]
)
def test_each_filter_shows_its_own_tasks(
    submit: Submit, people: dict[str, User], view: str, expected: int
) -> None:
    task = submit(SIP).tasks.get()
    copies(task, 3)
    late, today, returned, _rest = Task.objects.order_by("pk")
    Task.objects.update(due_at=NOW + timedelta(days=3))
    Task.objects.filter(pk=late.pk).update(due_at=NOW - timedelta(seconds=1))
    Task.objects.filter(pk=today.pk).update(due_at=inbox.end_of_day(NOW) - timedelta(seconds=1))
    Task.objects.filter(pk=returned.pk).update(returned=True)
    posts = posts_of(people["fo"], local_day(NOW))
    assert len(inbox.page_of(posts, inbox.Wanted(view=view), now=NOW).tasks) == expected


def test_unclaimed_leaves_out_what_a_colleague_has(submit: Submit, people: dict[str, User]) -> None:
    one, two = submit(SIP).tasks.get(), submit(SIP, variant=1).tasks.get()
    actions.claim(one.pk, people["fo"], now=NOW)
    posts = posts_of(people["fo"], local_day(NOW))
    assert [t.pk for t in inbox.page_of(posts, inbox.Wanted(view="belum-diambil"), now=NOW).tasks] == [two.pk]


def test_a_late_task_climbs_into_the_superiors_inbox_with_a_mark(
    submit: Submit, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = submit(SIP)
    task = case.tasks.get()
    assert case.number not in login("kabid").get(INBOX).content.decode()
    assert actions.climb(task.pk, now=task.due_at)
    monkeypatch.setattr(
        "pendapa.web.cases.views_inbox.timezone.now", lambda: task.due_at + timedelta(hours=1)
    )
    superior = login("kabid").get(INBOX).content.decode()
    assert case.number in superior
    assert "Naik ke Anda" in superior
    own = login("fo").get(INBOX).content.decode()
    assert case.number in own
    assert "Naik ke Anda" not in own


def test_somebody_with_both_positions_sees_a_climbed_task_once(
    submit: Submit, people: dict[str, User]
) -> None:
    task = submit(SIP).tasks.get()
    assert actions.climb(task.pk, now=task.due_at)
    posts = posts_of(people["fo"], local_day(NOW)) + posts_of(people["kabid"], local_day(NOW))
    assert [t.pk for t in inbox.page_of(posts, inbox.Wanted(), now=NOW).tasks] == [task.pk]
    assert inbox.counts_of(posts, now=NOW)["semua"] == "1"


def test_a_case_is_found_by_its_number(submit: Submit, login: Login) -> None:
    one, two = submit(SIP), submit(SIP, variant=1)
    answer = login("fo").post(INBOX, {"cari": f" {one.number.lower()} "}, follow=True)
    page = answer.content.decode()
    assert one.number in page
    assert two.number not in page


def test_a_person_is_found_by_nik_which_never_stands_in_an_address(submit: Submit, login: Login) -> None:
    one, two = submit(SIP), submit(SIP, variant=1)
    client = login("fo")
    answer = client.post(INBOX, {"cari": "9999 0101 0190 0001"})
    assert "9999010101900001" not in answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    assert one.number in page
    assert two.number not in page
    assert "9999010101900001" not in page


def test_a_search_by_name_says_why_it_cannot_be(submit: Submit, login: Login) -> None:
    submit(SIP)
    answer = login("fo").post(INBOX, {"cari": "Siti Contoh"})
    assert answer.status_code == 422
    assert "Nama disimpan terenkripsi" in answer.content.decode()


def test_a_number_of_another_agencys_case_finds_nothing(submit: Submit, login: Login) -> None:
    case = submit(SIP)
    page = login("dukcapil").post(INBOX, {"cari": case.number}, follow=True).content.decode()
    assert "Tidak ada tugas yang cocok" in page
    assert reverse("cases:officer_case", args=[case.number]) not in page


def test_a_case_of_the_agency_without_a_task_here_is_offered(
    submit: Submit, login: Login, do_task: Callable[..., Case]
) -> None:
    case = submit(SIP)
    do_task(case, "periksa", "fo")
    page = login("fo").post(INBOX, {"cari": case.number}, follow=True).content.decode()
    assert reverse("cases:officer_case", args=[case.number]) in page


def test_service_and_district_narrow_the_list(submit: Submit, login: Login) -> None:
    case = submit(SIP)
    client = login("fo")
    assert (
        case.number
        in client.get(INBOX, {"layanan": case.service_id, "kecamatan": case.district_id}).content.decode()
    )
    other = client.get(INBOX, {"kecamatan": case.district_id + 1})
    assert case.number not in other.content.decode()


def test_a_filter_survives_a_key_above_a_thousand(login: Login, tegal: None) -> None:
    from pendapa.web.organisation.models import District

    district = District.objects.create(pk=4321, code="99.99.99", name="Kecamatan Contoh")
    page = login("fo").get(INBOX, {"kecamatan": str(district.pk)}).content.decode()
    assert '<option value="4321" selected>' in page


def test_an_inbox_page_takes_few_queries_however_many_tasks(
    submit: Submit, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    copies(submit(SIP).tasks.get(), 60)
    client = login("fo")
    client.get(INBOX)  # compiles the service's forms once per process
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert client.get(INBOX).status_code == 200


def test_page_and_counts_read_the_inbox_index_and_no_more_than_they_need(
    submit: Submit, people: dict[str, User]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    copies(submit(SIP).tasks.get(), 6000)
    posts = posts_of(people["fo"], local_day(NOW))
    after = Task.objects.order_by("due_at", "pk")[3000]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_task")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        inbox.page_of(posts, inbox.Wanted(after=(after.due_at, after.pk)), now=NOW)
        inbox.counts_of(posts, now=NOW)
    asked = [q["sql"] for q in caught if "LIMIT" in q["sql"]]
    assert len(asked) == 2
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0][0]["Plan"]
        scans = [node for node in nodes(plan) if "Scan" in node["Node Type"] and "Relation Name" in node]
        assert {node["Index Name"] for node in scans} <= {"task_inbox", "task_climbed"}
        # A page reads 21 rows, and up to two more that share the key's minute; the counts read their window.
        assert sum(node["Actual Rows"] for node in scans) <= inbox.WINDOW + 3


def nodes(plan: dict) -> list[dict]:
    """A plan's nodes, all the way down."""
    return [plan, *(deeper for child in plan.get("Plans", []) for deeper in nodes(child))]
