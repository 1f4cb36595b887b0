"""Run inside the drill's site. `drafts N` writes N filled-in drafts and prints their links and codes; `cases` prints
which case each draft became, with what its applicant wrote."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from pendapa.web.database import site

SLUG = "surat-keterangan-penelitian"
EXAMPLE = Path(__file__).parents[4] / "regencies" / "tegal" / "services" / SLUG / "example-answers.json"


def write_drafts(count: int) -> list[tuple[str, str]]:
    from django.utils import timezone

    from pendapa.forms import flatten
    from pendapa.web.cases import drafts, uploads
    from pendapa.web.catalogue.models import Service
    from pendapa.web.organisation.access import local_day

    now = timezone.now()
    version = Service.objects.select_related("current").get(slug=SLUG).current
    assert version is not None
    answers = flatten(json.loads(EXAMPLE.read_text())["variants"][0])
    answers["/period/starts"] = str(local_day(now) + timedelta(days=14))
    answers["/period/ends"] = str(local_day(now) + timedelta(days=60))
    made = []
    for number in range(count):
        begun = drafts.begin_draft(version, None, now=now)
        mine = {**answers, "/applicant/name": f"Pemohon Contoh {number}"}
        drafts.save_answers(begun.draft.pk, mine, now=now)
        for path in ("/campus_letter", "/proposal"):
            paper = uploads.Clean("contoh.pdf", "application/pdf", b"%PDF-1.4 contoh")
            drafts.attach(begun.draft.pk, path, paper, now=now)
        made.append((str(begun.draft.pk), begun.code))
    return made


def cases() -> dict[str, list[str]]:
    from pendapa.web.cases.models import Case

    found: dict[str, list[str]] = {}
    for case in Case.objects.order_by("pk"):
        found.setdefault(str(case.draft_id), []).append(case.number)
        assert case.answers["/applicant/name"].startswith("Pemohon Contoh")
    return found


with site():
    print(json.dumps(write_drafts(int(sys.argv[2])) if sys.argv[1] == "drafts" else cases()))
