"""Drafts, cases and tasks read by prepared statements, with what the publication knows of them attached.

The rows that nearly every request and every action reads; what the ORM would join (agency, service, district,
position) changes only with a load and is kept per process.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pendapa.web.cases.models import Case, Draft, Task
from pendapa.web.catalogue.definitions import version_of
from pendapa.web.organisation.access import agency_by_key, district_by_key, position_by_key
from pendapa.web.rows import read, read_beside


def draft_by_key(draft_id: UUID) -> Draft | None:
    """A draft with its version and service. None: there is none."""
    found = read(Draft, "WHERE id = $1", [draft_id])
    if not found:
        return None
    found[0].version = version_of(found[0].version_id)
    return found[0]


@dataclass(frozen=True)
class ToSubmit:
    """A draft with its row locked, and what submitting it takes: its files, and a new case's key and number.

    Files are found by the answer that names them (`attached`), or by the hash of the answer that was read from them
    (`drawn`; of files with the same answer one is enough). `key` and `running` are None when it was submitted before.
    """

    draft: Draft
    attached: dict[str, UUID]
    drawn: dict[str, UUID]
    key: int | None
    running: int | None


_BESIDE_DRAFT = (
    "ARRAY(SELECT a.id FROM cases_attachment a WHERE a.draft_id = cases_draft.id ORDER BY a.id)",
    "ARRAY(SELECT a.answer_hash FROM cases_attachment a WHERE a.draft_id = cases_draft.id ORDER BY a.id)",
    "CASE WHEN submitted_at IS NULL THEN nextval('cases_case_id_seq') END",
    "CASE WHEN submitted_at IS NULL THEN nextval('case_number') END",
)


def draft_to_submit(draft_id: UUID) -> ToSubmit | None:
    """A draft for submission, by one statement; it stays locked until the transaction ends. None: there is none."""
    found = read_beside(Draft, _BESIDE_DRAFT, "WHERE id = $1 FOR UPDATE", [draft_id])
    if not found:
        return None
    draft, (files, hashes, key, running) = found[0]
    draft.version = version_of(draft.version_id)
    drawn = {read: file for file, read in zip(files, hashes, strict=True) if read}
    return ToSubmit(draft, {str(file): file for file in files}, drawn, key, running)


def case_by_key(case_id: int, *, lock: bool = False) -> Case:
    """A case with its service, agency and district; with `lock` until the transaction ends. Raises DoesNotExist."""
    found = read(Case, "WHERE id = $1 FOR UPDATE" if lock else "WHERE id = $1", [case_id])
    if not found:
        raise Case.DoesNotExist(f"no case {case_id}")
    case = found[0]
    case.version = version_of(case.version_id)
    case.service = case.version.service
    case.agency = agency_by_key(case.agency_id)
    if case.district_id is not None:
        case.district = district_by_key(case.district_id)
    return case


def task_by_key(task_id: int, *, lock: bool = False) -> Task | None:
    """A task with its position and agency; with `lock` until the transaction ends. None: there is none."""
    found = read(Task, "WHERE id = $1 FOR UPDATE" if lock else "WHERE id = $1", [task_id])
    if not found:
        return None
    task = found[0]
    task.position = position_by_key(task.position_id)
    task.agency = agency_by_key(task.agency_id)
    return task
