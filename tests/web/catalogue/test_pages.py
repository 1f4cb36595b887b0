"""The public pages of the catalogue, on the example regency."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pendapa.web.cases.models import Case, CaseFact
from pendapa.web.catalogue import access
from pendapa.web.catalogue.models import Service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tegal")]

STYLES = Path(settings.STATICFILES_DIRS[0])
PAGES = [
    "/",
    "/layanan/",
    "/layanan/?menurut=instansi",
    "/layanan/?q=ijin+praktek+bidan",
    "/layanan/peristiwa/keluarga/",
    "/layanan/instansi/DPMPTSP/",
    "/layanan/izin-praktik-bidan-perawat/",
    "/layanan/perubahan-data-kk/",
    "/layanan/ktp-el-baru/",
    "/layanan/paspor-biasa/",
]


def text(client: Client, address: str, language: str = "id") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_first_load_is_light_and_asks_little_of_the_database(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        page = text(client, address)
    styles = b"".join((STYLES / name).read_bytes() for name in ("pendapa.css", "favicon.svg"))
    assert len(gzip.compress(page.encode())) + len(gzip.compress(styles)) < 40_000


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_stand_under_the_strict_policy(client: Client, address: str, language: str) -> None:
    page = text(client, address, language)
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "<script" not in page
    assert "data:" not in page


def test_home_says_that_the_data_are_invented(client: Client) -> None:
    assert "Ilustrasi: data di situs ini dibuat-buat." in text(client, "/")


def test_home_counts_the_services_of_each_life_event(client: Client) -> None:
    page = text(client, "/")
    own = Service.objects.filter(life_events__contains=["bantuan"]).count()
    assert own > 0
    assert "Bantuan sosial" in page
    card = page[page.index("<b>Bantuan sosial</b>") :]
    assert f"{own} layanan" in card[: card.index("</a>")]


def test_search_by_everyday_words_finds_the_licence_first(client: Client) -> None:
    page = text(client, "/layanan/?q=ijin+praktek+bidan")
    first = page.index('class="row"')
    assert "izin-praktik-bidan-perawat" in page[first : first + 120]


def test_search_without_result_shows_a_way_on(client: Client) -> None:
    page = text(client, "/layanan/?q=xyzzy")
    assert "Belum ada layanan yang cocok" in page
    assert "Lihat semua layanan" in page


def test_typed_words_come_back_as_text_only(client: Client) -> None:
    page = text(client, "/layanan/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_filter_leaves_only_what_can_be_applied_for_here(client: Client) -> None:
    page = text(client, "/layanan/?cara=online")
    assert page.count('class="row"') == sum(
        len(service.life_events) for service in Service.objects.filter(online=True)
    )
    assert "paspor-biasa" not in page


def test_page_of_an_online_service_leads_to_applying(client: Client) -> None:
    page = text(client, "/layanan/izin-praktik-bidan-perawat/")
    for words in (
        "Yang perlu disiapkan",
        "Siapa yang memutuskan",
        "5 hari kerja",
        "Gratis",
        "Ajukan dari sini",
    ):
        assert words in page
    assert "Perlu dikonfirmasi" in page
    assert "(perlu dikonfirmasi)</li>" not in page, "the words in brackets become the mark"


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("paspor-biasa", "Datang ke loket"),
        ("ktp-el-baru", "Permohonan diajukan di"),
        ("sip-dokter", "Layanan ini belum bisa diajukan lewat situs ini."),
    ],
)
def test_page_of_another_service_says_where_to_go(client: Client, slug: str, said: str) -> None:
    page = text(client, f"/layanan/{slug}/")
    assert said in page
    assert "Ajukan dari sini" not in page


def test_english_page_uses_english_where_the_folder_gives_it(client: Client) -> None:
    page = text(client, "/layanan/izin-praktik-bidan-perawat/", "en")
    assert "Practice licence for midwives and nurses" in page
    assert "A recent passport photo" in page


def test_indonesian_left_on_an_english_page_says_that_it_is_indonesian(client: Client) -> None:
    marked = ['<span lang="id">Disdukcapil di dalam SIAK</span>', '<dd lang="id">KTP-el</dd>']
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/layanan/ktp-el-baru/").content.decode()
    assert [text for text in marked if text not in page] == []
    assert '<section class="panel" lang="id">' not in page, "its heading is English"
    assert '<span lang="id">KTP-el</span>' in client.get("/layanan/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
    page = client.get("/layanan/ktp-el-baru/").content.decode()
    assert [text for text in marked if text in page] == []


def test_retired_and_unknown_services_are_not_there(client: Client) -> None:
    Service.objects.filter(slug="skck").update(active=False)
    assert client.get("/layanan/skck/").status_code == 404
    assert client.get("/layanan/tidak-ada/").status_code == 404
    assert client.get("/layanan/peristiwa/tidak-ada/").status_code == 404
    assert client.get("/layanan/instansi/TIDAK-ADA/").status_code == 404
    assert "/layanan/skck/" not in text(client, "/layanan/")


def test_language_is_remembered_and_leads_back(client: Client) -> None:
    answer = client.get("/bahasa/?pilih=en&kembali=/layanan/%3Fq%3Dktp")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/layanan/?q=ktp"
    assert '<html lang="en">' in client.get("/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://jahat.invalid/", "//jahat.invalid/", "javascript:alert(1)"])
def test_choice_of_language_never_leads_off_the_site(client: Client, elsewhere: str) -> None:
    answer = client.get("/bahasa/", {"pilih": "en", "kembali": elsewhere})
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_is_not_stored(client: Client) -> None:
    assert settings.LANGUAGE_COOKIE_NAME not in client.get("/bahasa/?pilih=xx").cookies


def test_without_services_the_home_page_says_so(client: Client) -> None:
    Service.objects.update(active=False)
    assert "Belum ada layanan" in text(client, "/")


def test_what_the_catalogue_calls_online_is_what_takes_applications() -> None:
    ways = {entry.slug: entry.way for entry in access.entries()}
    assert ways["perubahan-data-kk"] == "online", "handed over, but applied for here"
    assert ways["ktp-el-baru"] == "outside"
    assert ways["paspor-biasa"] == "counter"


Submit = Callable[..., Case]
TODAY = datetime(2026, 11, 25, 3, tzinfo=UTC)


def decided(submit: Submit, slug: str, working_days: list[int], ended_at: datetime) -> None:
    """Cases of a service that were issued after so many working days each."""
    for days in working_days:
        case = submit(slug)
        CaseFact.objects.filter(case=case).update(outcome="issued", ended_at=ended_at, working_days=days)


def test_promises_stand_beside_what_half_of_the_cases_took(client: Client, submit: Submit) -> None:
    # Sorted 1 2 3 9 9: the third of five is the first value within which half of them lie.
    decided(submit, "izin-praktik-bidan-perawat", [9, 1, 3, 9, 2], TODAY)
    kept = access.promises_kept(TODAY, access.entries())
    assert kept.whole_month
    assert [
        (row.slug, row.promised_days, row.half_within_days, row.cases, row.kept) for row in kept.rows
    ] == [("izin-praktik-bidan-perawat", 5, 3, 5, True)]


def test_a_broken_promise_is_said(submit: Submit) -> None:
    decided(submit, "izin-praktik-bidan-perawat", [6, 6, 6, 1, 1], TODAY)
    assert [row.kept for row in access.promises_kept(TODAY, access.entries()).rows] == [False]


def test_figures_over_four_cases_are_not_shown(submit: Submit) -> None:
    decided(submit, "izin-praktik-bidan-perawat", [1, 1, 1, 1], TODAY)
    kept = access.promises_kept(TODAY, access.entries())
    assert kept.rows == ()
    assert kept.cases == 4


def test_a_young_month_shows_the_last_thirty_days(submit: Submit) -> None:
    decided(submit, "izin-praktik-bidan-perawat", [1, 1, 1, 1, 1], TODAY)
    december = datetime(2026, 12, 2, 3, tzinfo=UTC)
    kept = access.promises_kept(december, access.entries())
    assert (kept.first, kept.last) == (date(2026, 11, 3), date(2026, 12, 2))
    assert not kept.whole_month
    assert [row.cases for row in kept.rows] == [5]


def test_withdrawn_cases_tell_nothing_of_the_promise(submit: Submit) -> None:
    decided(submit, "izin-praktik-bidan-perawat", [1, 1, 1, 1, 1], TODAY)
    CaseFact.objects.update(outcome="withdrawn")
    assert access.promises_kept(TODAY, access.entries()).cases == 0


def test_often_sought_is_what_people_applied_for(submit: Submit) -> None:
    decided(submit, "surat-keterangan-penelitian", [1, 1, 1, 1, 1], TODAY)
    submit("perubahan-data-kk")
    assert [entry.slug for entry in access.often_sought(TODAY, access.entries())] == [
        "surat-keterangan-penelitian"
    ]


def test_pages_are_sent_compressed(client: Client, tegal: object) -> None:
    answer = client.get("/layanan/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Kartu" in gzip.decompress(answer.content).decode()
