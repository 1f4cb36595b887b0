"""Location paths to closures.

Paths that the form declares outside repeats are looked up in a dictionary made once per evaluation; the
rest is walked. An absolute path into the repeat that the bind itself stands in means the same instance
(JavaRosa contextualises it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pendapa.forms.xpath.nodes import Context, Node
from pendapa.forms.xpath.syntax import Binary, Call, Expr, Filter, Number, Path, Step, walk
from pendapa.forms.xpath.values import to_boolean

if TYPE_CHECKING:
    from pendapa.forms.xpath.compiler import Compiler, Declared, NodesOf, TextOf

StepOf = Callable[[Node, Context], list[Node]]
_REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})


class PathCompiler:
    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler

    # -- what the form declares --------------------------------------------------------------------

    def absolute(self, tree: Expr) -> str | None:
        """The absolute path that a plain path (names, `.`, `..`, predicates aside) names; None if it is not
        plain."""
        if not isinstance(tree, Path):
            return None
        if tree.start == "/":
            parts: list[str] = []
        elif tree.start is None or (isinstance(tree.start, Call) and tree.start.name == "current"):
            if self.compiler.base is None:
                return None
            parts = self.compiler.base.strip("/").split("/")
        else:
            return None
        for step in tree.steps:
            if step.axis == "self" and step.test == "node()":
                continue
            if step.axis == "parent" and step.test == "node()":
                if not parts:
                    return None
                parts.pop()
            elif step.axis == "child" and step.test != "*" and not step.test.endswith("()"):
                parts.append(step.test)
            else:
                return None
        return "/" + "/".join(parts)

    def declared(self, tree: Expr) -> Declared | None:
        schema = self.compiler.schema
        path = self.absolute(tree) if schema is not None else None
        return schema.declared(path) if schema is not None and path is not None else None

    def many(self, tree: Expr) -> bool:
        """Whether a comparison must look at each node: a path that may name more than one, or none of the
        form's."""
        if isinstance(tree, Path):
            if self.compiler.schema is None:
                return True
            path = self.absolute(tree)
            if path is None:
                return True
            return self._passes_repeat(tree)
        if isinstance(tree, Filter):
            return True
        if isinstance(tree, Binary):
            return tree.operator == "|"
        return isinstance(tree, Call) and self.compiler.kind(tree) == "nodes"

    def _passes_repeat(self, tree: Path) -> bool:
        """Whether the steps go down into a repeat that is not fixed by the context."""
        schema, base = self.compiler.schema, self.compiler.base or ""
        if schema is None:
            return True
        parts: list[str] = [] if tree.start == "/" else base.strip("/").split("/")
        for step in tree.steps:
            if step.axis == "parent":
                parts.pop()
            elif step.axis == "child":
                parts.append(step.test)
                path = "/" + "/".join(parts)
                found = schema.declared(path)
                own = (base + "/").startswith(path + "/") and tree.start == "/" and not step.predicates
                if found is not None and found.is_repeat and not own:
                    return True
        return False

    # -- leaves: the text of the first node, the usual case ----------------------------------------

    def leaf(self, tree: Path) -> TextOf:
        schema = self.compiler.schema
        if tree.start is None and len(tree.steps) == 1 and tree.steps[0] == Step("self", "node()"):
            return lambda c: c.node.text() if c.node.children else c.node.value
        plain = not any(step.predicates for step in tree.steps)
        if schema is not None and plain and tree.start == "/":
            path = self.absolute(tree)
            found = schema.declared(path) if path else None
            if path is not None and found is not None and not found.in_repeat:
                key = path

                def single(c: Context) -> str:
                    node = c.env.singles.get(key)
                    return node.value if node is not None and node.relevant else ""

                return single
        if plain and tree.start is None:
            climbs = 0
            steps = list(tree.steps)
            while steps and steps[0] == Step("parent", "node()"):
                steps.pop(0)
                climbs += 1
            if len(steps) == 1 and steps[0].axis == "child" and steps[0].test[-1] not in "*)":
                name = steps[0].test

                def sibling(c: Context) -> str:
                    node: Node | None = c.node
                    for _ in range(climbs):
                        if node is None:
                            return ""
                        node = node.parent
                    for kid in node.kids.get(name, ()) if node is not None else ():
                        if kid.relevant:
                            return kid.text() if kid.children else kid.value
                    return ""

                return sibling
        nodes = self.nodes(tree)

        def first(c: Context) -> str:
            found = nodes(c)
            return found[0].text() if found else ""

        return first

    # -- node-sets ---------------------------------------------------------------------------------

    def nodes(self, tree: Path) -> NodesOf:
        steps = list(tree.steps)
        if isinstance(tree.start, Call) and tree.start.name == "instance":
            indexed = self._indexed(tree.start, steps)
            if indexed is not None:
                return indexed
        if tree.start is None:
            starts: NodesOf = lambda c: [c.node]
        elif tree.start == "/":
            if self.compiler.schema is not None:
                return self._from_root(steps)
            starts = lambda c: [c.node.top()]
        else:
            assert not isinstance(tree.start, str)
            starts = self.compiler.nodes(tree.start)
        return self._chain(starts, [self.step(s) for s in steps])

    @staticmethod
    def _chain(starts: NodesOf, steps: Sequence[StepOf]) -> NodesOf:
        def run(c: Context) -> list[Node]:
            found = starts(c)
            for step in steps:
                if len(found) == 1:
                    found = step(found[0], c)
                else:
                    gathered: dict[int, Node] = {}
                    for node in found:
                        for hit in step(node, c):
                            gathered.setdefault(id(hit), hit)
                    found = list(gathered.values())
            return found

        return run

    def _from_root(self, steps: list[Step]) -> NodesOf:
        """Absolute path in a form. Steps through the context's own repeats start at its instance."""
        schema, base = self.compiler.schema, self.compiler.base or ""
        assert schema is not None
        own = 0
        parts: list[str] = []
        for index, step in enumerate(steps):
            if step.axis != "child" or step.predicates:
                break
            parts.append(step.test)
            path = "/" + "/".join(parts)
            if not (base + "/").startswith(path + "/"):
                break
            found = schema.declared(path)
            if found is not None and found.is_repeat:
                own = index + 1
        if own:
            height = len(base.strip("/").split("/")) - own

            def instance(c: Context) -> list[Node]:
                node: Node | None = c.current
                for _ in range(height):
                    node = node.parent if node is not None else None
                return [node] if node is not None else []

            return self._chain(instance, [self.step(s) for s in steps[own:]])
        return self._chain(lambda c: [c.env.root], [self.step(s) for s in steps])

    def _indexed(self, call: Call, steps: list[Step]) -> NodesOf | None:
        """instance('list')/root/item[column = field ...]: one dictionary per list and column, made at first
        use."""
        if len(steps) != 2 or steps[0].predicates or not steps[1].predicates:
            return None
        condition = steps[1].predicates[0]
        if not (isinstance(condition, Binary) and condition.operator == "="):
            return None
        left, right = condition.left, condition.right
        if not self._column(left):
            left, right = right, left
        if not self._column(left) or not self._independent(right) or self.compiler.numeric(right):
            return None
        if self.compiler.kind(right) not in ("text", "nodes") or self.many(right):
            return None
        assert isinstance(left, Path)
        column, wanted = left.steps[0].test, self.compiler.text(right)
        documents = self.compiler.nodes(call)
        children = [self.step(steps[0]), self.step(replace(steps[1], predicates=()))]
        index: dict[int, tuple[Node, dict[str, list[Node]]]] = {}

        def look_up(c: Context) -> list[Node]:
            found = documents(c)
            if not found:
                return []
            document = found[0]
            entry = index.get(id(document))
            if entry is None or entry[0] is not document:
                rows: dict[str, list[Node]] = {}
                for item in self._chain(lambda _: [document], children)(c):
                    for cell in item.kids.get(column, ()):
                        rows.setdefault(cell.value, []).append(item)
                entry = index[id(document)] = (document, rows)
            return entry[1].get(wanted(c), [])

        if len(steps[1].predicates) == 1:
            return look_up
        return self.filtered(look_up, steps[1].predicates[1:])

    @staticmethod
    def _column(tree: Expr) -> bool:
        if not isinstance(tree, Path) or tree.start is not None or len(tree.steps) != 1:
            return False
        step = tree.steps[0]
        return step.axis == "child" and not step.predicates and step.test[-1] not in "*)"

    def _independent(self, tree: Expr) -> bool:
        """Whether the value is the same for every item: no relative path, no position."""
        for part in walk(tree):
            if isinstance(part, Path) and part.start is None:
                return False
            if isinstance(part, Call) and part.name != "current":
                return False
        return True

    # -- steps and predicates ----------------------------------------------------------------------

    def step(self, step: Step) -> StepOf:
        plain = self._axis(step)
        if not step.predicates:
            return plain
        tests = [self.predicate(p) for p in step.predicates]
        backwards = step.axis in _REVERSE

        def tested(node: Node, c: Context) -> list[Node]:
            found = plain(node, c)
            if backwards:
                found = found[::-1]
            for test in tests:
                found = test(found, c)
            return found[::-1] if backwards else found

        return tested

    def filtered(self, nodes: NodesOf, predicates: Sequence[Expr]) -> NodesOf:
        tests = [self.predicate(p) for p in predicates]

        def run(c: Context) -> list[Node]:
            found = nodes(c)
            for test in tests:
                found = test(found, c)
            return found

        return run

    def predicate(self, tree: Expr) -> Callable[[list[Node], Context], list[Node]]:
        inside = self.compiler.inside()
        kind = inside.kind(tree)
        if kind == "number":
            number = inside.number(tree)
            if isinstance(tree, Number):
                place = int(tree.value)
                return lambda nodes, c: nodes[place - 1 : place] if place >= 1 else []
            return lambda nodes, c: [
                n for i, n in enumerate(nodes, 1) if number(Context(c.env, n, i, len(nodes), c.current)) == i
            ]
        if kind == "any":
            value = inside.value(tree)

            def either(nodes: list[Node], c: Context) -> list[Node]:
                kept = []
                for i, n in enumerate(nodes, 1):
                    found = value(Context(c.env, n, i, len(nodes), c.current))
                    if found == i if isinstance(found, float) else to_boolean(found):
                        kept.append(n)
                return kept

            return either
        truth = inside.boolean(tree)

        def run(nodes: list[Node], c: Context) -> list[Node]:
            return [n for i, n in enumerate(nodes, 1) if truth(Context(c.env, n, i, len(nodes), c.current))]

        return run

    def _axis(self, step: Step) -> StepOf:
        axis, test = step.axis, step.test
        if axis == "child" and test not in ("*",) and not test.endswith("()"):
            name = test.rsplit(":", 1)[-1] if ":" in test and self.compiler.schema is not None else test
            return lambda node, c: [n for n in node.kids.get(name, ()) if n.relevant]
        matches = _node_test(test, "attribute" if axis == "attribute" else "element")
        walk_axis = _AXES[axis]
        return lambda node, c: [n for n in walk_axis(node) if n.relevant and matches(n)]


def _node_test(test: str, principal: str) -> Callable[[Node], bool]:
    if test == "node()":
        return lambda n: True
    if test == "*":
        return lambda n: n.kind == principal
    if test.endswith("()"):
        kind = {"processing-instruction()": "pi"}.get(test, test[:-2])
        return lambda n: n.kind == kind
    return lambda n: n.kind == principal and n.name == test


def _ancestors(node: Node) -> Iterator[Node]:
    """Nearest last, so that every axis is in document order."""
    chain = []
    above = node.parent
    while above is not None:
        chain.append(above)
        above = above.parent
    yield from reversed(chain)


def _siblings(node: Node, after: bool) -> list[Node]:
    if node.parent is None or node.kind == "attribute":
        return []
    siblings = node.parent.children
    at = next(i for i, n in enumerate(siblings) if n is node)
    return siblings[at + 1 :] if after else siblings[:at]


def _following(node: Node) -> Iterator[Node]:
    here: Node | None = node
    while here is not None:
        for sibling in _siblings(here, True):
            yield sibling
            yield from sibling.descendants()
        here = here.parent


def _preceding(node: Node) -> Iterator[Node]:
    for above in [*_ancestors(node), node]:
        for sibling in _siblings(above, False):
            yield sibling
            yield from sibling.descendants()


_AXES: dict[str, Callable[[Node], Iterator[Node] | list[Node]]] = {
    "self": lambda n: [n],
    "child": lambda n: n.children,
    "parent": lambda n: [n.parent] if n.parent is not None else [],
    "attribute": lambda n: n.attributes or [],
    "descendant": Node.descendants,
    "descendant-or-self": lambda n: [n, *n.descendants()],
    "ancestor": _ancestors,
    "ancestor-or-self": lambda n: [*_ancestors(n), n],
    "following-sibling": lambda n: _siblings(n, True),
    "preceding-sibling": lambda n: _siblings(n, False),
    "following": _following,
    "preceding": _preceding,
}
