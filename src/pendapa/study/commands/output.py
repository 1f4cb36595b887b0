"""What the tasks of `pendapa study` share: reading a file, printing a result or a refusal."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pendapa.study.refusal import StudyRefused


def read(path: str) -> bytes | None:
    """The bytes of a file, or None after saying why not."""
    try:
        return Path(path).read_bytes()
    except OSError as wrong:
        print(f"{path}: {wrong.strerror}; give the path of a CSV file", file=sys.stderr)
        return None


def refuse(refused: StudyRefused) -> int:
    """Print every fault; the exit code."""
    for fault in refused.faults:
        print(fault, file=sys.stderr)
    return 1


def print_json(data: Mapping[str, object]) -> None:
    """Strict JSON: a number that is none would be a fault of ours and stops here."""
    print(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def shown(value: float | None, digits: int = 3) -> str:
    """A figure for people, a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"
