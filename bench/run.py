"""Measure a running site: `make bench`. Writes bench/RESULTS.md; `--quick` measures less and writes nothing."""

from __future__ import annotations

import argparse
import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import client, cpu, engines, site, visitors

RESULTS = site.ROOT / "bench" / "RESULTS.md"
PORT = 8099
HOST = f"127.0.0.1:{PORT}"
CLIENTS = 32


@dataclass
class Figure:
    """One measured figure and what it is held against; `kept` is None where there is no target."""

    name: str
    value: str
    target: str = ""
    kept: bool | None = None


@dataclass
class Plan:
    """How much is measured."""

    submissions: int = 4000
    completions: int = 2000
    pages: int = 400
    cases: int = 100_000
    pgbench_seconds: int = 10
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: str, target: str = "", kept: bool | None = None) -> None:
        self.figures.append(Figure(name, value, target, kept))
        mark = {None: "", True: "  ok", False: "  MISSED"}[kept]
        print(f"{name}: {value}{'  (' + target + ')' if target else ''}{mark}", flush=True)


class Machinery:
    """The processes whose processor time counts: the web server's and the database's."""

    def __init__(self, web: int, database: int) -> None:
        self.web, self.database = web, database

    def seconds(self) -> tuple[float, float]:
        return cpu.seconds(cpu.family(self.web)), cpu.seconds(cpu.family(self.database))

    @contextmanager
    def spent(self) -> Iterator[dict[str, float]]:
        """Fills in the seconds of web and database that the block took."""
        out: dict[str, float] = {}
        web, database = self.seconds()
        yield out
        after_web, after_database = self.seconds()
        out["web"], out["database"] = after_web - web, after_database - database


@contextmanager
def served(var: Path) -> Iterator[Machinery]:
    """The web server as `pendapa serve` starts it, without the worker beside it."""
    from pendapa.web.commands.serve import web_command

    log = var / "web.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            web_command("127.0.0.1", PORT, os.cpu_count() or 1), stdout=output, stderr=output
        )
    try:
        for _ in range(300):
            try:
                client.drive(PORT, [client.request("GET", "/", HOST)], 1)
                break
            except OSError:
                time.sleep(0.1)
        postmaster = int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        yield Machinery(process.pid, postmaster)
    finally:
        process.terminate()
        process.wait(15)


def expect(load: client.Load, status: int, what: str) -> None:
    if set(load.statuses) != {status}:
        raise SystemExit(
            f"{what}: answers {load.statuses}, all should be {status}; first: {load.bodies[:1]!r}"
        )


# --- the yardstick ----------------------------------------------------------------------------------
def yardstick(plan: Plan, machinery: Machinery) -> None:
    """pgbench's own transaction of three inserts on the same server: what the machine can do at most."""
    from pendapa.web.database.programs import Programs

    url = os.environ["DATABASE_URL"]
    programs = Programs.of_wheel()
    tables = "".join(
        f"CREATE TABLE IF NOT EXISTS yard_{t} (id bigserial PRIMARY KEY, at timestamptz, data bytea); "
        for t in "abc"
    )
    subprocess.run([str(programs.path("psql")), "-q", url, "-c", tables], check=True, capture_output=True)
    inserts = "".join(
        f"INSERT INTO yard_{t} (at, data) VALUES (now(), decode(repeat('ab', 600), 'hex'));\n" for t in "abc"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"BEGIN;\n{inserts}COMMIT;\n")
        script.flush()
        command = [str(programs.path("pgbench")), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1"]
        with machinery.spent() as spent:
            done = subprocess.run(
                [*command, "-T", str(plan.pgbench_seconds), "-f", script.name, url],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    count = re.search(r"actually processed: (\d+)", done.stdout)
    assert found and count, done.stdout
    each = spent["database"] / int(count[1]) * 1000
    plan.add(
        "yardstick: pgbench, three inserts of 600 bytes, 32 clients",
        f"{float(found[1]):.0f} transactions/s, {each:.2f} ms CPU of the database each",
    )


# --- submit, complete -------------------------------------------------------------------------------
def submissions(plan: Plan, machinery: Machinery) -> None:
    people = visitors.citizens(200)
    warm = plan.submissions // 8
    prepared = visitors.drafts(plan.submissions + warm, people)
    sent = []
    for draft_id, owner in prepared:
        cookies = visitors.session_of(owner)
        data = visitors.body(shown="/declaration", **{"/declaration": "OK"})
        sent.append(client.request("POST", f"/draf/{draft_id}/kirim/", HOST, cookies, data))
    expect(client.drive(PORT, sent[:warm], CLIENTS, keep=1), 302, "submitting")
    with machinery.spent() as spent:
        load = client.drive(PORT, sent[warm:], CLIENTS, keep=1)
    expect(load, 302, "submitting")
    report(plan, "submit (40 questions, POST to redirect)", load, spent, plan.submissions, p95=300, each=6.0)


def completions(plan: Plan, machinery: Machinery) -> None:
    from pendapa.web.accounts.models import User
    from pendapa.web.cases.models import Task

    officer = User.objects.get(username="fo")
    pages = [visitors.session_of(officer) for _ in range(CLIENTS)]
    warm = plan.completions // 8
    keys = list(
        Task.objects.filter(element="periksa", status="open", case__draft__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)[: plan.completions + warm]
    )
    answers = site.task_answers("periksa")
    data = visitors.body(keputusan="accept", **answers)
    sent = [
        client.request("POST", f"/tugas/{key}/", HOST, pages[number % CLIENTS], data)
        for number, key in enumerate(keys)
    ]
    expect(client.drive(PORT, sent[:warm], CLIENTS, keep=1), 302, "completing")
    with machinery.spent() as spent:
        load = client.drive(PORT, sent[warm:], CLIENTS, keep=1)
    expect(load, 302, "completing")
    report(plan, "complete a task (POST to redirect)", load, spent, len(sent) - warm)


def report(
    plan: Plan,
    name: str,
    load: client.Load,
    spent: dict[str, float],
    count: int,
    *,
    p95: float | None = None,
    each: float | None = None,
) -> None:
    """The figures of a load: rate, latency, processor time."""
    plan.add(f"{name}: rate, 32 clients", f"{load.rate:.0f}/s", ">= 100/s", load.rate >= 100)
    late = load.quantile(0.95)
    plan.add(
        f"{name}: latency",
        f"p50 {load.quantile(0.5):.0f} ms, p95 {late:.0f} ms",
        f"p95 < {p95:.0f} ms" if p95 else "",
        late < p95 if p95 else None,
    )
    web, database = (spent[k] / count * 1000 for k in ("web", "database"))
    plan.add(
        f"{name}: CPU each",
        f"{web + database:.2f} ms = web {web:.2f} + database {database:.2f}",
        f"<= {each:.0f} ms" if each else "",
        web + database <= each if each else None,
    )


# --- inbox ------------------------------------------------------------------------------------------
def inbox(plan: Plan, machinery: Machinery) -> None:
    from django.utils import timezone

    from pendapa.web.accounts.models import User
    from pendapa.web.cases import actions
    from pendapa.web.events.chain import Actor

    ((draft_id, _owner),) = visitors.drafts(1, [])
    actions.submit_application(draft_id, now=timezone.now(), actor=Actor())
    cookies = visitors.session_of(User.objects.get(username="fo"))
    paths = {
        "first page": "/tugas/",
        "late ones": "/tugas/?saring=terlambat",
        "search by number": "/tugas/?nomor=UJI-SALIN-0000777",
    }
    measured: dict[int, dict[str, float]] = {}
    for cases in (1_000, plan.cases):
        visitors.multiply_cases(cases)
        measured[cases] = {}
        for what, path in paths.items():
            load = client.drive(PORT, [client.request("GET", path, HOST, cookies)] * plan.pages, 1, keep=1)
            expect(load, 200, f"inbox, {what}")
            measured[cases][what] = load.quantile(0.95)
    small, large = measured[1_000], measured[plan.cases]
    for what in paths:
        plan.add(
            f"inbox, {what}: p95",
            f"{large[what]:.1f} ms at {plan.cases:,} cases, {small[what]:.1f} ms at 1,000",
            "< 150 ms, within 2x",
            large[what] < 150 and large[what] <= 2 * small[what],
        )


# --- pages ------------------------------------------------------------------------------------------
def pages(plan: Plan) -> None:
    from django.contrib.auth import get_user_model

    owner = get_user_model().objects.get(username="warga")
    ((draft_id, _owner),) = visitors.drafts(1, [owner])
    cookies = visitors.session_of(owner)
    for name, path in {
        "home": "/",
        "service": f"/layanan/{site.MODEL}/",
        "form page": f"/draf/{draft_id}/2/",
    }.items():
        cookie = cookies if "draf" in path else ""
        ask = client.request("GET", path, HOST, cookie, accept="gzip")
        load = client.drive(PORT, [ask] * plan.pages, 1, keep=1)
        expect(load, 200, name)
        total, count = first_load(load.bodies[0])
        plan.add(
            f"{name}: first load",
            f"{total / 1000:.1f} kB gzipped, {count} requests",
            "<= 40 kB",
            total <= 40_000,
        )
        queries = counted_queries(path, cookie)
        plan.add(f"{name}: queries", str(queries), "<= 8", queries <= 8)
        late = load.quantile(0.95)
        plan.add(
            f"{name}: server time",
            f"p50 {load.quantile(0.5):.1f} ms, p95 {late:.1f} ms",
            "p95 < 60 ms",
            late < 60,
        )


def first_load(answer: bytes) -> tuple[int, int]:
    """Bytes of a page and of everything it names on this site, compressed as a browser would get them, and how many."""
    body = plain_body(answer)
    names = set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', body))
    total = len(gzip.compress(body, 6))
    for name in names:
        part = client.drive(PORT, [client.request("GET", name.decode(), HOST, accept="gzip")], 1, keep=1)
        expect(part, 200, name.decode())
        total += len(gzip.compress(plain_body(part.bodies[0]), 6))
    return total, 1 + len(names)


def plain_body(answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


def counted_queries(path: str, cookies: str) -> int:
    """Statements of one page in a warm process, counted inside this one."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    visitor = Client(headers={"cookie": cookies} if cookies else {})
    for part in cookies.split("; ") if cookies else []:
        name, _, value = part.partition("=")
        visitor.cookies[name] = value
    answered: Callable[[], Any] = lambda: visitor.get(path)
    answered()
    with CaptureQueriesContext(connection) as seen:
        assert answered().status_code == 200, path
    return len(seen)


def memory(plan: Plan, machinery: Machinery) -> None:
    workers = [cpu.memory(pid) for pid in cpu.family(machinery.web) if pid != machinery.web]
    largest = max(workers) / 1e6
    plan.add("web process: memory (largest)", f"{largest:.0f} MB", "< 250 MB", largest < 250)


# --- the report -------------------------------------------------------------------------------------
def conditions(load_before: tuple[float, float, float]) -> list[str]:
    import django
    import granian
    import psycopg
    from django.db import connection

    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory_kb = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    assert memory_kb
    with connection.cursor() as cursor:
        cursor.execute("SELECT version(), current_setting('synchronous_commit'), current_setting('fsync')")
        version, synchronous, fsync = cursor.fetchone()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return [
        f"- Date: {time.strftime('%Y-%m-%d %H:%M %Z')}; commit {commit.stdout.strip()}",
        f"- Machine: {os.cpu_count()} cores ({model[1] if model else 'unknown'}), {int(memory_kb[1]) / 1e6:.1f} GB, "
        "virtual; the client, the web server and the database share it",
        f"- Load average before: {', '.join(f'{n:.1f}' for n in load_before)}; after: "
        f"{', '.join(f'{n:.1f}' for n in os.getloadavg())}",
        f"- Python {sys.version.split()[0]}, Django {django.__version__}, psycopg {psycopg.__version__} "
        f"({psycopg.pq.__impl__}), granian {granian.__version__}",
        f"- {version.split(' on ')[0]}, embedded settings, synchronous_commit {synchronous}, fsync {fsync}",
    ]


def write(plan: Plan, facts: list[str], said: list[str]) -> None:
    rows = [
        f"| {f.name} | {f.value} | {f.target} | {({None: '', True: 'yes', False: '**no**'})[f.kept]} |"
        for f in plan.figures
    ]
    RESULTS.write_text(
        "\n".join(
            [
                "# Figures\n",
                "Written by `make bench`. Rates and latencies depend on what else runs on the machine at the time;",
                "processor time does too, but less; sizes and query counts do not. The yardstick tells what the same",
                "machine did in the same minutes with nothing but three inserts.\n",
                *facts,
                "",
                "| What | Measured | Target | Kept |",
                "|---|---|---|---|",
                *rows,
                "",
                f"How: bench/run.py. Submissions and completions are sent with {plan.cases:,} open cases in the",
                "database, all of them in one inbox. The worker (mail, timers, seals) does not run meanwhile.",
                "Sessions, drafts and attachments are prepared; timed is the POST up to its redirect, which comes",
                "after the commit.\n",
                engines.HEADING,
                *said,
            ]
        ),
        encoding="utf-8",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run that writes no results")
    parser.add_argument("--engines", action="store_true", help="the engines alone: renews their part")
    asked = parser.parse_args()
    if asked.engines:
        return engines.renew(RESULTS)
    quick = asked.quick
    plan = Plan(600, 300, 60, 5_000, 3) if quick else Plan()
    before = os.getloadavg()
    with site.running_site() as var, served(var) as machinery:
        facts_of = lambda: conditions(before)
        yardstick(plan, machinery)
        inbox(plan, machinery)
        submissions(plan, machinery)
        completions(plan, machinery)
        pages(plan)
        yardstick(plan, machinery)
        memory(plan, machinery)
        facts = facts_of()
    if not quick:
        write(plan, facts, engines.said())
    return 0 if all(f.kept is not False for f in plan.figures) else 1
