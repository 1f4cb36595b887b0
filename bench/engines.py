"""What the engines' own scripts say. `python -m bench --engines` renews that part of bench/RESULTS.md alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

SCRIPTS = ("bench_forms.py", "bench_processes.py", "bench_calendars.py", "bench_study.py")
HEADING = "## Engines\n"


def said() -> list[str]:
    """When they were asked, then each script's figures."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    parts = [f"Measured {time.strftime('%Y-%m-%d %H:%M %Z')}; commit {commit.stdout.strip()}.\n"]
    for script in SCRIPTS:
        done = subprocess.run(
            [sys.executable, f"bench/{script}"], capture_output=True, text=True, check=False
        )
        parts.append(f"### {script}\n\n```\n{(done.stdout or done.stderr).strip()}\n```\n")
    return parts


def renew(results: Path) -> int:
    """Write the engines' figures of now into the results; what was measured of the site stays."""
    site_part = results.read_text(encoding="utf-8").partition(HEADING)[0]
    results.write_text("\n".join([site_part + HEADING, *said()]), encoding="utf-8")
    return 0
