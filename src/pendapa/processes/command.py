"""`pendapa process check | walk | draw | migrate`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pendapa.processes import migration_command

if TYPE_CHECKING:
    from pendapa.processes import Outcome, Process, ProcessRefused, State, Step

_MOST_EFFECTS = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="report every fault and warning of a BPMN file")
    walk = actions.add_parser("walk", help="play steps through a process and show where it stands")
    draw = actions.add_parser("draw", help="draw a BPMN file as SVG")
    migrate = actions.add_parser("migrate", help="say whether running cases can go over to a new version")
    migration_command.add_arguments(migrate)
    for action in (check, walk, draw):
        action.add_argument("file", metavar="FILE.bpmn", type=Path)
    for action in (check, walk):
        action.add_argument(
            "--with", dest="others", metavar="FILE", type=Path, nargs="+", action="extend", default=[]
        )
        action.add_argument("--json", action="store_true", help="JSON alone on standard output")
    walk.add_argument("--steps", metavar="STEPS.json", type=Path, required=True)
    draw.add_argument(
        "--at", metavar="ID", action="append", default=[], help="ring this element (repeatable)"
    )
    draw.add_argument("--done", metavar="ID", action="append", default=[], help="mark this element as done")
    draw.add_argument("-o", "--output", metavar="FILE.svg", type=Path, required=True)


def run(args: argparse.Namespace) -> int:
    from pendapa.processes import ProcessRefused

    try:
        if args.action == "check":
            return _check(args)
        if args.action == "migrate":
            return migration_command.run(args)
        return _walk(args) if args.action == "walk" else _draw(args)
    except ProcessRefused as refused:
        if getattr(args, "json", False):
            print(json.dumps({"valid": False, "faults": _rows(refused), "warnings": []}, ensure_ascii=False))
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 2


def _rows(refused: ProcessRefused) -> list[dict[str, str]]:
    return [{"where": f.where, "wrong": f.wrong, "right": f.right} for f in refused.faults]


def load_file(path: Path, others: Iterable[Path]) -> Process:
    """The process of a file with what was handed in beside it. Raises ProcessRefused, OSError."""
    from pendapa.processes import load_process

    files = {other.name: other.read_bytes() for other in others}
    return load_process(
        path.read_bytes(),
        name=path.name,
        others={name: source for name, source in files.items() if not name.endswith(".dmn")},
        tables={name: source for name, source in files.items() if name.endswith(".dmn")},
    )


def read_json(path: Path) -> Any:
    """JSON with its numbers exact. Raises ValueError, OSError."""
    try:
        return json.loads(path.read_bytes(), parse_float=Decimal, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("It is nested too deeply. Use flat variables.") from error


def _check(args: argparse.Namespace) -> int:
    from pendapa.processes import unset_reads

    process = load_file(args.file, args.others)
    found = (*process.warnings, *unset_reads(process))
    warnings = [{"where": w.where, "wrong": w.wrong, "right": w.right} for w in found]
    if args.json:
        report = {"valid": True, "faults": [], "warnings": warnings, "reads": sorted(process.reads)}
        print(json.dumps(report, ensure_ascii=False))
    else:
        for warning in found:
            print(f"{args.file.name}:{warning}")
        print(f"{args.file.name}: {len(process.elements)} elements, no fault, {len(warnings)} warnings.")
    return 0


def _walk(args: argparse.Namespace) -> int:
    from pendapa.processes import open_tasks

    process = load_file(args.file, args.others)
    try:
        state, done = play(process, read_json(args.steps))
    except ValueError as error:
        print(f"{args.steps.name}: {error}", file=sys.stderr)
        return 1
    report = {
        "done": done,
        "open": sorted(process.elements[task.element].drawn_as for task in open_tasks(process, state)),
        "ended": not state.tokens,
        "variables": _plain(state.variables),
    }
    if args.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for key, value in report.items():
            print(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return 0


def play(process: Process, rows: Any) -> tuple[State, list[str]]:
    """Where these steps lead from the start, and the tasks done on the way. Raises ValueError (for one that is
    impossible: StepImpossible), which names the step."""
    from pendapa.processes import StepImpossible, advance, start

    steps = [_step(row, position) for position, row in enumerate(_as_list(rows), 1)]
    done: list[str] = []
    position = 0
    try:
        outcome = _begun(process, steps[0]) if steps else None
        position = 0 if outcome is None else 1
        coming = [*steps[position:], None]
        state = _run_effects(process, outcome or start(process, {}), done, coming[0])
        for step, after in pairwise(coming):
            position += 1
            assert step is not None
            state = _run_effects(process, advance(process, state, step), done, after)
    except StepImpossible as error:
        said = f"step {position} {_shown(rows[position - 1])}" if position else "start"
        raise StepImpossible(f"{said}: {error}") from error
    return state, done


def _begun(process: Process, step: Step) -> Outcome | None:
    """The message, timer or signal of a start event may be told as the first step; without it the case simply
    begins."""
    from pendapa.processes import FireTimer, RaiseSignal, ReceiveMessage, start

    for id_ in process.starts:
        event = process.elements[id_]
        if isinstance(step, ReceiveMessage) and event.message is not None and event.message.name == step.name:
            return start(process, step.set, id_)
        if isinstance(step, RaiseSignal) and event.signal == step.name:
            return start(process, {}, id_)
        if isinstance(step, FireTimer) and event.timer is not None and step.timer == id_:
            return start(process, {}, id_)
    return None


def _run_effects(process: Process, outcome: Outcome, done: list[str], coming: Step | None) -> State:
    """Finish every effect at once, as a walk does: only people's work needs a step. One that the coming step
    says to fail or to be late waits for that step."""
    from pendapa.processes import FinishEffect, ProcessStuck, advance, open_effects

    for _ in range(_MOST_EFFECTS):
        done += [process.elements[task.element].drawn_as for task in outcome.closed if task.how == "done"]
        waiting = open_effects(process, outcome.state)
        effect = next((e for e in waiting if not _hits(process, coming, e.element)), None)
        if effect is None:
            return outcome.state
        outcome = advance(process, outcome.state, FinishEffect(effect.element, effect.instance))
    raise ProcessStuck(f"After {_MOST_EFFECTS} effects nobody is waited for: put a task into the loop.")


def _hits(process: Process, step: Step | None, effect: str) -> bool:
    """Whether a step is about the work of this effect: an error in it, or a timer on its border."""
    from pendapa.processes import FireTimer, RaiseError

    if isinstance(step, RaiseError):
        return effect in process.standing_as(step.at)
    timers = process.standing_as(step.timer) if isinstance(step, FireTimer) else ()
    return any(id_ in process.elements[effect].boundary for id_ in timers)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON. Leave the variable out, or write null.")


def _as_list(rows: Any) -> list[Any]:
    if not isinstance(rows, list):
        raise ValueError('The steps are no list. Write [{"task": "ID", "set": {}}, ...].')
    return rows


def _step(row: Any, position: int) -> Step:
    from pendapa.processes import CompleteTask, FireTimer, RaiseError, RaiseSignal, ReceiveMessage

    def refused(why: str) -> ValueError:
        return ValueError(f"step {position} {_shown(row)}: {why}")

    if not isinstance(row, dict):
        raise refused('A step is an object, such as {"task": "ID"}.')
    values = row.get("set", {})
    instance = row.get("instance")
    if not isinstance(values, dict):
        raise refused('"set" is an object of variables.')
    if instance is not None and (not isinstance(instance, int) or isinstance(instance, bool)):
        raise refused('"instance" is a whole number.')
    variables = {name: _value(value) for name, value in values.items()}
    kinds = [
        kind for kind in ("task", "message", "signal", "error", "timer") if isinstance(row.get(kind), str)
    ]
    if len(kinds) != 1:
        raise refused('A step has exactly one of "task", "message", "signal", "error", "timer", a text.')
    match kinds[0]:
        case "task":
            return CompleteTask(row["task"], instance, variables)
        case "message":
            key = row.get("key")
            return ReceiveMessage(row["message"], None if key is None else _key(key), variables)
        case "signal":
            return RaiseSignal(row["signal"])
        case "error":
            return RaiseError(row["error"], str(row.get("at", "")))
        case _:
            return FireTimer(row["timer"], instance)


def _shown(row: Any) -> str:
    return json.dumps(_plain(row), ensure_ascii=False)


def _key(key: Any) -> str:
    return ("true" if key else "false") if isinstance(key, bool) else str(key)


def _value(value: Any) -> Any:
    """JSON as variables: lists become tuples, so that nothing in a state can change."""
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    return {name: _value(item) for name, item in value.items()} if isinstance(value, dict) else value


def _plain(value: Any) -> Any:
    """Variables as JSON again, numbers as they came."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {name: _plain(item) for name, item in value.items()} if isinstance(value, Mapping) else value


def _draw(args: argparse.Namespace) -> int:
    # The engines stay apart (the import contract holds it); only the command, like `pendapa` itself, knows
    # both.
    from importlib import import_module

    charts = import_module("pendapa.charts")
    try:
        svg: str = charts.draw(args.file.read_bytes(), at=args.at, done=args.done)
    except charts.DrawingRefused as refused:
        print(f"{args.file.name}: {refused}", file=sys.stderr)
        return 1
    args.output.write_text(svg, encoding="utf-8")
    return 0
