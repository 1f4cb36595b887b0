"""What an applicant may change after an officer asked for a correction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.forms import plain_path
from pendapa.web.cases import uploads
from pendapa.web.cases.file_questions import CleanAnswer
from pendapa.web.cases.models import Attachment, Case
from pendapa.web.cases.pages import Questionnaire
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.work import locked_case


def asked_again(sent: Questionnaire, now: Questionnaire, marked: list[str]) -> list[str]:
    """Instance paths to be asked: the marked questions, what became relevant by their new answers, and what does not
    fit any more. `sent` is as it was sent, `now` with the changes. Nothing marked means everything may be changed."""
    wanted = set(marked)
    before = sent.evaluation.relevant
    wrong = {error.path for error in now.evaluation.errors}
    paths: list[str] = []
    for step in now.steps:
        for entry in now.entries(step.page):
            for path in now.asked_paths(step.page, entry):
                is_asked = not wanted or plain_path(path) in wanted or path not in before or path in wrong
                if is_asked and now.field(path).kind != "note":
                    paths.append(path)
    return paths


@transaction.atomic
def attach_correction(case_id: int, upload: CleanAnswer, *, now: datetime) -> Attachment:
    """Keep a file sent with a correction; it becomes an answer when the correction is handed in. Raises Refused."""
    case = locked_case(case_id)
    if case.status != Case.Status.WAITING_APPLICANT:
        raise Refused(_("Permohonan ini sedang tidak menunggu perbaikan."))
    return uploads.keep(upload.upload, case=case, now=now, answer_hash=upload.answer_hash)
