"""A billboard permit on its way, through browsers that read pages and press buttons."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case, Task
from pendapa.web.cases.tasks import tick
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.payments.models import Bill

REKLAME = "izin-reklame"
# Variant 0 asks for a board of 4 m x 6 m, one side, 12 months, unlit. As measured on a place of class b:
# 24 m2 x 12 months x Rp40,000 = Rp11,520,000; a fifth of it is Rp2,304,000 (example tariff of fee.dmn).
FEE = 2_304_000


def slip() -> SimpleUploadedFile:
    """A photo, as a telephone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (200, 220, 220)).save(out, "JPEG")
    return SimpleUploadedFile("slip.jpg", out.getvalue(), "image/jpeg")


@dataclass
class Clock:
    """What every page takes for now."""

    now: datetime = NOW

    def later(self, **span: int) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock the test moves by hand."""
    held = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: held.now)
    return held


@pytest.fixture
def login(people: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which a demo person is signed in."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(people[username])
        return client

    return enter


class Office:
    """Everybody's browser, and one case."""

    def __init__(self, case: Case, login: Callable[[str], Client], clock: Clock) -> None:
        self.case, self.login, self.clock = case, login, clock

    def fresh(self) -> Case:
        self.case.refresh_from_db()
        return self.case

    def page(self, who: str, address: str) -> str:
        answer = self.login(who).get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return unescape(answer.content.decode())

    def track(self) -> str:
        return self.page("warga", f"/berkas/{self.case.number}/")

    def task(self, element: str) -> Task:
        return Task.objects.get(case=self.case, element=element, status="open")

    def finish(self, element: str, who: str, answers: dict[str, Any], **decision: str) -> Any:
        """Take a task and press its button; the answer of the page."""
        task, browser = self.task(element), self.login(who)
        browser.post(f"/tugas/{task.pk}/ambil/")
        return browser.post(f"/tugas/{task.pk}/", {"keputusan": "accept", **answers, **decision})

    def check(self) -> None:
        files = ("npwpd", "design", "site_photo", "land_consent")
        answer = self.finish("periksa", "fo", {f"/checklist/{name}": "yes" for name in files})
        assert answer.status_code == 302, answer.content.decode()

    def visit(self, width: str = "4", height: str = "6", place: str = "b", **decision: str) -> Any:
        return self.finish(
            "tinjau",
            "lapangan",
            {
                "/visit/visited_on": self.clock.now.date().isoformat(),
                "/visit/point.lat": "-6,9831",
                "/visit/point.lon": "109,1403",
                "/measured/width": width,
                "/measured/height": height,
                "/measured/sides": "1",
                "/measured/location_class": place,
                "/checklist/safe": "yes",
                "/checklist/allowed": "yes",
                "/picture": slip(),
            },
            **decision,
        )

    def bill(self) -> Bill:
        return Bill.objects.select_related("entry").get(case=self.case, status="open")

    def tell(self, with_slip: bool = True) -> Any:
        data = {"bukti": slip()} if with_slip else {}
        return self.login("warga").post(f"/berkas/{self.case.number}/bayar/", data)

    def confirm(self, amount: int, reference: str = "CONTOH-1", who: str = "penerimaan", **more: str) -> Any:
        answers = {
            "/paid/paid_on": self.clock.now.date().isoformat(),
            "/paid/amount": str(amount),
            "/paid/channel": "transfer",
            "/paid/reference": reference,
        }
        return self.finish("konfirmasi", who, {**answers, **more})

    def sign(self, element: str = "tanda_tangan") -> Any:
        task, head = self.task(element), self.login("kadis")
        assert head.get(f"/tanda-tangan/{task.pk}/surat.pdf").status_code == 200
        return head.post(f"/tanda-tangan/{task.pk}/tandatangani/", {"frasa": PASSPHRASE})

    def work(self) -> dict[str, int]:
        return tick(self.clock.now)


@pytest.fixture
def office(
    clock: Clock, submit: Callable[..., Case], login: Callable[[str], Client], people: dict[str, User]
) -> Office:
    """A billboard permit of `warga`, just sent."""
    return Office(submit(REKLAME, people["warga"], at=clock.now), login, clock)


@pytest.fixture
def billed(office: Office) -> Office:
    """The same, measured and billed."""
    office.check()
    answer = office.visit()
    assert answer.status_code == 302, answer.content.decode()
    return office
