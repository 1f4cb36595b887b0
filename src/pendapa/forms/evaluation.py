"""Answers to checked answers: build the instance, recalculate in order, check what is relevant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from pendapa.forms.instance import Instance
from pendapa.forms.messages import AnswerError, default_message, frozen_message, scale_message
from pendapa.forms.model import Choice, Declaration, Form, Frozen, Translated, shown_media
from pendapa.forms.program import Choices, Program, program
from pendapa.forms.types import as_text
from pendapa.forms.xpath.nodes import Context, Node

MAX_TEXT = 10_000  # characters of one answer
MAX_REPEATS = 1_000  # instances of one repeat
MAX_NAMED = 100  # unknown paths, and repeats with too much in them, that are reported; more say nothing new


@dataclass(frozen=True)
class Evaluation:
    """The result of `evaluate`. Labels and choices with references are worked out when asked for."""

    form: Form = field(repr=False)
    now: datetime
    valid: bool
    errors: tuple[AnswerError, ...]
    values: Mapping[str, str]
    relevant: frozenset[str]
    counts: Mapping[str, int]

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_run"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def choices(self, path: str, language: str) -> tuple[Choice, ...]:
        """The choices that the filter leaves for a select, at its instance path. KeyError for any other
        path."""
        run, node, declared = self._node(path)
        if declared.index not in run.program.choices:
            raise KeyError(f"{path} is no select of this form")
        return run.choices(node, declared, self._language(language))

    def label(self, path: str, language: str) -> str:
        """The label of a field, group or repeat instance, with references filled in."""
        run, node, declared = self._node(path)
        return run.words(node, declared, declared.label, self._language(language))

    def hint(self, path: str, language: str) -> str:
        """The hint of a field, with references filled in."""
        run, node, declared = self._node(path)
        return run.words(node, declared, declared.hint, self._language(language))

    def required(self, path: str) -> bool:
        """Whether a field must be filled in, at its instance path."""
        run, node, declared = self._node(path)
        condition = run.program.required.get(declared.index)
        return condition is not None and condition(Context(run.env, node))

    def readonly(self, path: str) -> bool:
        """Whether a field may only be read, at its instance path. What is sent for it counts all the same."""
        run, node, declared = self._node(path)
        condition = run.program.readonly.get(declared.index)
        return condition is not None and condition(Context(run.env, node))

    def _language(self, language: str) -> str:
        return language if language in self.form.languages else self.form.default_language

    def _node(self, path: str) -> tuple[Run, Node, Declaration]:
        run: Run | None = self.__dict__.get("_run")
        if run is None:
            run = Run(self.form, self.values, self.now, keep_surplus=True)
            run.recalculate()
            self.__dict__["_run"] = run
        node = run.instance.find(path)
        if node is None:
            raise KeyError(f"{path} is no node of these answers; give a path such as /member[2]/age")
        declared = node.spec
        assert isinstance(declared, Declaration)
        return run, node, declared


class Run:
    """One evaluation under way: the instance, and what may be asked of it."""

    def __init__(
        self, form: Form, answers: Mapping[str, str], now: datetime, *, keep_surplus: bool = False
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("now has no zone; give an aware datetime in the local zone")
        self.form = form
        self.program: Program = program(form)
        zone: tzinfo = now.tzinfo
        self.instance: Instance = Instance(self.program, answers, now, zone, MAX_REPEATS, keep_surplus)
        self.env = self.instance.env
        self.env.choice_name = self.choice_name
        self.env.version = form.version
        self.language = form.default_language

    def recalculate(self) -> None:
        """Run every relevance, calculation and count in their order."""
        env, instance = self.env, self.instance
        context = Context(env, env.root)
        declarations = self.program.definition.declarations
        for unit in self.program.order:
            declared = declarations[unit.at]
            if unit.what == "relevant":
                truth = unit.truth
                assert truth is not None
                for node in instance.nodes[unit.at]:
                    context.node = context.current = node
                    if node.parent is not None and not node.parent.relevant:
                        node.relevant = False
                    elif not truth(context):
                        node.relevant = False
                        for below in node.descendants():
                            below.relevant = False
            elif unit.what == "calculate":
                value = unit.value
                assert value is not None
                for node in instance.nodes[unit.at]:
                    if unit.volatile and node.value:
                        continue  # uuid(), random() and once() keep the value they were sent with
                    context.node = context.current = node
                    node.value = as_text(value(context), declared.type, env)
            else:
                value = unit.value
                assert value is not None
                name = instance.names[unit.at]
                for parent in instance.nodes[declared.parent]:
                    # asked from inside the repeat, where `..` is what holds it, before there is an instance
                    context.node = context.current = Node(name, parent)
                    number = value(context)
                    wanted = int(number) if isinstance(number, float) and 0 < number < 1e9 else 0
                    instance.set_count(declared, parent, wanted)

    # -- words and choices -------------------------------------------------------------------------

    def words(self, node: Node, declared: Declaration, words: Translated, language: str) -> str:
        parts = words.get(language) or words.get(self.form.default_language) or next(iter(words.values()), ())
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        context = Context(self.env, node)
        before, self.language = self.language, language
        try:
            return "".join(
                p if isinstance(p, str) else self.program.words[declared.path, p.expression](context)
                for p in parts
            ).strip()
        finally:
            self.language = before

    def choices(self, node: Node, declared: Declaration, language: str) -> tuple[Choice, ...]:
        chosen = self.program.choices[declared.index]
        items = chosen.nodes(Context(self.env, node))
        return tuple(
            Choice(
                _cell(item, chosen.column),
                self.choice_label(declared, item, language),
                shown_media(self.form.definition, _cell(item, chosen.label), language),
            )
            for item in items
        )

    def choice_label(self, declared: Declaration, item: Node, language: str) -> str:
        chosen = self.program.choices[declared.index]
        label = _cell(item, chosen.label)
        if chosen.translated:
            words = self.form.definition.texts.get(label, Frozen())
            parts = (
                words.get(language) or words.get(self.form.default_language) or next(iter(words.values()), ())
            )
            label = "".join(p for p in parts if isinstance(p, str))
        return label or _cell(item, chosen.column)

    def choice_name(self, path: str, value: str, context: Context) -> str:
        """jr:choice-name(): the label of a choice, found in the whole filtered list of the select at
        `path`."""
        declared = self.program.by_path[path]
        chosen = self.program.choices.get(declared.index)
        if chosen is None or not value:
            return ""
        found = self.instance.nodes[declared.index]
        near = next(
            (n for n in found if n.parent is context.current.parent), found[0] if found else context.current
        )
        labels = []
        for word in value.split():
            for item in chosen.nodes(Context(self.env, near)):
                if _cell(item, chosen.column) == word:
                    labels.append(self.choice_label(declared, item, self.language))
                    break
        return ", ".join(labels)

    # -- checks ------------------------------------------------------------------------------------

    def check(self) -> list[AnswerError]:
        errors: list[AnswerError] = []
        languages = self.form.languages
        for path in self.instance.too_many[:MAX_NAMED]:
            errors.append(AnswerError(path, "limit", Frozen(default_message("limit", "repeats", languages))))
        for path in self.instance.unknown[:MAX_NAMED]:
            errors.append(AnswerError(path, "unknown", Frozen(default_message("unknown", "", languages))))
        context = Context(self.env, self.env.root)
        nodes = self.instance.nodes
        for check in self.program.checks:
            declared, of_type = check.declared, check.of_type
            for node in nodes[declared.index]:
                text = node.value
                if not node.relevant:
                    continue
                context.node = context.current = node
                if text == "":
                    if check.required is not None and check.required(context):
                        errors.append(self.error(node, declared, "required", "", declared.required_message))
                elif len(text) > MAX_TEXT:
                    errors.append(self.error(node, declared, "limit", ""))
                elif of_type is not None and not of_type(text):
                    errors.append(self.type_error(node, declared))
                elif check.choices is not None and not self.chosen(context, check.choices, declared, text):
                    errors.append(self.error(node, declared, "choice", ""))
                elif check.constraint is not None and not check.constraint(context):
                    errors.append(self.error(node, declared, "constraint", "", declared.constraint_message))
        return errors

    @staticmethod
    def chosen(context: Context, chosen: Choices, declared: Declaration, text: str) -> bool:
        column = chosen.column
        items = chosen.nodes(context)
        words = [text] if declared.control == "select1" else text.split()
        if declared.control == "rank" and len(set(words)) < len(words):
            return False  # nothing has two places in an order
        return all(any(_cell(item, column) == word for item in items) for word in words)

    def type_error(self, node: Node, declared: Declaration) -> AnswerError:
        if declared.scale is None:
            return self.error(node, declared, "type", declared.type)
        words = scale_message(declared.scale, self.form.languages)
        return AnswerError(self.instance.path(node), "type", Frozen(words))

    def error(
        self, node: Node, declared: Declaration, kind: str, detail: str, own: Translated | None = None
    ) -> AnswerError:
        words: dict[str, str] = {}
        if own:
            # Words in the form's first language say more than the platform's general ones in another.
            first = self.form.default_language
            languages = ("id", "en", *self.form.languages) if first in own else tuple(own)
            words = {language: self.words(node, declared, own, language) for language in languages}
        return AnswerError(
            self.instance.path(node), kind, frozen_message(words, kind, detail, self.form.languages)
        )


def _cell(item: Node, column: str) -> str:
    found = item.kids.get(column)
    return found[0].value if found else ""


def evaluate(
    form: Form, answers: Mapping[str, str], *, now: datetime, keep_surplus: bool = False
) -> Evaluation:
    """Recalculate and check answers by instance path (`/member[2]/age`).

    `now` is aware; its zone is the local zone of today() and of dates. A file that is named but did not come along
    is no error here: who keeps the files knows which there are. Filled irrelevant answers are dropped, sent
    calculations are computed again: neither is an error. Instances beyond a repeat_count are dropped too, as for a
    form that is being filled in; `keep_surplus` keeps them, as ODK Collect does in what it sends.
    """
    run = Run(form, answers, now, keep_surplus=keep_surplus)
    run.recalculate()
    errors = run.check()
    values, relevant = run.instance.result()
    if (
        len(errors) > 1
    ):  # in the order a person meets them, instance by instance; what is in no place comes first
        place = {path: number for number, path in enumerate(values)}
        errors.sort(key=lambda error: place.get(error.path, -1))
    done = Evaluation(
        form=form,
        now=now,
        valid=not errors,
        errors=tuple(errors),
        values=Frozen(values),
        relevant=frozenset(relevant),
        counts=Frozen(run.instance.counts()),
    )
    done.__dict__["_run"] = run  # labels and choices asked of it need no second run; not pickled
    return done
