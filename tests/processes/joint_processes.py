"""The processes that are walked in both programs. Names of tasks are what they set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import joint_calls as calls
from . import joint_data as data
from . import joint_flows as flows
from .joint_walks import Sample
from .samples import SHARED_WITH_SPIFF, TIMED

SERVICES = Path(__file__).parents[2] / "regencies" / "tegal" / "services"

TIMED_ONCE = TIMED.replace(b"R2/P1D", b"P1D").replace(b"timeCycle", b"timeDuration")


def service(slug: str, **more: Any) -> Sample:
    source = (SERVICES / slug / "process.bpmn").read_bytes()
    return Sample(source, suffix="_result", process=slug.replace("-", "_"), **more)


MEMBERS = {"members": ("Ani", "Budi", "Citra")}
VISIT = {"visit.bpmn": calls.VISIT}
ITEM = frozenset({"member"})
PROCESSES: dict[str, Sample] = {
    **{name: Sample(source) for name, source in SHARED_WITH_SPIFF.items()},
    "timed": Sample(TIMED_ONCE, unlike=frozenset({"Remind"})),
    "turns": Sample(flows.TURNS),
    "paying": Sample(flows.PAYING),
    "any nested": Sample(flows.ANY_NESTED),
    "any unstructured": Sample(flows.ANY_UNSTRUCTURED, unlike=frozenset({"Long", "Longer", "Else"})),
    "any of events": Sample(flows.ANY_OF_EVENTS),
    "first event": Sample(flows.FIRST_EVENT),
    "timers": Sample(flows.TIMERS),
    "interrupted": Sample(flows.INTERRUPTED),
    "accompanied": Sample(flows.ACCOMPANIED, unlike=frozenset({"Answer", "Watch", "Remind"})),
    "deep": Sample(flows.DEEP),
    "guarded": Sample(flows.GUARDED),
    "failing": Sample(flows.FAILING, unlike=frozenset({"A"})),
    "stopped inside": Sample(flows.STOPPED_INSIDE, unlike=frozenset({"B"})),
    "signals": Sample(flows.SIGNALS),
    "sending": Sample(flows.SENDING),
    "each": Sample(data.EACH, variables=MEMBERS, unlike=ITEM),
    "each until": Sample(data.EACH_UNTIL, variables=MEMBERS, unlike=ITEM),
    "one by one": Sample(data.ONE_BY_ONE, variables=MEMBERS),
    "times": Sample(data.TIMES),
    "visits": Sample(data.visits(sequential=False), variables=MEMBERS, unlike=ITEM),
    "visits in turn": Sample(data.visits(sequential=True), variables=MEMBERS),
    "visits until": Sample(
        data.visits(sequential=False, until="Report == 'refuse'"), variables=MEMBERS, unlike=ITEM
    ),
    "grown": Sample(data.GROWN, variables={"ages": (20, 9, 30, 17)}, unlike=frozenset({"age"})),
    "guarded each": Sample(data.GUARDED_EACH, variables=MEMBERS, unlike=ITEM | {"Vote"}),
    "ruled": Sample(data.RULED, variables={"area": 150}, tables={"fee.dmn": data.FEE}),
    "collected": Sample(data.COLLECTED, variables={"area": 150}, tables={"fee.dmn": data.PAPERS}),
    **{
        f"first {n}": Sample(data.CHARGED, variables={"area": n}, tables={"fee.dmn": data.LADDER})
        for n in (90, 120, 150)
    },
    **{
        f"any {n}": Sample(data.CHARGED, variables={"area": n}, tables={"fee.dmn": data.SAME})
        for n in (90, 120, 150)
    },
    "answered": Sample(data.ANSWERED, variables={"number": "7"}, key=("case", "number")),
    "calls": Sample(calls.SIDE_BY_SIDE, others=VISIT),
    "calls with some": Sample(
        calls.HANDED, others={"visit.bpmn": calls.NARROW}, variables={"area": 5, "far": 1}, suffix="_said"
    ),
    "calls with little": Sample(
        calls.HANDED, others={"visit.bpmn": calls.NARROW}, variables={"area": 3, "far": 1}, suffix="_said"
    ),
    "calls for each": Sample(calls.FOR_EACH, others=VISIT, variables=MEMBERS),
    "calls in turn": Sample(calls.IN_TURN, others=VISIT, variables=MEMBERS),
    "while": Sample(calls.WHILE),
    "at most": Sample(calls.AT_MOST),
    "perhaps": Sample(calls.PERHAPS),
    "round": Sample(calls.ROUND),
    "pools": Sample(flows.POOLS),
    "handled": Sample(flows.HANDLED, unlike=frozenset({"Note"})),
    "nobody": Sample(data.EACH, variables={"members": ()}),
    # Going back behind the parallel checks is a known difference.
    "midwives": service("izin-praktik-bidan-perawat", never=frozenset({("telaah", "return")})),
    "family card": service(
        "perubahan-data-kk", says={"jawaban_siak": ("siak_status", ("done", "rejected", "return"))}
    ),
    "research": service("surat-keterangan-penelitian"),
}
