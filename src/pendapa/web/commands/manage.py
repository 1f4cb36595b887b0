"""`pendapa manage`: Django's own commands, on this site's database."""

from __future__ import annotations

import argparse
import sys

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa manage`."""
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="...", help="a command and its options"
    )


def run(args: argparse.Namespace) -> int:
    """Run one of Django's commands. 0 done, 1 refused."""
    try:
        with site():
            from django.core.management import execute_from_command_line

            execute_from_command_line(["pendapa manage", *args.arguments])
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0
