"""`pendapa iso37122 FOLDER`: a regency's values assessed against a standard set."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="a regency folder, or the one that holds the values")
    parser.add_argument("--set", default="iso37122", metavar="NAME", help="another set of the package: pemdi")
    parser.add_argument("--year", type=int, help="this year alone (default: the latest of each indicator)")
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    parser.add_argument(
        "--language", choices=("id", "en"), default="id", help="language of the text (default: id)"
    )


def run(args: argparse.Namespace) -> int:
    """Exit codes: 0 done (also when values could not be computed), 1 refused input, 2 wrong usage."""
    from pendapa.standards.refusal import StandardsRefused
    from pendapa.standards.report import as_data, as_text
    from pendapa.standards.reported import read_reported
    from pendapa.standards.scorecard import score
    from pendapa.standards.standard import standard, standards

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if args.set not in standards():
        print(f"--set: there is no set {args.set!r}; the sets are: {', '.join(standards())}", file=sys.stderr)
        return 2
    asked = standard(args.set)
    try:
        card = score(asked, read_reported(Path(args.folder), asked), args.year)
    except StandardsRefused as refused:
        for fault in refused.faults:
            print(fault, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_data(card), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(as_text(card, args.language))
    return 0
