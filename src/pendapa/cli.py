"""The `pendapa` command. Each sub-command lives beside what it runs and is imported only when asked for.

Exit codes: 0 done (also when checked answers are invalid), 1 refused input, 2 no solution or wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

# name -> (module with `add_arguments(parser)` and `run(args) -> int`, one line of help)
COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("pendapa.regency.command", "report every fault of a regency folder"),
    "form": ("pendapa.forms.command", "check an XLSForm, or answers to one"),
    "process": ("pendapa.processes.command", "check, walk or draw a BPMN process"),
    "deadline": ("pendapa.calendars.command", "when a working-time deadline falls"),
    "study": ("pendapa.study.command", "statistics, agreement and conclusions of a study"),
    "assess": ("pendapa.assessment.command", "readiness, gap, SWOT and innovations of a study folder"),
    "iso37122": ("pendapa.standards.command", "a regency's values assessed against SNI ISO 37122:2019"),
    "load": ("pendapa.web.commands.load", "publish a regency folder as new immutable versions"),
    "export": ("pendapa.web.commands.export", "write the published definitions back as files"),
    "serve": (
        "pendapa.web.commands.serve",
        "run the site, its worker and, unless told otherwise, its database",
    ),
    "worker": ("pendapa.web.commands.worker", "run only the worker"),
    "backup": ("pendapa.web.commands.backup", "write database, uploads and keys to one file"),
    "restore": ("pendapa.web.commands.restore", "bring a backup back"),
    "events": ("pendapa.web.commands.events", "verify the event chains"),
    "administrator": ("pendapa.web.commands.administrator", "make the first account of a new site"),
    "demo-code": ("pendapa.web.commands.demo_code", "print the present one-time code of a demo user"),
    "manage": ("pendapa.web.commands.manage", "run one of Django's own commands on this site's database"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="pendapa", description="Smart governance for a regency.")
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    wanted = next((a for a in arguments if not a.startswith("-")), None)
    for name, (module_name, help_text) in COMMANDS.items():
        command = commands.add_parser(
            name, help=help_text, description=help_text[0].upper() + help_text[1:] + "."
        )
        if name == wanted:
            importlib.import_module(module_name).add_arguments(command)
    parsed = parser.parse_args(arguments)
    if parsed.version:
        from pendapa import __version__

        print(__version__)
        return 0
    if parsed.command is None:
        parser.print_help()
        return 0
    result: int = importlib.import_module(COMMANDS[parsed.command][0]).run(parsed)
    return result


if __name__ == "__main__":
    sys.exit(main())
