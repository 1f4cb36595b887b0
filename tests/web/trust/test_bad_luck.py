"""Bad input and bad luck: hostile files, too much at once, a full disk, a worker killed in the middle."""

from __future__ import annotations

import errno
import io
import shutil
import time
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg.errors
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.test import Client, RequestFactory
from tests.web.conftest import NOW, TEGAL
from tests.web.trust.conftest import LETTER, SIP, Office

from pendapa.cli import main
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, uploads
from pendapa.web.cases.inputs_form import SHOWN
from pendapa.web.cases.models import Attachment, Case, Draft
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.tasks import issue_deemed
from pendapa.web.ops_worker import run_worker, take_up_abandoned_tasks
from pendapa.web.signing.models import Document, RegisterEntry
from pendapa.web.signing.register import void_interrupted


# --- files of a regency folder ---------------------------------------------------------------------
def with_member(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one more part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


PAPERS = uploads.Accepted((*uploads.DOCUMENTS, *uploads.PICTURES), settings.UPLOAD_LIMIT_BYTES)
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="&d;&d;&d;"/></definitions>"""


@pytest.mark.parametrize(
    ("file", "made", "told"),
    [
        ("form.xlsx", lambda old: b"ini bukan lembar kerja", "form.xlsx"),
        ("form.xlsx", lambda old: with_member(old, "xl/media/bom.bin", bytes(300_000_000)), "form.xlsx"),
        (
            "form.xlsx",
            lambda old: with_member(old, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 64),
            "form.xlsx",
        ),
        ("process.bpmn", lambda old: LAUGHS, "process.bpmn"),
    ],
    ids=["no workbook", "zip bomb", "macros", "billion laughs"],
)
def test_a_hostile_file_in_a_folder_is_told_by_name_and_nothing_is_loaded(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    made: Callable[[bytes], bytes],
    told: str,
) -> None:
    folder = tmp_path / "tegal"
    shutil.copytree(TEGAL, folder)
    victim = folder / "services" / SIP / file
    victim.write_bytes(made(victim.read_bytes()))
    assert main(["check", str(folder)]) == 1
    said = "".join(capsys.readouterr())
    assert f"services/{SIP}/{told}" in said
    assert "Traceback" not in said
    assert main(["load", str(folder)]) == 1
    assert "nothing was published" in capsys.readouterr().err


# --- too much, and the wrong thing -----------------------------------------------------------------
class Untouchable(io.RawIOBase):
    """A body that must not be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("the body was read")


def test_fifty_megabytes_are_refused_by_their_announced_length_and_not_read(db: None) -> None:
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST", PATH_INFO="/lacak/", CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(50 * 1024 * 1024),
    )  # fmt: skip
    environ["wsgi.input"] = Untouchable()
    told: dict[str, Any] = {}
    page = b"".join(
        get_wsgi_application()(
            environ, lambda status, headers, *_: told.update(status=status, headers=dict(headers))
        )
    )
    assert told["status"].startswith("413")
    assert told["headers"]["Connection"] == "close"
    assert "Kiriman terlalu besar" in page.decode()


def test_the_page_of_a_too_large_request_comes_in_the_chosen_language(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.generic("POST", "/lacak/", b"", CONTENT_LENGTH=str(50 * 1024 * 1024))
    assert answer.status_code == 413
    assert '<html lang="en">' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", b"MZ\x90\x00" + b"\0" * 200),
        ("foto.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("surat.pdf", b"PK\x03\x04" + b"\0" * 200),
        ("surat.pdf", b"<html><body>%PDF-</body></html>"),
        ("foto.jpg", b"\xff\xd8\xff\xe0" + b"bukan gambar" * 20),
        ("kosong.pdf", b""),
    ],
)
def test_a_wrong_type_under_a_right_name_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Refused):
        uploads.clean(SimpleUploadedFile(name, content), PAPERS)


def test_a_picture_that_swells_in_memory_is_refused() -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")  # 400 million points in some 50 kilobytes
    assert len(out.getvalue()) < settings.UPLOAD_LIMIT_BYTES
    with pytest.raises(Refused):
        uploads.clean(SimpleUploadedFile("foto.png", out.getvalue()), PAPERS)


# --- a full disk -----------------------------------------------------------------------------------
def picture() -> SimpleUploadedFile:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (200, 260), (200, 220, 220)).save(out, "JPEG")
    return SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg")


def page_of(browser: Client, draft: Draft, name: str) -> str:
    """The address of the draft's page on which a question is asked."""
    for step in range(1, 60):
        address = f"/draf/{draft.pk}/{step}/"
        page = browser.get(address)
        if page.status_code == 200 and f'name="{name}"' in page.content.decode():
            return address
    raise AssertionError(f"no page asks {name}")


@pytest.fixture
def applicant(people: dict[str, User]) -> Client:
    """The applicant's browser."""
    browser = Client(raise_request_exception=False)
    browser.force_login(people["warga"])
    return browser


def stored_files() -> set[Path]:
    return {path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_and_leaves_no_half_upload(
    office: Office, applicant: Client, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    address = page_of(applicant, office.draft, "/photo")
    office.draft.refresh_from_db()
    before = (stored_files(), Attachment.objects.count(), dict(office.draft.answers))

    def full(handle: int) -> None:
        raise OSError(number, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(uploads.os, "fsync", full)
        answer = applicant.post(address, {SHOWN: "/photo", "/photo": picture()})
    assert answer.status_code == 507
    assert "Tempat penyimpanan kami penuh" in answer.content.decode()
    office.draft.refresh_from_db()
    assert (stored_files(), Attachment.objects.count(), dict(office.draft.answers)) == before
    assert (
        applicant.post(address, {SHOWN: "/photo", "/photo": picture()}).status_code == 302
    )  # and later it works
    assert Attachment.objects.count() == before[1] + 1


def test_a_full_disk_of_the_database_is_told_and_stores_nothing(
    office: Office, applicant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = page_of(applicant, office.draft, "/photo")
    office.draft.refresh_from_db()
    before = (Attachment.objects.count(), dict(office.draft.answers))

    def full(*_: object, **__: object) -> None:
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull("could not extend file")

    with monkeypatch.context() as patched:
        patched.setattr(Draft, "save", full)
        answer = applicant.post(address, {SHOWN: "/photo", "/photo": picture()})
    assert answer.status_code == 507
    assert "Tempat penyimpanan kami penuh" in answer.content.decode()
    office.draft.refresh_from_db()
    assert (Attachment.objects.count(), dict(office.draft.answers)) == before


def test_a_database_that_is_away_is_told(applicant: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from pendapa.web.cases import access

    def away(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(access, "cases_of", away)
    answer = applicant.get("/berkas/")
    assert answer.status_code == 503
    assert "Layanan sedang berhenti sebentar" in answer.content.decode()


# --- a worker killed in the middle -----------------------------------------------------------------
class Killed(BaseException):
    """Stands for SIGKILL: passes every `except Exception`."""


@pytest.mark.django_db(transaction=True)
def test_a_task_cut_off_in_the_middle_has_its_effect_exactly_once(
    people: dict[str, User], submit: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    case = submit(LETTER)
    timer = case.timers.get(status="set")
    late = timer.due_at
    assert isinstance(late, datetime)
    assert actions.fire_timer(timer.pk, now=late)
    queued = DBTaskResult.objects.get(task_path__contains="issue_deemed")

    def killed(content: bytes) -> str:
        raise Killed

    # The first worker has taken a number and sealed the letter when it is killed.
    queued.status, queued.worker_ids, queued.started_at = TaskResultStatus.RUNNING, ["worker-that-died"], NOW
    queued.save()
    with monkeypatch.context() as patched:
        patched.setattr(uploads, "write_sealed", killed)
        with pytest.raises(Killed):
            issue_deemed.call(*queued.args_kwargs["args"])
    case.refresh_from_db()
    assert (case.status, Document.objects.count()) == ("in_progress", 0)

    assert take_up_abandoned_tasks() == 1
    run_worker(once=True)
    case.refresh_from_db()
    queued.refresh_from_db()
    assert (case.status, queued.status) == ("deemed", TaskResultStatus.SUCCESSFUL)
    assert Document.objects.count() == 1

    # Killed again after its work was done, but before that was noted: nothing happens twice.
    queued.status = TaskResultStatus.RUNNING
    queued.save()
    deadline = (
        time.monotonic() + 10
    )  # the worker's sign of life ends when the server has noticed that it left
    while not take_up_abandoned_tasks():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    run_worker(once=True)
    assert Document.objects.count() == 1
    assert case.events.filter(kind="document.issued").count() == 1
    # The number of the first attempt stays in the register, void, with the reason.
    void_interrupted(now=late + timedelta(days=2))
    assert sorted(RegisterEntry.objects.values_list("running", "status")) == [(1, "void"), (2, "issued")]
