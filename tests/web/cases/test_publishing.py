"""Publishing a folder, taking it out again, and sealing the chains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import connection
from tests.web.conftest import NOW

from pendapa.regency.reader import read_regency
from pendapa.web.cases.models import Case
from pendapa.web.catalogue.models import ServiceVersion
from pendapa.web.events.actions import seal_heads
from pendapa.web.events.chain import Actor, verify_seals
from pendapa.web.organisation.exporting import export_folder
from pendapa.web.organisation.publishing import publish


def test_what_is_exported_can_be_loaded_and_changes_nothing(
    tegal: None, tmp_path: Path, regency_as_read: tuple
) -> None:
    export_folder(tmp_path / "out")
    again, faults = read_regency(tmp_path / "out")
    assert again is not None, [str(f) for f in faults]
    before = ServiceVersion.objects.count()
    done = publish(again, regency_as_read[1], now=NOW, actor=Actor(channel="test"))
    assert (done.new_versions, ServiceVersion.objects.count()) == ((), before)


def test_a_seal_covers_each_grown_chain_once(submit: Callable[..., Case]) -> None:
    submit("surat-keterangan-penelitian")
    submit("izin-praktik-bidan-perawat")
    seal = seal_heads(NOW)
    assert seal is not None
    assert seal.heads.count() == 2
    assert seal_heads(NOW) is None
    assert list(verify_seals()) == []


def test_a_chain_rewritten_after_its_seal_is_found(submit: Callable[..., Case]) -> None:
    case = submit("surat-keterangan-penelitian")
    seal_heads(NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_event SET hash = decode(repeat('ab', 32), 'hex') WHERE case_id = %s AND seq = %s",
            [case.pk, case.event_count],
        )
    assert [found.case for found in verify_seals()] == [case.number]
