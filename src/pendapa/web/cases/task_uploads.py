"""Files an officer adds to a case while working on a task."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.access import officer_task
from pendapa.web.cases.file_questions import CleanAnswer
from pendapa.web.cases.models import Attachment, Task
from pendapa.web.cases.refusals import Refused
from pendapa.web.organisation.access import local_day


def attach_to_task(task_id: int, user: User, upload: CleanAnswer, *, now: datetime) -> Attachment:
    """Store a cleaned upload with the case of a task that the person works on. Raises NotYours, Refused."""
    task = officer_task(user, task_id, local_day(now))
    if task.status != Task.Status.OPEN or task.claimed_by_id not in (None, user.pk):
        raise Refused(_("Tugas ini sudah selesai atau dikerjakan orang lain, jadi berkas tidak disimpan."))
    return uploads.keep(upload.upload, case=task.case, now=now, answer_hash=upload.answer_hash)
