"""Citizens' pages keep to plain words: the list is in docs/words.md."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(__file__).parents[3]
FORBIDDEN = re.findall(r"^    (\S.*)$", (ROOT / "docs" / "words.md").read_text(encoding="utf-8"), re.M)
PAGES = [
    "/",
    "/layanan/",
    "/layanan/?q=xyzzy",
    "/layanan/?menurut=instansi",
    "/layanan/izin-praktik-bidan-perawat/",
    "/layanan/ktp-el-baru/",
    "/layanan/paspor-biasa/",
    "/akun/login/",
    "/akun/signup/",
    "/akun/password/reset/",
]


class Seen(HTMLParser):
    """The text of a page, without what the folder's offices named (marked by the names given)."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"style", "script"}
        self.parts += [
            value or "" for name, value in attrs if name in {"placeholder", "aria-label", "alt", "title"}
        ]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def found_in(text: str) -> list[str]:
    return [word for word in FORBIDDEN if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]


def test_the_list_is_read() -> None:
    assert len(FORBIDDEN) > 30
    assert set(found_in("Silakan LOGIN lalu klik tombol")) == {"klik", "login"}
    assert found_in("Platform informasi") == [], "parts of words are no fault"


@pytest.mark.django_db
@pytest.mark.usefixtures("tegal")
@pytest.mark.parametrize("address", PAGES)
def test_public_page_speaks_plainly(client: Client, address: str) -> None:
    reader = Seen()
    answer = client.get(address)
    assert answer.status_code == 200
    reader.feed(answer.content.decode())
    # Names of published documents and services are the offices' own.
    text = re.sub(r"Validasi BPHTB|validasi pajak[^.]*", "", " ".join(reader.parts))
    assert found_in(text) == []


@pytest.mark.parametrize(
    "path", sorted((Path(settings.TEMPLATES[0]["DIRS"][0])).rglob("*.html")), ids=lambda p: p.name
)
def test_shared_template_speaks_plainly(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    said = re.findall(r'translate "([^"]*)"', source) + re.findall(r'_\("([^"]*)"\)', source)
    said += re.findall(r"{% blocktranslate[^%]*%}(.*?){% (?:end|plural)", source, re.S)
    assert found_in(" ".join(re.sub(r"{{.*?}}", "", text) for text in said)) == []
