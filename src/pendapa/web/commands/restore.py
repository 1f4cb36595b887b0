"""`pendapa restore FILE`: bring a backup back."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pendapa.web.database import DatabaseFault, provided_database, var_directory
from pendapa.web.database.home import make_passable
from pendapa.web.ops_backup import BackupFault, restore_backup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa restore`."""
    parser.add_argument("file", type=Path, help="a file that `pendapa backup` wrote")
    parser.add_argument("--replace", action="store_true", help="replace what the site holds now")


def run(args: argparse.Namespace) -> int:
    """Restore a backup into a site that is not being served. 0 restored, 1 refused."""
    os.umask(0o077)  # what it writes is for this account alone
    try:
        make_passable(var_directory())
        with provided_database(alone=True) as database:
            manifest = restore_backup(
                args.file,
                database.url,
                var_directory(),
                replace=args.replace,
                passphrase=os.environ.get("PENDAPA_BACKUP_PASSPHRASE") or None,
            )
    except FileNotFoundError:
        print(f"{args.file} does not exist.", file=sys.stderr)
        return 1
    except (BackupFault, DatabaseFault) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"Restored the backup of {manifest['written_at']} (Pendapa {manifest['pendapa']}).")
    return 0
