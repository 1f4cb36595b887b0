"""`pendapa process check | walk | draw | migrate`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pendapa.processes import migration_command

if TYPE_CHECKING:
    from pendapa.processes import Process, ProcessRefused


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
    from pendapa.processes.walking import plain, play

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
        "variables": plain(state.variables),
    }
    if args.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for key, value in report.items():
            print(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return 0


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON. Leave the variable out, or write null.")


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
