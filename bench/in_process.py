"""The same work without HTTP: `python -m bench.in_process [--profile]`. For finding out where the time goes."""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
import uuid

from bench import cpu, site

COUNT = 400


def prepared_drafts(count: int, owner: object = None) -> list[uuid.UUID]:
    """Drafts filled in to the last question, with their attachments, written directly."""
    from django.utils import timezone

    from pendapa.web.cases.models import Attachment, Draft
    from pendapa.web.catalogue.models import Service

    version = Service.objects.select_related("current").get(slug=site.SLUG).current
    now, filled = timezone.now(), site.answers()
    files = [path for path, value in filled.items() if value.endswith((".pdf", ".jpg"))]
    drafts, attachments = [], []
    for number in range(count):
        draft = Draft(
            id=uuid.uuid4(),
            version=version,
            owner=owner,
            code_hash=os.urandom(16),
            created_at=now,
            changed_at=now,
        )
        own = {**filled, "/applicant/nik": f"9999{number % 10**12:012d}"}
        for path in files:
            attachment = Attachment(
                id=uuid.uuid4(),
                draft=draft,
                name=filled[path],
                content_type="application/pdf",
                size=1000,
                sha256="0" * 64,
                stored_as=uuid.uuid4().hex,
                uploaded_at=now,
            )
            own[path] = str(attachment.id)
            attachments.append(attachment)
        draft.answers = own
        drafts.append(draft)
    Draft.objects.bulk_create(drafts, batch_size=500)
    Attachment.objects.bulk_create(attachments, batch_size=1000)
    return [draft.id for draft in drafts]


def main() -> None:
    with site.running_site() as var:
        from django.db import connection
        from django.utils import timezone

        from pendapa.web.cases import actions
        from pendapa.web.events.chain import Actor

        ids = prepared_drafts(COUNT + 50)

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
