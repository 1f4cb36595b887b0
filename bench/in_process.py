"""The same work without HTTP: `python -m bench.in_process [--profile]`. For finding out where the time goes."""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
import uuid

from bench import cpu, site, visitors

COUNT = 400


def main() -> None:
    with site.running_site() as var:
        from django.db import connection
        from django.utils import timezone

        from pendapa.web.cases import actions
        from pendapa.web.events.chain import Actor

        ids = [draft_id for draft_id, _ in visitors.drafts(COUNT + 50, [])]

        def submit(draft_id: uuid.UUID) -> None:
            actions.submit_application(draft_id, now=timezone.now(), actor=Actor())

        for draft_id in ids[:49]:
            submit(draft_id)
        connection.force_debug_cursor = True
        submit(ids[49])
        print(len(connection.queries_log), "statements")
        for query in connection.queries_log:
            print("  ", query["sql"][:110].replace("\n", " "))
        connection.force_debug_cursor = False
        ids = ids[50:]
        postmaster = int(next((var / "postgres" / "data").glob("postmaster.pid")).read_text().split()[0])
        profile = cProfile.Profile() if "--profile" in sys.argv else None
        own, database, begun = (
            cpu.seconds([os.getpid()]),
            cpu.seconds(cpu.family(postmaster)),
            time.perf_counter(),
        )
        if profile:
            profile.enable()
        for draft_id in ids:
            submit(draft_id)
        if profile:
            profile.disable()
        took = time.perf_counter() - begun
        own = cpu.seconds([os.getpid()]) - own
        database = cpu.seconds(cpu.family(postmaster)) - database
        print(
            f"{COUNT / took:.0f}/s; CPU ms each: python {own / COUNT * 1e3:.2f}, postgres {database / COUNT * 1e3:.2f}"
        )
        if profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            pstats.Stats(profile).sort_stats("cumtime").print_stats(70)


if __name__ == "__main__":
    main()
