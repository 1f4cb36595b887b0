"""What a form is filled in from: defaults, preloads, and those of instances of repeats that are made later."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from pendapa.forms.evaluation import Run
from pendapa.forms.model import Declaration, Form, plain_path
from pendapa.forms.program import Program, program
from pendapa.forms.types import as_text
from pendapa.forms.xpath.nodes import Context

_INSTANCE = re.compile(r"\[\d+\]")


def blank_answers(form: Form, *, now: datetime, prefill: Mapping[str, str] | None = None) -> dict[str, str]:
    """Answers to start from: defaults (dynamic ones at `now`), the first instance of each repeat and those that a
    repeat_count asks for, preloads, `prefill`.

    Raises KeyError for a prefill path that the form does not have.
    """
    given = dict(prefill or {})
    made = program(form)
    for path in given:
        _declared(made, path)
    root = made.definition.declarations[0]
    answers = {path: _fixed(leaf, now) for path, leaf in _leaves(made, root, "")} | given
    run = _run(form, answers, now)
    answers |= {p: v for p, v in _dynamic(run, None) if p not in given}
    first = [f"{d.short}[1]" for d in made.definition if d.is_repeat and _begins(d) and not _above(made, d)]
    answers |= _begin(form, answers, now, first, set(), given)
    return _run(form, answers, now).instance.all_values()


def new_instances(
    form: Form, answers: Mapping[str, str], *, now: datetime, added: Collection[str] = ()
) -> dict[str, str]:
    """What the instances of repeats start with of which `answers` says nothing yet: those in `added`
    (`/member[3]`) and those that a repeat_count asks for after an answer changed.

    Gives their answers alone, all of them, blank where there is no default: laid over `answers` they make the
    instances known, so a default that a person clears is not set again. Dynamic defaults are computed at `now`.
    Raises KeyError for a path in `added` that is no instance of a repeat of the form.
    """
    made = program(form)
    for path in added:
        if not _declared(made, path).is_repeat or not path.endswith("]"):
            raise KeyError(f"{path} is no instance of a repeat; give a path such as /member[3]")
    known = {path[: found.end()] for path in answers for found in _INSTANCE.finditer(path)}
    return _begin(form, answers, now, added, known, {})


def _begin(
    form: Form,
    answers: Mapping[str, str],
    now: datetime,
    added: Collection[str],
    known: set[str],
    given: Mapping[str, str],
) -> dict[str, str]:
    """Fill every instance that is not `known`, with what is `given` before all defaults. A default may ask for
    further instances (repeat_count), which is why it goes round until there are none."""
    made = program(form)
    sent = {**dict.fromkeys(added, ""), **answers}
    found: dict[str, str] = {}
    while True:
        run = _run(form, sent | found, now)
        fresh: set[str] = set()
        for declared in made.definition:
            for node in run.instance.nodes[declared.index] if declared.is_repeat else ():
                path = run.instance.path(node)
                if path not in known:
                    fresh.add(path)
                    for below, leaf in _leaves(made, declared, path):
                        found[below] = given.get(below, _fixed(leaf, now))
                        fresh |= {below[: at.end()] for at in _INSTANCE.finditer(below, len(path))}
        if not fresh:
            return found
        known |= fresh
        run = _run(form, sent | found, now)
        found |= {p: v for p, v in _dynamic(run, fresh) if p not in given}


def _run(form: Form, answers: Mapping[str, str], now: datetime) -> Run:
    run = Run(form, answers, now)
    run.recalculate()
    return run


def _leaves(made: Program, declared: Declaration, path: str) -> Iterator[tuple[str, Declaration]]:
    """The answers of a group or an instance, with the first instance of each repeat in a repeat."""
    for at in declared.children:
        child = made.definition.declarations[at]
        here = f"{path}/{made.names[at]}"
        if child.is_repeat:
            if declared.in_repeat and _begins(child):
                yield from _leaves(made, child, f"{here}[1]")
        elif child.children:
            yield from _leaves(made, child, here)
        else:
            yield here, child


def _dynamic(run: Run, fresh: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """Dynamic defaults in the order of the form: of the instances in `fresh`, or of all that is in no repeat."""
    context = Context(run.env, run.env.root)
    for at, value in sorted(run.program.defaults.items()):
        declared = run.program.definition.declarations[at]
        for node in run.instance.nodes[at]:
            path = run.instance.path(node)
            inside = path[: path.rfind("]") + 1]
            if (fresh is None and not inside) or (fresh is not None and inside in fresh):
                context.node = context.current = node
                node.value = as_text(value(context), declared.type, run.env)
                yield path, node.value


def _begins(declared: Declaration) -> bool:
    """Whether a repeat begins with an instance, as ODK Collect and Enketo show one."""
    return not declared.count


def _above(made: Program, declared: Declaration) -> bool:
    return made.definition.declarations[declared.parent].in_repeat


def _declared(made: Program, path: str) -> Declaration:
    found = made.by_path.get(f"/{made.definition.root}{plain_path(path)}")
    if found is None:
        raise KeyError(f"{path} is no field of this form; give a path such as /applicant/name")
    return found


def _fixed(declared: Declaration, now: datetime) -> str:
    """A default that is the same for everybody, or what is known when filling begins."""
    if declared.preload in ("start", "timestamp"):
        return declared.default or now.isoformat(timespec="milliseconds")
    return declared.default or (now.date().isoformat() if declared.preload == "today" else "")
