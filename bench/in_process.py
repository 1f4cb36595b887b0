"""Requests without a server: `python -m bench.in_process [submit|complete|inbox] [--profile]`.

For finding out where the time goes: prints the statements of one request, processor time, and a profile.
"""

from __future__ import annotations

import cProfile
import io
import os
import pstats
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench import cpu, site, visitors

COUNT = 300


def environ(method: str, path: str, cookies: str, data: bytes = b"") -> dict[str, Any]:
    """A request as a web server hands it to the application."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "127.0.0.1:8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_COOKIE": cookies,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(data)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(data),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }


def submissions(count: int) -> Iterable[dict[str, Any]]:
    data = visitors.body(shown="/declaration", **{"/declaration": "OK"})
    for draft_id, owner in visitors.drafts(count, visitors.citizens(50)):
        yield environ("POST", f"/draf/{draft_id}/kirim/", visitors.session_of(owner), data)


def completions(count: int) -> Iterable[dict[str, Any]]:
    from django.utils import timezone

    from pendapa.web.accounts.models import User
    from pendapa.web.cases import actions
    from pendapa.web.cases.models import Task
    from pendapa.web.events.chain import Actor

    for draft_id, _ in visitors.drafts(count, []):
        actions.submit_application(draft_id, now=timezone.now(), actor=Actor())
    cookies = visitors.session_of(User.objects.get(username="fo"))
    data = visitors.body(keputusan="accept", **site.task_answers("periksa"))
    for key in Task.objects.filter(element="periksa", status="open").values_list("pk", flat=True):
        yield environ("POST", f"/tugas/{key}/", cookies, data)


def inbox(count: int) -> Iterable[dict[str, Any]]:
    from django.utils import timezone

    from pendapa.web.accounts.models import User
    from pendapa.web.cases import actions
    from pendapa.web.events.chain import Actor

    ((draft_id, _),) = visitors.drafts(1, [])
    actions.submit_application(draft_id, now=timezone.now(), actor=Actor())
    visitors.multiply_cases(1000)
    cookies = visitors.session_of(User.objects.get(username="fo"))
    for _ in range(count):
        yield environ("GET", "/tugas/", cookies)


KINDS = {"submit": submissions, "complete": completions, "inbox": inbox}


def postmaster(var: Path) -> int:
    return int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def main() -> None:
    kind = next((word for word in sys.argv[1:] if word in KINDS), "submit")
    with site.running_site() as var:
        from django.core.handlers.wsgi import WSGIHandler
        from django.db import connection

        handler = WSGIHandler()
        requests = list(KINDS[kind](COUNT + 51))

        def answer(request: dict[str, Any]) -> str:
            said: list[str] = []
            response = handler(request, lambda status, headers: said.append(status))
            response.close()
            return said[0]

        for request in requests[:50]:
            answer(request)
        connection.force_debug_cursor = True
        said = answer(requests[50])
        print(said, len(connection.queries_log), "statements")
        for query in connection.queries_log:
            print("  ", query["time"], query["sql"][:140].replace("\n", " "))
        connection.force_debug_cursor = False
        profile = cProfile.Profile(time.thread_time) if "--profile" in sys.argv else None
        database = cpu.family(postmaster(var))
        before = cpu.seconds(database)
        own, begun = time.process_time(), time.perf_counter()
        for request in requests[51:]:
            if profile:
                profile.enable()
            answer(request)
            if profile:
                profile.disable()
        took, own = time.perf_counter() - begun, time.process_time() - own
        spent = cpu.seconds(database) - before
        print(
            f"{kind}: {COUNT / took:.0f}/s; CPU ms each: python {own / COUNT * 1e3:.2f}, "
            f"postgres {spent / COUNT * 1e3:.2f}; load {os.getloadavg()[0]:.1f}"
        )
        if profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(40)
            pstats.Stats(profile).sort_stats("cumtime").print_stats(110)


if __name__ == "__main__":
    main()
