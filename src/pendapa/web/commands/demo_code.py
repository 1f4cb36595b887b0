"""`pendapa demo-code USER`: the present one-time code of a demo person."""

from __future__ import annotations

import argparse
import sys

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa demo-code`."""
    parser.add_argument("user", help="user name of a demo person, such as kadis")


def run(args: argparse.Namespace) -> int:
    """Print the code. 0 done, 1 refused: nobody of that name, no second factor, or not a demo site."""
    try:
        with site():
            from pendapa.web.demo.logins import NoDemoCode, present_code

            try:
                print(present_code(args.user))
            except NoDemoCode as refused:
                print(refused, file=sys.stderr)
                return 1
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0
