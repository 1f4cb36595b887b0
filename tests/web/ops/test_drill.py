"""The drill: kill -9 under load. Every row that a client was told of is there afterwards.

Five rounds of each kind in an ordinary run, twenty in `make drill`.
"""

from __future__ import annotations

import itertools
import os
import threading
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_serve import Site, kill, wait_until

pytestmark = pytest.mark.xdist_group("serve")

ROUNDS = 20 if os.environ.get("PENDAPA_LONG") else 5
CLIENTS = 4


class Load:
    """Clients that write without pause and note what was acknowledged."""

    def __init__(self, site: Site) -> None:
        self.site, self.acknowledged = site, set[str]()
        self._numbers, self._ended = itertools.count(), threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(CLIENTS)]

    def _write(self) -> None:
        while not self._ended.is_set():
            name = f"receipt-{next(self._numbers)}"
            try:
                if self.site.get(f"/write/{name}") == "ok":
                    self.acknowledged.add(name)
            except (urllib.error.URLError, OSError):  # not acknowledged: it may be there or not
                self._ended.wait(0.02)

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Wait until so many more rows were acknowledged."""
        wanted = len(self.acknowledged) + more
        assert wait_until(lambda: len(self.acknowledged) >= wanted), self.site.said()[-3000:]


@pytest.fixture
def site(open_folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    made = Site(open_folder / f"drill{abs(hash(request.node.nodeid)) % 10**6}").up()
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.stop()
        for number in made.processes():
            kill(number)


@pytest.mark.parametrize("what", [("postgres", "-D"), ("granian",)], ids=["database", "web server"])
def test_drill_nothing_acknowledged_is_lost_when_a_process_is_killed(
    site: Site, what: tuple[str, ...]
) -> None:
    with Load(site) as load:
        for _ in range(ROUNDS):
            load.wait_for(20)
            for number in site.processes(*what):
                kill(number)
        load.wait_for(20)
    assert load.acknowledged <= set(site.state()["names"])


def test_drill_nothing_acknowledged_is_lost_when_everything_is_killed(site: Site) -> None:
    acknowledged: set[str] = set()
    for round_number in range(ROUNDS):
        with Load(site) as load:
            load._numbers = itertools.count(round_number * 1_000_000)
            load.wait_for(20)
            for number in site.processes():  # the power cut of the processes: no order, no warning
                kill(number)
            site.process.wait()
        acknowledged |= load.acknowledged
        site.__init__(site.var, port=site.port)  # the same folder and address, started anew
        site.up()
    assert acknowledged <= set(site.state()["names"])
    assert len(acknowledged) >= 20 * ROUNDS
