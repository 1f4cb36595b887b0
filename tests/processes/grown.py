"""Well-structured processes grown at random: every split has its join, every block one way in and one way out.

No section that forks stands inside a loop: going round over it is a known difference. Each message and signal has
one listener, and each task a variable of its own, so that neither the order of listeners nor the merging of
copies of data matters (differences as well). Ways between inclusive gateways hold no other gateways (those of
sub-processes aside): the join there looks back along one path only.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

from .bpmn import bpmn, chain, flow, node, timer, user
from .joint_parts import boundary, catch, each, ends, sub
from .joint_walks import Sample

WAIT = "<timerEventDefinition><timeDuration>P{}D</timeDuration></timerEventDefinition>"
Block = tuple[str, str, str]
"""XML, first and last element."""
Without = frozenset[str]
"""What a block may not hold: "forks" (several tokens), or "merges" (gateways at all)."""


class Grower:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0
        self.declared: list[str] = []
        self.unlike: set[str] = set()

    def id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def event(self) -> str:
        """The definition of a message or signal of its own, or of a timer."""
        kind = self.chance.choice(("message", "signal", "timer"))
        if kind == "timer":
            return WAIT.format(self.chance.randrange(1, 9))
        id_ = self.id(kind)
        self.declared.append(f'<{kind} id="{id_}" name="{id_}"/>')
        return f'<{kind}EventDefinition {kind}Ref="{id_}"/>'

    def task(self) -> Block:
        id_ = self.id("T")
        return user(id_), id_, id_

    def block(self, depth: int, without: Without) -> Block:
        kinds: list[Callable[[int, Without], Block]] = [
            self.sequence,
            self.sequence,
            self.subprocess,
            self.wait,
        ]
        if "merges" not in without:
            kinds += [self.decision, self.loop, self.first_event, self.guarded]
        if "forks" not in without:
            kinds += [self.several]
        if not without:
            kinds += [self.parallel, self.parallel, self.inclusive, self.accompanied]
        if depth == 0 or self.chance.random() < 0.1:
            return self.task()
        return self.chance.choice(kinds)(depth - 1, without)

    def sequence(self, depth: int, without: Without) -> Block:
        blocks = [self.block(depth, without) for _ in range(self.chance.randrange(2, 4))]
        flows = "".join(chain(a[2], b[1]) for a, b in itertools.pairwise(blocks))
        return "".join(block[0] for block in blocks) + flows, blocks[0][1], blocks[-1][2]

    def decision(self, depth: int, without: Without) -> Block:
        """A task decides, an exclusive gateway follows it."""
        (xml, task, _), split, join = self.task(), self.id("X"), self.id("X")
        ways = [self.block(depth, without) for _ in range(self.chance.randrange(1, 3))]
        xml += node("exclusiveGateway", split, default=f"{split}_{join}") + node("exclusiveGateway", join)
        xml += chain(task, split, join)
        for (inner, first, last), value in zip(ways, ("accept", "return"), strict=False):
            xml += inner + flow(f"{split}_{first}", split, first, f"{task} == '{value}'") + chain(last, join)
        return xml, task, join

    def loop(self, depth: int, without: Without) -> Block:
        begin, again = self.id("X"), self.id("X")
        inner, first, last = self.block(depth, without | {"forks"})
        task, id_, _ = self.task()
        xml = inner + task + node("exclusiveGateway", begin)
        out = self.id("N")
        xml += node("exclusiveGateway", again, default=f"{again}_{out}") + node("task", out)
        xml += chain(begin, first) + chain(last, id_, again, out)
        return xml + flow(f"{again}_{begin}", again, begin, f"{id_} == 'return'"), begin, out

    def parallel(self, depth: int, without: Without) -> Block:
        split, join = self.id("F"), self.id("J")
        xml = node("parallelGateway", split) + node("parallelGateway", join)
        for _ in range(self.chance.randrange(2, 4)):
            inner, first, last = self.block(depth, without)
            xml += inner + chain(split, first) + chain(last, join)
        return xml, split, join

    def inclusive(self, depth: int, without: Without) -> Block:
        (xml, task, _), split, join = self.task(), self.id("O"), self.id("O")
        without |= {"merges"}
        otherwise = self.block(depth, without)
        xml += node("inclusiveGateway", split, default=f"{split}_{otherwise[1]}")
        xml += node("inclusiveGateway", join) + chain(task, split, otherwise[1])
        xml += otherwise[0] + chain(otherwise[2], join)
        for values in ("'accept', 'return'", "'accept', 'none'"):
            inner, first, last = self.block(depth, without)
            xml += inner + flow(f"{split}_{first}", split, first, f"{task} in [{values}]") + chain(last, join)
        return xml, task, join

    def subprocess(self, depth: int, without: Without) -> Block:
        id_ = self.id("U")
        # What is inside a sub-process is seen from outside as one step.
        inner, first, last = self.block(depth, without - {"merges"})
        xml = sub(id_, inner, chain(f"s_{id_}", first), chain(last, f"e_{id_}"))
        if "merges" in without or self.chance.random() < 0.5:
            return xml, id_, id_
        return self.caught(xml, id_)

    def caught(self, xml: str, host: str) -> Block:
        """An interrupting event on the border leads over a task to the same way on."""
        event, join = self.id("B"), self.id("X")
        other, first, last = self.task()
        xml += boundary(event, host, self.event()) + other + node("exclusiveGateway", join)
        return xml + chain(host, join) + chain(event, first) + chain(last, join), host, join

    def guarded(self, depth: int, without: Without) -> Block:
        xml, id_, _ = self.task()
        return self.caught(xml, id_)

    def accompanied(self, depth: int, without: Without) -> Block:
        """A timer that does not interrupt begins a way of its own; what is set there is lost there."""
        (xml, id_, _), event, end = self.task(), self.id("B"), self.id("E")
        beside, other, _ = self.task()
        self.unlike.add(other)
        xml += beside + timer(event, id_, interrupting=False) + ends(end) + chain(event, other, end)
        return xml, id_, id_

    def several(self, depth: int, without: Without) -> Block:
        """A task done several times, at once or in turn."""
        id_, sequential = self.id("T"), self.chance.random() < 0.5
        until = f"{id_} == 'refuse'" if self.chance.random() < 0.5 else ""
        inner = each(f"<loopCardinality>{self.chance.randrange(1, 4)}</loopCardinality>",
                     sequential=sequential, until=until)  # fmt: skip
        return node("userTask", id_, inner), id_, id_

    def first_event(self, depth: int, without: Without) -> Block:
        gate, join = self.id("V"), self.id("X")
        xml = node("eventBasedGateway", gate) + node("exclusiveGateway", join)
        for _ in range(2):
            event = self.id("C")
            inner, first, last = self.block(depth, without)
            xml += catch(event, self.event()) + inner + chain(gate, event, first) + chain(last, join)
        return xml, gate, join

    def wait(self, depth: int, without: Without) -> Block:
        id_ = self.id("C")
        return catch(id_, self.event()), id_, id_


def grown(seed: str, depth: int = 3) -> Sample:
    grower = Grower(random.Random(seed))
    xml, first, last = grower.sequence(depth, frozenset())
    source = bpmn(xml, ends("End"), chain("S", first), chain(last, "End"), before="".join(grower.declared))
    return Sample(source, values=("accept", "return", "refuse"), unlike=frozenset(grower.unlike))
