"""Processor time and memory of processes, as the kernel counts them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    # The name in brackets may hold spaces; what follows the last bracket does not.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """A process and all its descendants that live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
        except OSError:
            continue
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def seconds(pids: Iterable[int]) -> float:
    """User and system seconds of processes, with those of their children that have ended."""
    total = 0
    for pid in pids:
        try:
            total += sum(int(part) for part in _stat(pid)[11:15])
        except OSError:
            continue
    return total / TICK


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    return int(_stat(pid)[21]) * os.sysconf("SC_PAGE_SIZE")
