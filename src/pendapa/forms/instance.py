"""The instance of one evaluation: a tree of nodes made from answers by path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

from pendapa.forms.model import Declaration
from pendapa.forms.program import Program
from pendapa.forms.xpath.nodes import Environment, Node

MAX_NODES = 60_000  # nodes of one instance, all repeats together
# What OpenRosa programs write into /meta for themselves: no answer, and no fault where the form does not declare it
# (https://docs.getodk.org/openrosa-metadata/; the audit log of ODK Collect).
OPENROSA_META = frozenset(
    f"/meta/{name}"
    for name in (
        "instanceID", "instanceName", "deprecatedID", "timeStart", "timeEnd", "userID", "deviceID", "email",
        "phoneNumber", "simSerial", "subscriberID", "audit",
    )
)  # fmt: skip
_NUMBER = re.compile(r"\[(\d{1,9})\]")


class Instance:
    """Nodes by declaration (`nodes[declaration.index]`), with the instances of repeats counted from the
    answers."""

    def __init__(
        self,
        program: Program,
        answers: Mapping[str, str],
        now: datetime,
        zone: tzinfo,
        most: int,
        keep_surplus: bool,
    ) -> None:
        self.program = program
        self.answers = answers
        self.most = most
        self.keep_surplus = keep_surplus
        self.declarations = program.definition.declarations
        self.nodes: list[list[Node]] = [[] for _ in self.declarations]
        self.names = program.names
        self.shorts = program.shorts
        self.order = program.order_of
        self.paths: dict[int, str] = {}  # id of a node in a repeat -> its path
        self.too_many: list[str] = []
        self.unknown: list[str] = []
        self.made = 0
        self.sent = self._counts(answers)
        root = self._node(self.declarations[0], None, "")
        document = Node("", kind="root")
        document.append(root)
        self.env = Environment(document, now, zone, program.lists)
        self.taken: set[str] = set()
        self._fill(root, self.declarations[0], "", False)
        if len(self.taken) < len(answers):
            self._leftovers()

    @staticmethod
    def _counts(answers: Mapping[str, str]) -> dict[str, int]:
        """The highest instance number of each repeat among the answers, by path of the repeat in its
        instance."""
        found: dict[str, int] = {}
        for key in answers:
            if "[" in key:
                for match in _NUMBER.finditer(key):
                    prefix = key[: match.start()]
                    number = int(match[1])
                    if number > found.get(prefix, 0):
                        found[prefix] = number
        return found

    def _node(self, declared: Declaration, parent: Node | None, value: str) -> Node:
        node = Node(self.names[declared.index], parent, value)
        node.spec = declared
        self.nodes[declared.index].append(node)
        self.made += 1
        return node

    def _fill(self, node: Node, declared: Declaration, path: str, in_repeat: bool) -> None:
        answers, taken, singles = self.answers, self.taken, self.env.singles
        kids: dict[str, list[Node]] = {}
        children: list[Node] = []
        node.kids, node.children = kids, children
        nodes, declarations, names = self.nodes, self.declarations, self.names
        for at in declared.children:
            child = declarations[at]
            name = names[at]
            here = f"{path}/{name}"
            if child.is_repeat:
                if not child.count:
                    self._instances(child, node, here, self.sent.get(here, 0))
                continue
            value = answers.get(here)
            if value is not None and not (child.children and value):
                taken.add(here)
                if value.isspace():
                    value = ""  # spaces alone answer nothing
            made = Node(name, node, "" if child.children else value or "")
            made.spec = child
            nodes[at].append(made)
            kids[name] = [made]
            children.append(made)
            if in_repeat:
                self.paths[id(made)] = here
            else:
                singles[child.path] = made
            if not node.relevant:
                made.relevant = False
            if child.children:
                self._fill(made, child, here, in_repeat)

    def _instances(self, declared: Declaration, parent: Node, path: str, number: int) -> None:
        if number > self.most or self.made + number * max(1, len(declared.children)) > MAX_NODES:
            self.too_many.append(path)
            number = min(number, self.most, max(0, (MAX_NODES - self.made) // max(1, len(declared.children))))
        for i in range(1, number + 1):
            made = self._node(declared, parent, "")
            parent.append(made)
            self.made += len(declared.children)
            made.relevant = parent.relevant
            here = f"{path}[{i}]"
            self.paths[id(made)] = here
            self._fill(made, declared, here, True)

    def set_count(self, declared: Declaration, parent: Node, number: int) -> None:
        """Make the instances of a repeat whose number the form computes. Answers beyond that number are
        dropped, unless surplus instances are kept."""
        path = f"{self.path(parent)}/{self.names[declared.index]}".replace("//", "/")
        if self.keep_surplus:
            number = max(number, self.sent.get(path, 0))
        self._instances(declared, parent, path, number)
        parent.children.sort(key=lambda node: self.order[id(node.spec)])

    def _leftovers(self) -> None:
        """Answers that no node took: unknown, unless they belong to instances that the form's own count
        leaves out."""
        root = self.program.definition.root
        for key in self.answers:
            if key in self.taken:
                continue
            plain = _NUMBER.sub("", key)
            declared = self.program.by_path.get(f"/{root}{plain}")
            if declared is None:
                known = key in OPENROSA_META
            elif declared.children:
                known = self._is_blank(declared, key)
            else:
                known = self._numbered(declared, key)
            if not known:
                self.unknown.append(key)

    def _is_blank(self, declared: Declaration, key: str) -> bool:
        """A group or repeat that is there and holds nothing: `/member[2]`, or `/member` for no instance."""
        numbered = f"{key}[1]" if declared.is_repeat and not key.endswith("]") else key
        return not self.answers[key] and self._numbered(declared, numbered)

    def _numbered(self, declared: Declaration, key: str) -> bool:
        """Whether the path numbers exactly its repeats, each from 1."""
        steps = key.strip("/").split("/")
        plain = f"/{self.program.definition.root}"
        for step in steps:
            name, bracket, number = step.partition("[")
            plain += f"/{name}"
            above = self.program.by_path.get(plain)
            if above is None or above.is_repeat != bool(bracket) or number == "0]":
                return False
        return True

    # -- reading it --------------------------------------------------------------------------------

    def path(self, node: Node) -> str:
        found = self.paths.get(id(node))
        if found is not None:
            return found
        declared = node.spec
        assert isinstance(declared, Declaration)
        return self.shorts[declared.index]

    def find(self, path: str) -> Node | None:
        plain = f"/{self.program.definition.root}{_NUMBER.sub('', path)}"
        declared = self.program.by_path.get(plain)
        if declared is None:
            return None
        return next((n for n in self.nodes[declared.index] if self.path(n) == path), None)

    def result(self) -> tuple[dict[str, str], list[str]]:
        """Values of the relevant leaves in document order, and the relevant paths that a person sees."""
        values: dict[str, str] = {}
        relevant: list[str] = []
        paths, shorts = self.paths, self.shorts

        def walk(node: Node) -> None:
            for child in node.children:
                if not child.relevant:
                    continue
                declared = child.spec
                assert isinstance(declared, Declaration)
                path = paths.get(id(child)) or shorts[declared.index]
                if declared.control:
                    relevant.append(path)
                if declared.children:
                    before = len(values)
                    walk(child)
                    if declared.is_repeat and len(values) == before:
                        values[path] = ""  # an instance without a relevant answer is still there
                elif child.value or not path.startswith("/meta/"):
                    values[path] = child.value

        walk(self.env.root.children[0])
        return values, relevant

    def all_values(self) -> dict[str, str]:
        """Every leaf, relevant or not."""
        return {
            self.path(n): n.value for d in self.declarations if not d.children for n in self.nodes[d.index]
        }

    def counts(self) -> dict[str, int]:
        """Instances of each repeat, by its path (numbered above, for a repeat in a repeat)."""
        found: dict[str, int] = {}
        for declared in self.declarations:
            if not declared.is_repeat:
                continue
            name = self.names[declared.index]
            for parent in self.nodes[declared.parent]:
                base = self.path(parent)
                found[f"{base}/{name}" if base != "/" else f"/{name}"] = len(parent.kids.get(name, ()))
        return found
