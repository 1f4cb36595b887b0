"""Turn untyped cells and TOML values into frozen dataclasses, noting every value that does not fit.

A dataclass is the schema: its field names are the columns or keys, its annotations the types, and a field
without a default is obligatory. `Annotated` adds the rules that a plain type cannot say.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pendapa.regency.faults import FaultLog, nearest

T = TypeVar("T")
MOST = 10**15  # what a cell of digits may reach; a number beyond is a slip, and no database takes it


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text must match the whole regular expression; `says` describes it to people."""

    regex: str
    says: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A whole number must not be smaller than `minimum`."""

    minimum: int


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """A text or list must hold something."""


Text = Annotated[str, NotEmpty()]
Texts = Annotated[tuple[Text, ...], NotEmpty()]
Code = Annotated[str, Pattern(r"[A-Z][A-Z0-9-]*", 'capital letters, digits and hyphens, such as "DINKES"')]
Slug = Annotated[
    str, Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", 'small letters, digits and hyphens, such as "kk-baru"')
]
Key = Annotated[str, Pattern(r"[a-z][a-z0-9_-]*", 'small letters, digits, - and _, such as "keluarga"')]
Variable = Annotated[str, Pattern(r"[A-Za-z_][A-Za-z0-9_]*", 'a name such as "profession"')]
FieldPath = Annotated[
    str, Pattern(r"(/[A-Za-z_][\w.-]*)+", 'the path of a form field, such as "/applicant/name"')
]
Positive = Annotated[int, AtLeast(1)]
NotNegative = Annotated[int, AtLeast(0)]
Email = Annotated[str, Pattern(r"(\S+@\S+\.\S+)?", "an e-mail address, or nothing")]
DayOrRelative = Annotated[
    str,
    Pattern(
        r"(\d{4}-\d\d-\d\d|today([+-]\d{1,4})?)?",
        'a date such as "2026-03-30", "today", "today-5" or nothing',
    ),
]
Clock = Annotated[str, Pattern(r"([01]\d|2[0-3]):[0-5]\d", 'a time of day such as "07:30"')]


class WrongValue(Exception):
    """A single value does not fit its type: what is wrong and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right


_HINTS: dict[Any, dict[str, Any]] = {}


def hints_of(kind: Any) -> dict[str, Any]:
    """The annotations of a dataclass with their `Annotated` rules."""
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind, include_extras=True)
    return _HINTS[kind]


def columns_of(kind: Any) -> tuple[str, ...]:
    """The column or key names a dataclass reads, in order."""
    return tuple(f.name for f in dataclasses.fields(kind))


def obligatory(kind: Any) -> frozenset[str]:
    """The columns or keys that must be there."""
    missing = dataclasses.MISSING
    return frozenset(
        f.name for f in dataclasses.fields(kind) if f.default is missing and f.default_factory is missing
    )


def neutral(hint: Any) -> Any:
    """A harmless value to stand where a wrong one was, so that the remaining checks can still run."""
    base = strip(hint)
    origin = get_origin(base)
    if origin is Literal:
        return get_args(base)[0]
    if origin in (Union, types.UnionType):
        return None if type(None) in get_args(base) else neutral(get_args(base)[0])
    if origin is tuple:
        return ()
    if origin is dict:
        return {}
    if dataclasses.is_dataclass(base) and isinstance(base, type):
        return base(**{name: neutral(hints_of(base)[name]) for name in obligatory(base)})
    return {str: "", int: 0, bool: False, date: date.min}[base]


def strip(hint: Any) -> Any:
    """The plain type of an `Annotated` one."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def from_cell(hint: Any, text: str) -> Any:
    """Read one CSV cell as `hint`. Raises WrongValue. An empty cell of an optional type is None."""
    base = strip(hint)
    origin = get_origin(base)
    shown = text.strip()
    if origin in (Union, types.UnionType):
        if not shown:
            return None
        return from_cell(next(a for a in get_args(base) if a is not type(None)), text)
    if origin is tuple:
        inner = get_args(base)[0]
        return _obey(hint, tuple(from_cell(inner, part) for part in shown.split(";") if part.strip()))
    if base is int:
        if not re.fullmatch(r"-?\d{1,15}", shown):
            raise WrongValue(f'"{shown}" is not a whole number', "write digits alone, such as 30")
        return _obey(hint, int(shown))
    if base is bool:
        if shown not in ("yes", "no"):
            raise WrongValue(f'"{shown}" is neither yes nor no', 'write "yes" or "no"')
        return shown == "yes"
    if base is date:
        return _date(shown)
    return _obey(hint, _literal(base, shown) if origin is Literal else shown)


def from_value(hint: Any, value: Any, where: str, log: FaultLog) -> Any:
    """Read one TOML or JSON value as `hint`; faults inside nested tables go to `log`. Raises WrongValue."""
    base = strip(hint)
    origin = get_origin(base)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(base), value, where, log)
    if origin is tuple:
        if not isinstance(value, list):
            raise WrongValue(f"{_shown(value)} is not a list", 'write a list, such as ["..."]')
        inner = get_args(base)[0]
        return _obey(hint, tuple(from_value(inner, item, where, log) for item in value))
    if origin is dict:
        if not isinstance(value, dict):
            raise WrongValue(f"{_shown(value)} is not a table", "write a table of names and values")
        return _tables(get_args(base)[1], value, where, log)
    if dataclasses.is_dataclass(base) and isinstance(base, type):
        if not isinstance(value, dict):
            raise WrongValue(
                f"{_shown(value)} is not a table", f"write a table with {', '.join(columns_of(base))}"
            )
        return build(base, value, where, log)
    if base is int and (isinstance(value, bool) or not isinstance(value, int)):
        raise WrongValue(f"{_shown(value)} is not a whole number", "write digits without quotes, such as 5")
    if base is int and abs(value) >= MOST:
        raise WrongValue("the number is too large", "write fewer than 16 digits")
    if base is bool and not isinstance(value, bool):
        raise WrongValue(f"{_shown(value)} is neither true nor false", "write true or false without quotes")
    if (base is str or origin is Literal) and not isinstance(value, str):
        raise WrongValue(f"{_shown(value)} is not a text", "write it in quotes")
    return _obey(hint, _literal(base, value) if origin is Literal else value)


def build(kind: type[T], table: Mapping[str, Any], where: str, log: FaultLog) -> T:
    """Build a dataclass from a TOML or JSON table at `file` or `file:[table]`; every fault goes to `log`."""
    hints = hints_of(kind)
    values: dict[str, Any] = {}
    for key in table:
        if key not in hints:
            log.fault(
                key_place(where, key),
                f'unknown key "{key}"',
                nearest(key, hints, f"use one of {', '.join(hints)}, or remove it"),
            )
    for name, hint in hints.items():
        if name in table:
            place = key_place(where, name)
            try:
                values[name] = from_value(hint, table[name], _inside(where, name), log)
            except WrongValue as wrong:
                log.fault(place, wrong.wrong, wrong.right)
                values[name] = neutral(hint)
        elif name in obligatory(kind):
            log.fault(key_place(where, name), "is missing", f"add the key {name}")
            values[name] = neutral(hint)
    return kind(**values)


def to_plain(value: Any) -> Any:
    """The reverse of `build`: dataclasses become dicts (None and empty defaults left out), tuples lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {name: item for name, item in plain.items() if item is not None}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def key_place(where: str, key: str) -> str:
    """`file` + key -> `file:key`;  `file:[table]` + key -> `file:[table].key`."""
    return f"{where}.{key}" if where.endswith("]") else f"{where}:{key}"


def _inside(where: str, key: str) -> str:
    return f"{where[:-1]}.{key}]" if where.endswith("]") else f"{where}:[{key}]"


def _tables(hint: Any, value: Mapping[str, Any], where: str, log: FaultLog) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        nested = dataclasses.is_dataclass(strip(hint))
        try:
            found[key] = from_value(hint, item, _inside(where, key) if nested else where, log)
        except WrongValue as wrong:
            log.fault(key_place(where, key), wrong.wrong, wrong.right)
            found[key] = neutral(hint)
    return found


def _one_of(options: tuple[Any, ...], value: Any, where: str, log: FaultLog) -> Any:
    nested = [o for o in options if dataclasses.is_dataclass(strip(o))]
    if isinstance(value, dict) and nested:
        return from_value(nested[0], value, where, log)
    plain = [o for o in options if o not in nested and o is not type(None)]
    return from_value((plain or nested)[0], value, where, log)


def _literal(base: Any, text: str) -> str:
    allowed = [str(a) for a in get_args(base)]
    if text not in allowed:
        raise WrongValue(
            f'"{text}" is not known here', nearest(text, allowed, f"use one of {', '.join(allowed)}")
        )
    return text


def _date(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise WrongValue(f'"{text}" is not a date', "write year-month-day, such as 2026-03-30") from None


def _obey(hint: Any, value: T) -> T:
    for rule in get_args(hint)[1:] if get_origin(hint) is Annotated else ():
        _RULES[type(rule)](rule, value)
    return value


def _obey_pattern(rule: Pattern, value: str) -> None:
    if not re.fullmatch(rule.regex, value):
        raise WrongValue(f'"{value}" does not fit' if value else "is empty", f"write {rule.says}")


def _obey_minimum(rule: AtLeast, value: int) -> None:
    if value < rule.minimum:
        raise WrongValue(f"{value} is too small", f"write {rule.minimum} or more")


def _obey_not_empty(rule: NotEmpty, value: str | tuple[Any, ...]) -> None:
    if not (value.strip() if isinstance(value, str) else value):
        raise WrongValue("is empty", "fill it in")


_RULES: dict[type, Callable[[Any, Any], None]] = {
    Pattern: _obey_pattern,
    AtLeast: _obey_minimum,
    NotEmpty: _obey_not_empty,
}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
