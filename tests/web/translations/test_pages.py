"""Citizens' pages and messages in English, told apart from what offices named in their folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.web.conftest import NOW  # type: ignore[import-not-found]
from tests.web.translations.words import indonesian_in  # type: ignore[import-not-found]

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case, Task
from pendapa.web.catalogue.models import Service, ServiceVersion
from pendapa.web.events.models import Event
from pendapa.web.notifications.actions import TEMPLATES, message_for, word
from pendapa.web.organisation.models import Agency, District, Position, Publication, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tegal")]

ONLINE = "izin-praktik-bidan-perawat"
PAGES = [
    "/",
    "/layanan/",
    "/layanan/?menurut=instansi",
    "/layanan/?q=xyzzy",
    f"/layanan/{ONLINE}/",
    "/layanan/ktp-el-baru/",
    "/layanan/paspor-biasa/",
    "/lacak/",
    "/akun/login/",
    "/akun/signup/",
    "/akun/password/reset/",
    "/verify/",
    "/verify/AAAA-BBBB-CCCC/",
    "/tidak-ada/",
]
VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Seen(HTMLParser):
    """The texts of a page that are not marked `lang="id"`: those are in Indonesian on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[bool] = []  # of each open element: is its text left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        away = (bool(self.open) and self.open[-1]) or tag in {"style", "script"} or given.get("lang") == "id"
        if not away:
            names = ("placeholder", "aria-label", "alt", "title", "data-label")
            self.texts += [given[name] or "" for name in names if name in given]
        if tag not in VOID:
            self.open.append(away and tag != "html")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1]) and data.strip():
            self.texts.append(" ".join(data.split()))


def leaves(value: Any) -> Iterator[str]:
    """Every text in a definition or a row of facts."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part)


@pytest.fixture
def own_words() -> Callable[[str], list[str]]:
    """The site's own texts of a page: own_words(html). What the folder says is taken out of them."""
    rows = [
        *Service.objects.values(),
        *ServiceVersion.objects.values("definition"),
        *Agency.objects.values(),
        *Position.objects.values(),
        *District.objects.values(),
        *Village.objects.values(),
        *Publication.objects.values("regency"),
    ]
    known = {text for row in rows for text in leaves(row) if " " in text and indonesian_in(text)}
    longest_first = sorted(known, key=len, reverse=True)

    def of(html: str) -> list[str]:
        seen = Seen()
        seen.feed(html)
        found = []
        for text in seen.texts:
            for name in longest_first:
                text = text.replace(name, " ").replace(name.removesuffix("."), " ")
            found.append(text)
        return found

    return of


def indonesian_of(texts: list[str]) -> list[str]:
    return [text for text in texts if indonesian_in(text)]


def client_in(language: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


@pytest.mark.parametrize("address", PAGES)
def test_a_page_in_english_has_no_indonesian_sentence(
    address: str, own_words: Callable[[str], list[str]]
) -> None:
    english = client_in("en").get(address).content.decode()
    assert '<html lang="en">' in english
    assert indonesian_of(own_words(english)) == []
    indonesian = client_in("id").get(address).content.decode()
    assert indonesian_of(own_words(indonesian)), "the check must find the Indonesian of the Indonesian page"


def test_a_form_its_faults_and_its_case_speak_english(
    own_words: Callable[[str], list[str]], people: dict[str, User], submit: Callable[..., Case]
) -> None:
    client = client_in("en")
    first = client.post(f"/layanan/{ONLINE}/ajukan/")["Location"]
    page = client.get(first).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    refused = client.post(first, {"shown": shown})
    assert "Something needs correcting" in refused.content.decode()
    case = submit(ONLINE, people["warga"])
    client.force_login(people["warga"])
    pages = [page, refused.content.decode()] + [
        client.get(f"/berkas/{case.number}/{name}").content.decode()
        for name in ("", "tanda-terima/", "batal/", "alur/")
    ]
    pages += [client.get(address).content.decode() for address in ("/berkas/", "/akun/profil/")]
    assert [indonesian_of(own_words(html)) for html in pages] == [[]] * len(pages)


@pytest.mark.parametrize(
    ("username", "addresses"),
    [
        ("fo", ["/tugas/", "/tugas/{task}/", "/kotak-keluar/", "/register/", "/tanda-tangan/"]),
        ("admin", ["/kelola/", "/kelola/orang/", "/kelola/peristiwa/", "/kelola/pesan/"]),
    ],
)
def test_pages_of_the_office_speak_english(
    username: str,
    addresses: list[str],
    own_words: Callable[[str], list[str]],
    people: dict[str, User],
    submit: Callable[..., Case],
) -> None:
    task = Task.objects.get(case=submit(ONLINE), status="open")
    client = client_in("en")
    client.force_login(people[username])
    for address in addresses:
        answer = client.get(address.format(task=task.pk))
        assert answer.status_code == 200, address
        assert indonesian_of(own_words(answer.content.decode())) == [], address


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_a_message_is_in_the_language_of_the_case(kind: str, submit: Callable[..., Case]) -> None:
    case = submit(ONLINE)
    case.applicant_email = "siti@contoh.invalid"
    event = Event(
        case=case, kind=kind, data={"outcome": "refused", "after": NOW.isoformat()}, occurred_at=NOW
    )
    said = {}
    for language in ("id", "en"):
        case.language = language
        message = message_for(case, event, now=NOW)
        assert message is not None
        message.case = case
        word(message, event)
        said[language] = f"{message.subject}\n{message.body}".replace(case.service.name_id, "")
    assert indonesian_in(said["id"])
    assert indonesian_in(said["en"]) == []
    assert case.number in said["en"]


def test_the_link_in_the_header_switches_the_language_and_stays_on_the_page() -> None:
    client = Client(headers={"accept-language": "en"})

    def other(html: str) -> str:
        link = re.search(r'<div class="lang"><a href="([^"]+)"', html)
        assert link is not None
        return link[1].replace("&amp;", "&")

    page = client.get("/lacak/")
    assert page["Content-Language"] == "id", "the phone's setting does not decide"
    assert "Lacak berkas" in page.content.decode()
    page = client.get(other(page.content.decode()), follow=True)
    assert page.redirect_chain[-1][0] == "/lacak/"
    assert page["Content-Language"] == "en"
    assert "Track your case" in page.content.decode()
    assert "Services" in client.get("/layanan/").content.decode(), "the choice is kept"
    page = client.get(other(page.content.decode()), follow=True)
    assert page["Content-Language"] == "id"
    assert "Lacak berkas" in page.content.decode()
