"""`pendapa study TASK`: a table of tasks, each in a module of its own."""

from __future__ import annotations

import argparse
import importlib
import io
import sys

# name -> (module with `add_arguments(parser)` and `run(args) -> int`, one line of help)
TASKS: dict[str, tuple[str, str]] = {
    "statistics": ("pendapa.study.commands.statistics", "validity and reliability of an instrument"),
    "kendall": ("pendapa.study.commands.kendall", "agreement of raters who ranked the same objects"),
    "agreement": ("pendapa.study.commands.agreement", "agreement of coders who coded the same units"),
    "decide": ("pendapa.study.commands.decide", "what becomes of each proposition of a study, and why"),
    "delphi": ("pendapa.study.commands.delphi", "do experts agree on each statement"),
    "skm": ("pendapa.study.commands.skm", "the satisfaction index of a service unit (PermenPANRB 14/2017)"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    for name, (module, help_text) in TASKS.items():
        task = tasks.add_parser(name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".")
        importlib.import_module(module).add_arguments(task)


def run(args: argparse.Namespace) -> int:
    """Exit codes: 0 done (also when some statistics could not be computed), 1 refused input, 2 wrong usage."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    result: int = importlib.import_module(TASKS[args.task][0]).run(args)
    return result
