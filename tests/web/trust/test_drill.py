"""The drill on the whole site: citizens submit over HTTP while the database and the web server are killed with -9.

Every application that was acknowledged is there afterwards, once, and every chain holds. Five kills of each kind in an
ordinary run, twenty in `make drill`.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.conftest import TEGAL
from tests.web.ops.test_serve import Site, kill, wait_until

pytestmark = pytest.mark.xdist_group("serve")

HERE = Path(__file__).parent / "drill_site"
LONG = bool(os.environ.get("PENDAPA_LONG"))
KILLS = 20 if LONG else 5  # of each kind
DRAFTS = 400 if LONG else 120
CLIENTS = 4
BETWEEN = 3  # acknowledgements between two kills
# On the receipt's address, or on the page that asks another browser for the code of a case that was sent already.
NUMBER = re.compile(r"(?:/berkas/|nomor=)([A-Z0-9]+-\d{4}-\d{6})")


class Citizen:
    """A browser with its cookies, in which one draft is opened by its code and sent."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        ).open

    def page(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Fetch or send; returns the address one ends up at, and the page."""
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        with self.open(self.base + path, body, 20) as answer:
            return answer.url, answer.read().decode()

    def mark(self, page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, page[:500]
        return found.group(1)

    def submit(self, draft: str, code: str) -> str:
        """Open the draft by its code and send it, as often as it takes; the number on the receipt."""
        url, page = self.page(f"/draf/{draft}/")
        if 'name="code"' in page:
            url, page = self.page(f"/draf/{draft}/", {"csrfmiddlewaretoken": self.mark(page), "code": code})
        if NUMBER.search(url) is None:  # else it had been sent, though the answer was lost
            _url, page = self.page(f"/draf/{draft}/periksa/")
            url, page = self.page(f"/draf/{draft}/kirim/", {"csrfmiddlewaretoken": self.mark(page)})
        found = NUMBER.search(url)
        assert found, f"{url}: {page[:2000]}"
        assert found.group(1) in page
        return found.group(1)


class Citizens:
    """Threads that send one draft after the other and note what was acknowledged."""

    def __init__(self, site: Site, drafts: list[tuple[str, str]]) -> None:
        self.site, self.acknowledged, self.faults = site, dict[str, str](), list[str]()
        # When all are sent they are sent again: a repeated request must lead to the same case.
        self._drafts, self._lock, self._over = itertools.cycle(drafts), threading.Lock(), threading.Event()
        self._count = 0
        self._threads = [threading.Thread(target=self._send) for _ in range(CLIENTS)]

    def _send(self) -> None:
        while not self._over.is_set():
            with self._lock:
                draft, code = next(self._drafts)
            browser = Citizen(self.site.port)
            while not self._over.is_set():
                try:
                    number = browser.submit(draft, code)
                except (OSError, EOFError, http.client.HTTPException):  # refused, cut off or 503: try again
                    self._over.wait(0.1)
                    continue
                except AssertionError as fault:
                    self.faults.append(str(fault))
                    break
                with self._lock:
                    self._count += 1
                    if self.acknowledged.setdefault(draft, number) != number:
                        self.faults.append(f"{draft} was acknowledged twice: {number}")
                break

    def __enter__(self) -> Citizens:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        wanted = self._count + more
        assert wait_until(lambda: self._count >= wanted or self.faults, 90), self.site.said()[-3000:]
        assert not self.faults, self.faults[0]


def ask(site: Site, *words: str) -> str:
    """Run a program inside the site, which goes on serving."""
    done = subprocess.run(
        [sys.executable, *words], env=site.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def site(open_folder: Path) -> Iterator[Site]:
    made = Site(
        open_folder / "citizens", real=True, DJANGO_SETTINGS_MODULE="drill_settings", PYTHONPATH=str(HERE)
    )
    try:
        made.up()
        ask(made, "-m", "pendapa.cli", "load", str(TEGAL))
        yield made
    finally:
        if made.process.poll() is None:
            made.stop()
        for number in made.processes():
            kill(number)


def web_workers(site: Site) -> list[int]:
    """The processes of the web server that answer requests, not the one that starts them."""
    return site.processes("multiprocessing", "spawn_main") or sorted(site.processes("granian"))[1:]


def test_drill_every_acknowledged_application_is_there_when_database_and_web_server_are_killed(
    site: Site,
) -> None:
    drafts = [
        tuple(pair) for pair in json.loads(ask(site, str(HERE / "drill_data.py"), "drafts", str(DRAFTS)))
    ]
    began = time.monotonic()
    kills = ["database", "web"] * KILLS
    random.Random(19).shuffle(kills)
    with Citizens(site, drafts) as citizens:
        for kind in kills:
            citizens.wait_for(BETWEEN)
            if kind == "database":
                victims = site.processes("postgres", "-D")[:1]
            else:
                victims = web_workers(site)
            assert victims, kind
            for number in victims:
                kill(number)
        citizens.wait_for(BETWEEN)
    found: dict[str, list[str]] = json.loads(ask(site, str(HERE / "drill_data.py"), "cases"))
    lost = {draft: number for draft, number in citizens.acknowledged.items() if found.get(draft) != [number]}
    assert lost == {}
    assert all(len(numbers) == 1 for numbers in found.values()), "a draft became two cases"
    assert len(citizens.acknowledged) >= min(DRAFTS, BETWEEN * len(kills))
    told = json.loads(ask(site, "-m", "pendapa.cli", "events", "verify", "--json"))
    assert told["breaks"] == []
    assert told["cases"] == len(found) > 0
    print(f"{len(kills)} kills, {len(found)} applications, {time.monotonic() - began:.0f} s")
