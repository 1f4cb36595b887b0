"""`pendapa assess FOLDER`: readiness and gap, yearly evaluation, SWOT and TOWS, rubric of urban innovation."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", metavar="FOLDER", help="folder with readiness.csv, evaluation.csv, swot.csv or rubric.csv"
    )
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    parser.add_argument(
        "--language", choices=("id", "en"), default="id", help="language of the text (default: id)"
    )


def run(args: argparse.Namespace) -> int:
    """Exit codes: 0 done (also when some figures could not be computed), 1 refused input, 2 wrong usage."""
    from pendapa.assessment.data import as_data
    from pendapa.assessment.folder import read_assessment
    from pendapa.assessment.refusal import AssessmentRefused
    from pendapa.assessment.report import as_text

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        found = read_assessment(Path(args.folder))
    except AssessmentRefused as refused:
        for fault in refused.faults:
            print(fault, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_data(found), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(as_text(found, args.language))
    return 0
