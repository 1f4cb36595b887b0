"""The tree an expression reads, and the context it is evaluated in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from xml.etree.ElementTree import Element


class Node:
    """One node of an instance. A leaf element keeps its text in `value`; `kids` indexes child elements by
    name."""

    __slots__ = ("attributes", "children", "kids", "kind", "name", "parent", "relevant", "spec", "value")

    def __init__(self, name: str, parent: Node | None = None, value: str = "", kind: str = "element") -> None:
        self.name = name
        self.parent = parent
        self.value = value
        self.kind = kind
        self.children = NO_CHILDREN
        self.kids = NO_KIDS
        self.attributes: list[Node] | None = None
        self.relevant = True
        self.spec: object = None

    def append(self, child: Node) -> Node:
        if self.children is NO_CHILDREN:
            self.children, self.kids = [], {}
        self.children.append(child)
        if child.kind == "element":
            self.kids.setdefault(child.name, []).append(child)
        child.parent = self
        return child

    def text(self) -> str:
        """XPath string-value."""
        if not self.children:
            return self.value
        return "".join(c.text() for c in self.children if c.kind in ("element", "text"))

    def descendants(self) -> Iterator[Node]:
        for child in self.children:
            yield child
            yield from child.descendants()

    def top(self) -> Node:
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def order(self) -> tuple[int, ...]:
        """Sorts in document order: the node's index among its siblings, from the root down."""
        steps: list[int] = []
        node = self
        while node.parent is not None:
            if node.kind == "attribute":
                steps.append(-1)
            else:
                steps.append(next(i for i, sibling in enumerate(node.parent.children) if sibling is node))
            node = node.parent
        return tuple(reversed(steps))

    def place(self) -> int:
        """Position among the siblings of the same name, from 1."""
        if self.parent is None:
            return 1
        return next((i for i, n in enumerate(self.parent.kids.get(self.name, ()), 1) if n is self), 1)


def local_name(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def tree_from_element(element: Element) -> Node:
    """A document node above `element`, for secondary instances: names without namespace, text of leaves
    only."""
    root = Node("", kind="root")

    def copy(source: Element, parent: Node) -> None:
        node = parent.append(Node(local_name(source.tag)))
        for name, value in source.attrib.items():
            if node.attributes is None:
                node.attributes = []
            node.attributes.append(Node(local_name(name), node, value, "attribute"))
        if len(source):
            for child in source:
                copy(child, node)
        else:
            node.value = source.text or ""

    copy(element, root)
    return root


# Shared by all leaves, so that a leaf costs no containers; `append` puts fresh ones in their place.
NO_CHILDREN: list[Node] = []
NO_KIDS: dict[str, list[Node]] = {}


@dataclass(slots=True)
class Environment:
    """What one evaluation may read besides the context node. `now` is aware; its zone is the local zone."""

    root: Node
    now: datetime
    zone: tzinfo
    instances: Mapping[str, Node] = field(default_factory=dict)
    # The day number of local 1970-01-01T00:00: 0 counts local days as JavaRosa does; Enketo counts from UTC.
    utc_days: bool = False
    singles: dict[str, Node] = field(default_factory=dict)
    version: str = ""  # of the form: version()
    # jr:choice-name(): label of a choice of the field at an absolute path, in the language being shown
    choice_name: Callable[[str, str, Context], str] = lambda path, value, context: value


class Context:
    """The XPath context: node, position and size, plus the node whose bind is being evaluated
    (`current()`)."""

    __slots__ = ("current", "env", "node", "position", "size")

    def __init__(
        self, env: Environment, node: Node, position: int = 1, size: int = 1, current: Node | None = None
    ):
        self.env = env
        self.node = node
        self.position = position
        self.size = size
        self.current = current or node
