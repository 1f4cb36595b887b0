"""The closures of a form and the order they run in; compiled once, kept beside the form, never pickled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pendapa.forms.model import Declaration, Definition, Form, Itemset, Output, Row, Scale, Translated
from pendapa.forms.types import CHECKS
from pendapa.forms.xpath.compiler import Compiler, NodesOf, TextOf, TruthOf, ValueOf
from pendapa.forms.xpath.functions import VOLATILE, calls
from pendapa.forms.xpath.nodes import Node
from pendapa.forms.xpath.syntax import Call, Expr, Path, XPathError, parse, walk


@dataclass
class Problem:
    """An expression that does not compile: which node, which column of the survey, why."""

    path: str
    column: str
    wrong: str


class FormSchema:
    def __init__(self, definition: Definition) -> None:
        self.by_path = {d.path: d for d in definition}

        self.truths = {d.path for d in definition if d.calculate and _is_condition(d.calculate)}

    def declared(self, path: str) -> Declaration | None:
        return self.by_path.get(path)

    def truth(self, path: str) -> bool:
        return path in self.truths


def _is_agreed(text: str) -> bool:
    return text == "OK"


def _on_scale(is_number: Callable[[str], bool] | None, scale: Scale) -> Callable[[str], bool]:
    return lambda text: (is_number is None or is_number(text)) and scale.holds(text)


def _is_condition(source: str) -> bool:
    try:
        return Compiler().kind(parse(source)) == "boolean"
    except XPathError:
        return False  # reported where it is compiled


@dataclass
class Choices:
    nodes: NodesOf
    column: str
    label: str
    translated: bool


@dataclass
class Unit:
    """One step of a recalculation: the relevance, the calculation or the number of instances of a node."""

    what: str  # "relevant", "calculate", "count"
    at: int
    truth: TruthOf | None = None
    value: ValueOf | None = None
    volatile: bool = False


@dataclass(slots=True)
class Check:
    """What is asked of a filled or blank leaf."""

    declared: Declaration
    of_type: Callable[[str], bool] | None
    required: TruthOf | None
    constraint: TruthOf | None
    choices: Choices | None


@dataclass
class Program:
    definition: Definition
    order: list[Unit] = field(default_factory=list)
    required: dict[int, TruthOf] = field(default_factory=dict)
    constraint: dict[int, TruthOf] = field(default_factory=dict)
    readonly: dict[int, TruthOf] = field(default_factory=dict)
    defaults: dict[int, ValueOf] = field(default_factory=dict)
    choices: dict[int, Choices] = field(default_factory=dict)
    words: dict[tuple[str, str], TextOf] = field(default_factory=dict)  # (path of the node, expression)
    lists: dict[str, Node] = field(default_factory=dict)
    by_path: dict[str, Declaration] = field(default_factory=dict)
    order_of: dict[int, int] = field(default_factory=dict)  # id of a declaration -> its place in the document
    names: list[str] = field(default_factory=list)  # by place: the element's name
    shorts: list[str] = field(default_factory=list)  # by place: the path without the root
    checks: list[Check] = field(default_factory=list)


class _Builder:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.schema = FormSchema(definition)
        self.problems: list[Problem] = []
        self.program = Program(
            definition, by_path=self.schema.by_path, order_of={id(d): d.index for d in definition}
        )
        self.units: dict[tuple[str, int], Unit] = {}
        self.reads: dict[tuple[str, int], set[str]] = {}

    def tree(self, source: str, path: str, column: str) -> tuple[Expr, Compiler] | None:
        try:
            return parse(source), Compiler(self.schema, path)
        except XPathError as wrong:
            self.problems.append(Problem(path, column, str(wrong)))
            return None

    def compile(self, source: str, path: str, column: str, want: str) -> ValueOf | None:
        found = self.tree(source, path, column)
        if found is None:
            return None
        tree, compiler = found
        try:
            made: ValueOf = getattr(compiler, want)(tree)
            self.check_paths(tree, compiler, path, column)
            return made
        except XPathError as wrong:
            self.problems.append(Problem(path, column, str(wrong)))
            return None

    def check_paths(self, tree: Expr, compiler: Compiler, path: str, column: str) -> None:
        for part, inside in _paths(tree):
            absolute = (
                None
                if inside and isinstance(part, Path) and part.start is None
                else compiler.paths.absolute(part)
            )
            if absolute is not None and self.schema.declared(absolute) is None:
                self.problems.append(Problem(path, column, f"{absolute} is no node of this form"))
        for part in walk(tree):
            if isinstance(part, Call) and part.name in ("instance", "pulldata"):
                names = [getattr(argument, "value", None) for argument in part.arguments]
                if isinstance(names[0], str) and names[0] not in self.definition.lists:
                    self.problems.append(Problem(path, column, f"there is no choice list {names[0]!r}"))
                elif part.name == "pulldata":
                    self.check_columns(str(names[0]), names[1:3], path, column)

    def check_columns(self, table: str, wanted: list[object], path: str, column: str) -> None:
        """The columns that pulldata() names stand in the file, if it has any row."""
        rows = self.definition.lists[table].children
        have = {cell.tag for cell in rows[0].children} if rows else set(wanted)
        for name in wanted:
            if name not in have:
                self.problems.append(Problem(path, column, f"{table}.csv has no column {name!r}"))

    def build(self) -> Program:
        for d in self.definition:
            self.unit(d, "relevant", d.relevant, "boolean", "relevant")
            if d.calculate:
                self.unit(d, "calculate", d.calculate, "value", "calculation")
            if d.count:
                self.unit(d, "count", d.count, "number", "repeat_count")
            # Of a boolean expression `compile` gives a closure of bool, which its type does not say.
            if d.required:
                made = self.compile(d.required, d.path, "required", "boolean")
                if made is not None:
                    self.program.required[d.index] = made  # type: ignore[assignment]
            if d.constraint:
                made = self.compile(d.constraint, d.path, "constraint", "boolean")
                if made is not None:
                    self.program.constraint[d.index] = made  # type: ignore[assignment]
            if d.readonly:
                made = self.compile(d.readonly, d.path, "readonly", "boolean")
                if made is not None:
                    self.program.readonly[d.index] = made  # type: ignore[assignment]
            if d.triggered:
                self.compile(d.triggered, d.path, "calculation", "value")
            if d.dynamic_default:
                made = self.compile(d.dynamic_default, d.path, "default", "value")
                if made is not None:
                    self.program.defaults[d.index] = made
            if d.itemset is not None:
                self.choices(d, d.itemset)
            for words in (d.label, d.hint, d.required_message, d.constraint_message):
                self.words(d, words)
        if not self.problems:
            self.sort()
        self.program.names = [d.path.rsplit("/", 1)[-1] for d in self.definition]
        self.program.shorts = [d.short for d in self.definition]
        self.program.checks = list(self.checks())
        self.program.lists = {name: _tree(row) for name, row in self.definition.lists.items()}
        return self.program

    def unit(self, d: Declaration, what: str, source: str, want: str, column: str) -> None:
        if not source:
            return
        made = self.compile(source, d.path, column, want)
        if made is None:
            return
        unit = Unit(what, d.index)
        if want == "boolean":
            unit.truth = made  # type: ignore[assignment]
        else:
            unit.value = made
        found = self.tree(source, d.path, column)
        assert found is not None
        tree, compiler = found
        unit.volatile = what == "calculate" and calls(tree, VOLATILE)
        self.units[what, d.index] = unit
        self.reads[what, d.index] = set(self.read_paths(tree, compiler))

    @staticmethod
    def read_paths(tree: Expr, compiler: Compiler) -> Iterator[str]:
        for part, inside in _paths(tree):
            if isinstance(part, Path):
                if part.start is None and (inside or all(s.axis == "self" for s in part.steps)):
                    continue  # a choice's column, or `.`: the value before this calculation
                absolute = compiler.paths.absolute(part)
                if absolute is not None:
                    yield absolute

    def choices(self, d: Declaration, itemset: Itemset) -> None:
        made = self.compile(itemset.nodeset, d.path, "choice_filter", "nodes")
        if made is not None:
            nodes: NodesOf = made  # type: ignore[assignment]
            self.program.choices[d.index] = Choices(nodes, itemset.value, itemset.label, itemset.translated)

    def words(self, d: Declaration, words: Translated) -> None:
        for parts in words.values():
            for part in parts:
                if isinstance(part, Output) and (d.path, part.expression) not in self.program.words:
                    made = self.compile(part.expression, d.path, "label", "text")
                    if made is not None:
                        self.program.words[d.path, part.expression] = made  # type: ignore[assignment]

    def checks(self) -> Iterator[Check]:
        """In document order. What is not shown is never required nor constrained, as in ODK Collect; and the type of
        a calculation is not checked: it was computed to be of it."""
        made = self.program
        for d in self.definition:
            if d.children or (d.calculate and not d.control):
                continue
            of_type = None if d.calculate else CHECKS.get(d.type)
            if d.control == "trigger":
                of_type = _is_agreed
            elif d.scale is not None:
                of_type = _on_scale(of_type, d.scale)
            at = d.index
            if d.control:
                required, constraint = made.required.get(at), made.constraint.get(at)
                yield Check(d, of_type, required, constraint, made.choices.get(at))
            elif of_type is not None:
                yield Check(d, of_type, None, None, None)

    # -- order -------------------------------------------------------------------------------------

    def needs(self, key: tuple[str, int]) -> Iterator[tuple[str, int]]:
        """The units that must run before this one."""
        what, at = key
        d = self.definition.declarations[at]
        above = self.ancestors(d)
        if what == "relevant" and d.count:
            yield ("count", at)  # its instances are made before they are dropped
        for other in above:
            yield from (("relevant", other.index), ("count", other.index))
        for path in self.reads.get(key, ()):
            read = self.schema.by_path.get(path)
            if read is None:
                continue
            yield from (("calculate", read.index), ("relevant", read.index))
            if read.index != at or what == "count":
                yield ("count", read.index)
            for other in self.ancestors(read):
                if other in above:
                    continue
                yield from (("relevant", other.index), ("count", other.index))

    def ancestors(self, d: Declaration) -> list[Declaration]:
        found = []
        while d.parent >= 0:
            d = self.definition.declarations[d.parent]
            found.append(d)
        return found

    def sort(self) -> None:
        """Topological order, depth first in the order of the form; a cycle is a problem that names its
        fields."""
        done: set[tuple[str, int]] = set()
        reported: set[tuple[str, int]] = set()
        edges = {key: [n for n in self.needs(key) if n in self.units] for key in self.units}
        for start in self.units:
            if start in done:
                continue
            trail: list[tuple[str, int]] = [start]
            on_trail = {start}
            iterators = [iter(edges[start])]
            while trail:
                following = next((n for n in iterators[-1] if n not in done), None)
                if following is None:
                    finished = trail.pop()
                    on_trail.discard(finished)
                    iterators.pop()
                    done.add(finished)
                    self.program.order.append(self.units[finished])
                elif following in on_trail:
                    if following not in reported:
                        reported.add(following)
                        self.report(trail[trail.index(following) :])
                else:
                    trail.append(following)
                    on_trail.add(following)
                    iterators.append(iter(edges[following]))

    def report(self, cycle: list[tuple[str, int]]) -> None:
        column = {"relevant": "relevant", "calculate": "calculation", "count": "repeat_count"}
        fields = [self.definition.declarations[at].short for _, at in cycle]
        around = " -> ".join([*fields, fields[0]])
        what, at = cycle[0]
        path = self.definition.declarations[at].path
        self.problems.append(
            Problem(path, column[what], f"the fields depend on each other in a circle: {around}")
        )


def _paths(tree: Expr, inside: bool = False) -> Iterator[tuple[Expr, bool]]:
    """Paths of an expression, and whether each stands in a predicate."""
    if isinstance(tree, Path):
        yield tree, inside
        if tree.start is not None and not isinstance(tree.start, str):
            yield from _paths(tree.start, inside)
        for step in tree.steps:
            for predicate in step.predicates:
                yield from _paths(predicate, True)
        return
    for name in ("operand", "left", "right"):
        part = getattr(tree, name, None)
        if part is not None:
            yield from _paths(part, inside)
    for part in getattr(tree, "arguments", ()):
        yield from _paths(part, inside)
    for part in getattr(tree, "predicates", ()):
        yield from _paths(part, True)


def filter_columns(nodeset: str) -> list[str]:
    """The columns of its list that a choice_filter reads: plain names in its conditions."""
    try:
        paths = [part for part, inside in _paths(parse(nodeset)) if inside]
    except XPathError:
        return []  # reported where it is compiled
    names = []
    for path in paths:
        if isinstance(path, Path) and path.start is None and len(path.steps) == 1:
            step = path.steps[0]
            if step.axis == "child" and step.test.replace("_", "").isalnum():
                names.append(step.test)
    return names


def _tree(row: Row) -> Node:
    root = Node("", kind="root")

    def copy(source: Row, parent: Node) -> None:
        node = parent.append(Node(source.tag, parent, source.text))
        for child in source.children:
            copy(child, node)

    copy(row, root)
    return root


def build_program(definition: Definition) -> tuple[Program, list[Problem]]:
    """Compile every expression. The program is complete only if there are no problems."""
    builder = _Builder(definition)
    return builder.build(), builder.problems


def program(form: Form) -> Program:
    """The form's program, compiled at first use after it was unpickled."""
    found: Program | None = form.__dict__.get("_program")
    if found is None:
        found, problems = build_program(form.definition)
        assert not problems, "a compiled form compiled once already"
        form.__dict__["_program"] = found
    return found


__all__ = ["Callable", "Program", "build_program", "program"]
