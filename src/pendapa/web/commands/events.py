"""`pendapa events verify`: recompute every hash chain and every seal."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa events`."""
    parser.add_argument("what", choices=["verify"], help="verify: recompute all chains")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Verify. 0 all chains hold, 1 at least one does not."""
    try:
        with site():
            from pendapa.web.cases.models import Case
            from pendapa.web.events.chain import Break, verify_case, verify_seals
            from pendapa.web.events.models import Event, Seal

            breaks: list[Break] = []
            cases = 0
            for case in Case.objects.order_by("pk").iterator(chunk_size=500):
                cases += 1
                breaks.extend(verify_case(case))
            breaks.extend(verify_seals())
            counted = {"cases": cases, "events": Event.objects.count(), "seals": Seal.objects.count()}
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({**counted, "breaks": [asdict(b) for b in breaks]}, ensure_ascii=False))
    else:
        for found in breaks:
            print(f"{found.case}, event {found.seq}: {found.wrong}")
        print(
            f"{counted['cases']} chains, {counted['events']} events, {counted['seals']} seals: {len(breaks)} breaks."
        )
    return 1 if breaks else 0
