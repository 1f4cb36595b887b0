"""`pendapa backup FILE`: database, uploads and keys in one file."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from pendapa.web.database import DatabaseFault, provided_database, var_directory
from pendapa.web.ops_backup import BackupFault, write_backup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa backup`."""
    parser.add_argument("file", type=Path, help="the file to write; it must not exist")


def run(args: argparse.Namespace) -> int:
    """Write a backup, sealed when PENDAPA_BACKUP_PASSPHRASE is set. 0 written, 1 refused."""
    passphrase = os.environ.get("PENDAPA_BACKUP_PASSPHRASE") or None
    try:
        with provided_database() as database:
            held = write_backup(
                args.file.absolute(), database.url, var_directory(), datetime.now(UTC), passphrase
            )
    except (BackupFault, DatabaseFault) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{args.file}: database and {held['files']} files, {held['bytes']} bytes.")
    if passphrase is None:
        print(
            "It is not sealed and holds the site's keys: keep it where only you can read it.", file=sys.stderr
        )
    return 0
