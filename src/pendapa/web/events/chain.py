"""Appending to a case's hash chain, and checking it.

hash(n) = SHA-256(hash(n-1) || canonical JSON of row n); hash(0) is 32 zero bytes. The canonical form is sorted keys, no
spaces, UTF-8, instants in UTC with microseconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pendapa.web.events.kinds import KINDS
from pendapa.web.events.models import Event, Seal

if TYPE_CHECKING:
    from pendapa.web.cases.models import Case

GENESIS = bytes(32)


@dataclass(frozen=True)
class Actor:
    """Who acts: a person by key, in which position, over which channel. No key: the system itself."""

    key: UUID | None = None
    user_id: int | None = None
    position: str = ""
    acted_as: str = ""
    channel: str = "web"


SYSTEM = Actor(channel="system")


def canonical(event: Event, case_number: str) -> bytes:
    """The bytes that the hash covers."""
    row = {
        "actor": str(event.actor) if event.actor else None,
        "actor_position": event.actor_position,
        "agency": event.agency,
        "case": case_number,
        "channel": event.channel,
        "data": event.data,
        "district": event.district,
        "kind": event.kind,
        "kind_version": event.kind_version,
        "occurred_at": _instant(event.occurred_at),
        "recorded_at": _instant(event.recorded_at),
        "seq": event.seq,
        "service_version": event.service_version_id,
    }
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def link(previous: bytes, event: Event, case_number: str) -> bytes:
    """The hash of `event` behind `previous`."""
    return hashlib.sha256(previous + canonical(event, case_number)).digest()


def append(
    case: Case,
    kind: str,
    *,
    now: datetime,
    recorded_at: datetime,
    actor: Actor,
    agency: str,
    data: dict[str, Any],
) -> Event:
    """Make the next event of a case and move the case's head. The caller holds the case's row lock and saves both."""
    event = Event(
        kind=kind,
        kind_version=KINDS[kind].version,
        occurred_at=now,
        recorded_at=recorded_at,
        actor=actor.key,
        actor_position=actor.position,
        agency=agency,
        district=case.district.code if case.district else "",
        channel=actor.channel,
        service_version_id=case.version_id,
        case=case,
        seq=case.event_count + 1,
        data=data,
        previous_hash=bytes(case.head_hash),
    )
    event.hash = link(bytes(case.head_hash), event, case.number)
    case.head_hash = event.hash
    case.event_count += 1
    return event


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    case: str
    seq: int
    wrong: str


def verify_case(case: Case) -> Iterator[Break]:
    """Recompute one chain from its first event to the case's head."""
    previous, expected = GENESIS, 1
    for event in case.events.order_by("seq").iterator():
        if event.seq != expected:
            yield Break(
                case.number, expected, f"event {expected} is missing; the next one there is {event.seq}"
            )
            return
        if bytes(event.previous_hash or b"") != previous:
            yield Break(case.number, expected, "does not carry the hash of the event before it")
            return
        if link(previous, event, case.number) != bytes(event.hash or b""):
            yield Break(
                case.number, expected, "was changed after it was written: its hash does not fit its content"
            )
            return
        previous, expected = bytes(event.hash or b""), expected + 1
    if expected - 1 != case.event_count or previous != bytes(case.head_hash):
        yield Break(
            case.number,
            case.event_count,
            f"the case counts {case.event_count} events, the chain has {expected - 1}",
        )


def merkle_root(leaves: list[bytes]) -> bytes:
    """Root of a Merkle tree over `leaves` in order; leaf and node hashes are told apart by a prefix (RFC 9162, 2.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def head_leaf(case_number: str, seq: int, head: bytes) -> bytes:
    """What a seal covers of one case."""
    return f"{case_number}\0{seq}\0".encode() + head


def seal_link(previous: bytes, number: int, sealed_at: datetime, root: bytes) -> bytes:
    """The hash of a seal behind the seal before it."""
    return hashlib.sha256(previous + f"{number}\0{_instant(sealed_at)}\0".encode() + root).digest()


def verify_seals() -> Iterator[Break]:
    """Recompute every seal, and that each sealed head still stands in its case's chain."""
    previous = GENESIS
    for number, seal in enumerate(Seal.objects.order_by("number").iterator(), start=1):
        heads = list(seal.heads.select_related("case").order_by("case_id"))
        leaves = [head_leaf(h.case.number, h.seq, bytes(h.hash)) for h in heads]
        if seal.number != number or bytes(seal.previous_hash) != previous:
            yield Break(f"seal {number}", 0, "a seal before it is missing or was changed")
            return
        if merkle_root(leaves) != bytes(seal.root) or seal_link(
            previous, number, seal.sealed_at, bytes(seal.root)
        ) != bytes(seal.hash):
            yield Break(f"seal {number}", 0, "was changed after it was written")
            return
        standing = {
            (case_id, seq): bytes(found or b"")
            for case_id, seq, found in Event.objects.filter(
                case_id__in=[h.case_id for h in heads], seq__in={h.seq for h in heads}
            ).values_list("case_id", "seq", "hash")
        }
        for head in heads:
            if standing.get((head.case_id, head.seq)) != bytes(head.hash):
                yield Break(
                    head.case.number,
                    head.seq,
                    f"seal {number} recorded another head: the chain was rewritten",
                )
        previous = bytes(seal.hash)
