"""`pendapa administrator`: the first account of a new site; further people are invited on its pages."""

from __future__ import annotations

import argparse
import sys

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa administrator`."""
    parser.add_argument("name", help="the administrator's full name")
    parser.add_argument("email", help="the address to sign in with")


def run(args: argparse.Namespace) -> int:
    """Make the account and print the link that sets its password. 0 done, 1 refused."""
    try:
        with site():
            from django.utils import timezone, translation

            from pendapa.web.accounts.actions import first_administrator
            from pendapa.web.cases.refusals import Refused

            with translation.override("en"):
                try:
                    _person, link = first_administrator(args.name, args.email, now=timezone.now())
                except Refused as refused:
                    print(refused, file=sys.stderr)
                    return 1
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"Open this address to choose a password; it works once: {link}")
    return 0
