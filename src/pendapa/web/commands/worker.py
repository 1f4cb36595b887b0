"""`pendapa worker`: run queued and periodic tasks, on this machine or on one of its own."""

from __future__ import annotations

import argparse
import os
import sys

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa worker`."""
    parser.add_argument("--once", action="store_true", help="run the tasks that wait now, then stop")


def run(args: argparse.Namespace) -> int:
    """Run tasks until SIGTERM. 0 stopped as asked, 1 refused."""
    os.umask(0o077)  # what it writes is for this account alone
    try:
        with site():
            from pendapa.web.ops_worker import run_worker

            run_worker(once=args.once)
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0
