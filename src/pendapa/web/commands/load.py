"""`pendapa load`: check a regency folder and publish it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa load`."""
    parser.add_argument("folder", type=Path, help="the regency folder")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace versions that were changed in the site"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Publish the folder if it is faultless. 0 done, 1 refused."""
    from pendapa.regency.reader import check, read_regency

    regency, faults = read_regency(args.folder)
    if regency is None:
        for fault in faults:
            print(fault, file=sys.stderr)
        print(f"{len(faults)} faults; nothing was published. Mend them and load again.", file=sys.stderr)
        return 1
    try:
        with site():
            from django.utils import timezone

            from pendapa.web.cases.calendar_changes import recompute_open_cases
            from pendapa.web.events.chain import Actor
            from pendapa.web.organisation.publishing import OfficeVersion, publish

            now = timezone.now()
            try:
                done = publish(
                    regency,
                    check(args.folder),
                    now=now,
                    actor=Actor(channel="command"),
                    overwrite_office=args.overwrite,
                )
            except OfficeVersion as refused:
                print(refused, file=sys.stderr)
                return 1
            moved = recompute_open_cases(now=now, publication=done.publication)
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    result = {
        "publication": done.publication.number,
        "new_versions": list(done.new_versions),
        "unchanged": done.unchanged,
        "retired": list(done.retired),
        "cases_moved": moved,
    }
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(
            f"Publication {result['publication']}: {len(done.new_versions)} new versions, {done.unchanged} unchanged, "
            f"{len(done.retired)} retired, {len(moved)} open cases with a new deadline."
        )
    return 0
