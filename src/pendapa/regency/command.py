"""`pendapa check FOLDER`: report every fault of a regency folder."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `pendapa check`."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="the folder of a regency, such as regencies/tegal"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the report as JSON on standard output, nothing else"
    )


def run(args: argparse.Namespace) -> int:
    """Check the folder and print what was found. Returns 0 when it may be loaded, 1 when it has faults."""
    from pendapa.regency.reader import check

    report = check(args.folder)
    if args.json:
        json.dump(dataclasses.asdict(report), sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0 if report.clean else 1
    for fault in report.faults:
        print(fault)
    for warning in report.warnings:
        print(f"warning: {warning}")
    counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.summary.items())
    verdict = "No fault" if report.clean else f"{len(report.faults)} fault(s)"
    print(f"{verdict}, {len(report.warnings)} warning(s). Read: {counted or 'nothing'}.")
    return 0 if report.clean else 1
