"""The log: what was changed, taken out, put in, moved or written anew is noticed; Merkle roots as RFC 9162 has them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.events.actions import seal_heads
from pendapa.web.events.chain import GENESIS, link, merkle_root, verify_case, verify_seals
from pendapa.web.events.models import Event, Seal, SealedHead

SIP = "izin-praktik-bidan-perawat"


@pytest.fixture
def case(submit: Callable[..., Case], do_task: Callable[..., Case], people: dict[str, User]) -> Case:
    """A case with a chain of some length."""
    made = submit(SIP, people["warga"])
    do_task(made, "periksa", "fo")
    do_task(made, "cek_tempat", "tempat")
    made.refresh_from_db()
    assert made.event_count >= 8
    return made


def broken(case: Case) -> list[tuple[int, str]]:
    case.refresh_from_db()
    return [(found.seq, found.wrong) for found in verify_case(case)]


def rewrite(case: Case, events: list[Event]) -> None:
    """What somebody with all of the database and this source could do: number and hash the chain anew."""
    Event.objects.filter(case=case).delete()
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        event.pk, event.case, event.seq, event.previous_hash = None, case, number, previous
        event.hash = previous = link(previous, event, case.number)
    Event.objects.bulk_create(events)
    Case.objects.filter(pk=case.pk).update(head_hash=previous, event_count=len(events))


def test_an_untouched_chain_holds_and_starts_from_zeros(case: Case) -> None:
    assert broken(case) == []
    assert bytes(case.events.get(seq=1).previous_hash or b"") == bytes(32)


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"result": "refuse"}},
        {"occurred_at": NOW - timedelta(days=1)},
        {"recorded_at": NOW - timedelta(days=1)},
        {"kind": "task.opened"},
        {"actor": None},
        {"actor_position": "DPMPTSP-KADIS"},
        {"agency": "DINKES"},
        {"channel": "counter"},
        {"district": "33.28.01"},
        {"service_version_id": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_event_is_noticed_whatever_was_changed(case: Case, change: dict[str, object]) -> None:
    event = case.events.filter(kind="task.completed").earliest("seq")
    assert {k: getattr(event, k) for k in change} != change
    Event.objects.filter(pk=event.pk).update(**change)
    ((seq, wrong),) = broken(case)
    assert seq == event.seq
    assert "changed after it was written" in wrong


def test_a_removed_event_is_noticed(case: Case) -> None:
    case.events.get(seq=4).delete()
    ((seq, wrong),) = broken(case)
    assert (seq, "is missing" in wrong) == (4, True)


def test_a_removed_last_event_is_noticed(case: Case) -> None:
    case.events.get(seq=case.event_count).delete()
    ((_seq, wrong),) = broken(case)
    assert f"counts {case.event_count} events, the chain has {case.event_count - 1}" in wrong


def test_an_inserted_event_is_noticed(case: Case) -> None:
    last = case.events.get(seq=case.event_count)
    forged = Event(
        kind="case.ended", occurred_at=NOW, recorded_at=NOW, case=case, seq=last.seq + 1, data={"outcome": "issued"},
        previous_hash=bytes(last.hash or b""), service_version_id=case.version_id,
    )  # fmt: skip
    forged.hash = link(bytes(last.hash or b""), forged, case.number)
    forged.save()
    assert len(broken(case)) == 1


def test_reordered_events_are_noticed(case: Case) -> None:
    third, fourth = case.events.get(seq=3), case.events.get(seq=4)
    Event.objects.filter(pk=third.pk).update(seq=9999)
    Event.objects.filter(pk=fourth.pk).update(seq=3)
    Event.objects.filter(pk=third.pk).update(seq=4)
    ((seq, _wrong),) = broken(case)
    assert seq == 3


def test_an_event_moved_to_another_case_is_noticed(case: Case, submit: Callable[..., Case]) -> None:
    other = submit(SIP)
    rewrite(
        other, list(case.events.order_by("seq"))
    )  # fits in itself, as the number of the case was hashed anew
    assert broken(other) == []
    Event.objects.filter(case=other).delete()
    for event in case.events.order_by("seq"):  # moved as it is: the case's number is part of what is hashed
        event.pk, event.case = None, other
        event.save()
    assert broken(other)[0][0] == 1


def test_a_chain_written_anew_fits_itself_and_is_noticed_by_the_seal(case: Case) -> None:
    assert seal_heads(NOW) is not None
    events = list(case.events.order_by("seq"))
    events[2].data = {**events[2].data, "forged": True}
    rewrite(case, events)
    assert broken(case) == []  # this is why chains are sealed
    (found,) = verify_seals()
    assert found.case == case.number
    assert "chain was rewritten" in found.wrong


def test_a_seal_is_noticed_when_it_or_one_before_it_was_changed(
    case: Case, submit: Callable[..., Case]
) -> None:
    seal_heads(NOW)
    submit(SIP)
    second = seal_heads(NOW + timedelta(minutes=1))
    assert second is not None
    assert list(verify_seals()) == []
    first = Seal.objects.get(number=1)
    SealedHead.objects.filter(seal=first).update(hash=bytes(32))
    (found,) = verify_seals()
    assert (found.case, "changed" in found.wrong) == ("seal 1", True)
    SealedHead.objects.filter(seal=first).delete()
    first.delete()
    (found,) = verify_seals()
    assert "before it is missing" in found.wrong


def test_only_what_grew_is_sealed_again(case: Case) -> None:
    seal_heads(NOW)
    assert seal_heads(NOW) is None


# --- Merkle roots ----------------------------------------------------------------------------------
def h(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_merkle_roots_are_those_of_rfc_9162() -> None:
    # RFC 9162, 2.1.1: MTH({}) = HASH(); MTH({d0}) = HASH(0x00 || d0); else HASH(0x01 || MTH(D[0:k]) || MTH(D[k:n]))
    # with k the largest power of two smaller than n. By hand for one, two, three and five leaves.
    a, b, c, d, e = (h(b"\x00" + leaf) for leaf in (b"a", b"b", b"c", b"d", b"e"))
    assert merkle_root([]) == h(b"")
    assert merkle_root([b"a"]) == a
    assert merkle_root([b"a", b"b"]) == h(b"\x01" + a + b)
    assert merkle_root([b"a", b"b", b"c"]) == h(b"\x01" + h(b"\x01" + a + b) + c)
    four = h(b"\x01" + h(b"\x01" + a + b) + h(b"\x01" + c + d))
    assert merkle_root([b"a", b"b", b"c", b"d", b"e"]) == h(b"\x01" + four + e)


def test_merkle_roots_agree_with_published_vectors() -> None:
    # The reference leaves and roots of the Certificate Transparency tests (google/certificate-transparency,
    # merkletree/merkle_tree_test.cc), for RFC 6962, whose tree RFC 9162 kept.
    hexes = (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
    leaves = [bytes.fromhex(text) for text in hexes]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        assert merkle_root(leaves[:size]).hex() == root, size
