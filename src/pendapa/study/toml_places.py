"""On which line of a TOML file a key stands; the standard reader does not tell."""

from __future__ import annotations

import re

TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*(?:\"([^\"]+)\"|'([^']+)'|([A-Za-z0-9_-]+))\s*=")


def lines_of_keys(text: str) -> dict[tuple[str, int, str], int]:
    """(table, number of its repetition from 0, key) -> line from 1; the key "" is the table's own head.

    >>> lines_of_keys("a = 1\\n[[p]]\\nb = 2\\n[[p]]\\nb = 3")[("p", 1, "b")]
    5
    """
    found: dict[tuple[str, int, str], int] = {}
    seen: dict[str, int] = {}
    table, number, inside = "", 0, ""
    for line, words in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if words.count(inside) % 2 else inside
            continue
        if head := TABLE.match(words):
            table = head[2]
            number = seen.get(table, -1) + 1
            seen[table] = number
            found[table, number, ""] = line
        elif key := KEY.match(words):
            found.setdefault((table, number, key[1] or key[2] or key[3]), line)
        for quotes in ('"""', "'''"):
            if words.count(quotes) % 2:
                inside = quotes
    return found
