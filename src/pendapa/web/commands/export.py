"""`pendapa export`: write the published services back as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pendapa.web.database import DatabaseFault, site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa export`."""
    parser.add_argument("folder", type=Path, help="folder to write; made when missing, must be empty")


def run(args: argparse.Namespace) -> int:
    """Export. 0 done, 1 refused."""
    folder: Path = args.folder
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} is not empty; name a new folder, then compare the two.", file=sys.stderr)
        return 1
    try:
        with site():
            from pendapa.web.organisation.exporting import export_folder

            count = export_folder(folder)
    except DatabaseFault as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{count} files written to {folder}.")
    return 0
