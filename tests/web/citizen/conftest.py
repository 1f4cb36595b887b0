"""A citizen who fills in forms as a browser without JavaScript would: reads the page, answers, presses the button."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pendapa.forms import flatten
from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case, Draft
from pendapa.web.cases.repeats import around, numbered, repeats_of
from pendapa.web.catalogue.definitions import ready
from pendapa.web.demo.logins import PASSWORD


def picture(text: bytes = b"", size: tuple[int, int] = (60, 80)) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 220, 220)).save(out, "JPEG")
    return out.getvalue() + text


# The first bytes of an M4A and of an MP4 file (ISO/IEC 14496-12: a box of type ftyp with its brand).
SOUND = b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00" + b"\x00" * 60
FILM = b"\x00\x00\x00\x1cftypisom\x00\x00\x02\x00" + b"\x00" * 60
OUTLINE = b"""<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="-6.98" lon="109.13"/><trkpt lat="-6.98" lon="109.14"/><trkpt lat="-6.99" lon="109.14"/>
</trkseg></trk></gpx>"""
RECORDINGS = {
    "audio/": lambda: SimpleUploadedFile("suara.m4a", SOUND, "audio/mp4"),
    "video/": lambda: SimpleUploadedFile("tempat.mp4", FILM, "video/mp4"),
    ".geojs": lambda: SimpleUploadedFile("batas.gpx", OUTLINE, "application/gpx+xml"),
}
PAPER = b"%PDF-1.4\n% contoh\n%%EOF\n"


@dataclass
class Citizen:
    """One browser of one person. `answers` are by instance path; files are given when their path is asked."""

    client: Client
    answers: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    files: dict[str, SimpleUploadedFile] = field(default_factory=dict)

    def start(self, slug: str) -> str:
        answer = self.client.post(f"/layanan/{slug}/ajukan/")
        assert answer.status_code == 302, answer.content[:300]
        return str(answer["Location"])

    def data(self, html: str, answers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What the form of a page sends: the marks of what it showed, and the answers to that."""
        given = self.answers if answers is None else answers
        shown = [unescape(name) for name in re.findall(r'name="shown" value="([^"]+)"', html)]
        sent: dict[str, Any] = {"shown": shown}
        for path in shown:
            if f'name="{path}.year"' in html:
                if given.get(path):
                    year, month, day = given[path][:10].split("-")
                    sent |= {f"{path}.day": day, f"{path}.month": str(int(month)), f"{path}.year": year}
                    sent |= {f"{path}.time": given[path][11:16]} if "T" in given[path] else {}
            elif f'name="{path}.lat"' in html:
                if given.get(path):
                    sent |= dict(zip((f"{path}.lat", f"{path}.lon"), given[path].split(), strict=True))
            elif f'name="{path}.1"' in html:
                sent |= {f"{path}.{n}": word for n, word in enumerate(given.get(path, "").split(), 1)}
            elif f'type="file" name="{path}"' in html:
                sent[path] = self.files.get(path) or self._file(html, path)
            elif f'type="checkbox" name="{path}"' in html and given.get(path):
                sent[path] = given[path].split()
            elif path in given:
                sent[path] = given[path]
        return sent

    @staticmethod
    def _file(html: str, path: str) -> SimpleUploadedFile:
        accept = re.search(rf'name="{re.escape(path)}"[^>]*accept="([^"]*)"', html)
        types = accept[1] if accept else ""
        if types.startswith(("audio/", "video/", ".geojson")):
            return RECORDINGS[types[:6]]()
        if types.startswith("image/jpeg"):
            return SimpleUploadedFile("foto.jpg", picture(), "image/jpeg")
        return SimpleUploadedFile("berkas.pdf", PAPER, "application/pdf")

    def fill(self, url: str) -> str:
        """Answer page after page until the review; returns its address."""
        for _ in range(60):
            self.pages.append(url)
            answer = self.client.get(url)
            if answer.status_code == 302:
                url = answer["Location"]
                continue
            assert answer.status_code == 200, (url, answer.status_code)
            html = answer.content.decode()
            if url.split("?")[0].endswith("/periksa/"):
                return url
            if 'name="shown"' not in html:  # the list of a repeat
                url = self._next_entry(html) or self._submit(url, {})
                continue
            url = self._submit(url, self.data(html))
        raise AssertionError(f"no review after {self.pages[-5:]}")

    def _next_entry(self, html: str) -> str:
        """The address of a new entry while there are answers for one."""
        form = ready(self.draft().version_id).form
        for url, at, entry in re.findall(r'href="([^"]+/(\d+)/([\d.]+)/)">Tambah lagi', html):
            repeat = form.pages[int(at) - 1].path
            numbers = tuple(map(int, entry.split(".")))
            path = numbered(repeat, around(repeats_of(form), repeat), numbers)
            if any(known.startswith(path + "/") for known in self.answers):
                return str(url)
        return ""

    def _submit(self, url: str, data: Mapping[str, Any]) -> str:
        answer = self.client.post(url.split("?")[0], data)
        assert answer.status_code == 302, (url, _errors(answer.content.decode()))
        return str(answer["Location"])

    def send(self, review: str) -> Any:
        """Agree to the statements of the review page and submit."""
        html = self.client.get(review).content.decode()
        return self.client.post(review.replace("/periksa/", "/kirim/"), self.data(html))

    def apply(self, slug: str) -> Case:
        """From the button of the service page to the receipt."""
        answer = self.send(self.fill(self.start(slug)))
        assert answer.status_code == 302, _errors(answer.content.decode())
        return Case.objects.get(number=answer["Location"].split("/")[2])

    def draft(self) -> Draft:
        return Draft.objects.latest("created_at")


def _errors(html: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "", unescape(text))
        for text in re.findall(r'class="error"[^>]*>(.*?)</span>\n', html)
    ]


Examples = Callable[[str], dict[str, Any]]
MakeCitizen = Callable[..., Citizen]


@pytest.fixture
def citizen(tegal: None, examples: Examples) -> MakeCitizen:
    """A person without account who has the answers of an example: citizen(slug, variant=0, client=None)."""

    def make(slug: str = "", variant: int = 0, client: Client | None = None) -> Citizen:
        answers = flatten(examples(slug)["variants"][variant]) if slug else {}
        return Citizen(client or Client(), answers)

    return make


@pytest.fixture
def signed_in(people: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which a demo person is signed in."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(people[username], backend=settings.AUTHENTICATION_BACKENDS[0])
        assert people[username].check_password(PASSWORD)
        return client

    return make
