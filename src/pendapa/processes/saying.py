"""Values of variables as text: for message keys and timers, and in refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from pendapa.expressions import Value


def plain_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{value // timedelta(seconds=1)}S"
    return str(value)


def says_values(variables: Mapping[str, Value], names: frozenset[str]) -> str:
    if not names:
        return "It reads no variable."
    return f"It reads {', '.join(f'{name} = {_shown(variables, name)}' for name in sorted(names))}."


def _shown(variables: Mapping[str, Value], name: str) -> str:
    return repr(variables[name]) if variables.get(name) is not None else "missing"
