"""Entries of repeats, also of repeats in repeats: how their paths are numbered, and how one is taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pendapa.forms import Form

Entry = tuple[int, ...]
"""The numbers of an entry, outermost repeat first: (2, 1) is the first room of the second house. () is no entry."""


def repeats_of(form: Form) -> tuple[str, ...]:
    """The paths of a form's repeats, outer ones before those in them."""
    return tuple(declared.short for declared in form.definition if declared.is_repeat)


def around(repeats: Sequence[str], path: str) -> tuple[str, ...]:
    """The repeats that a path lies in, or names itself, outermost first.

    >>> around(("/house", "/house/room", "/car"), "/house/room/bed")
    ('/house', '/house/room')
    """
    return tuple(repeat for repeat in repeats if path == repeat or path.startswith(repeat + "/"))


def numbered(path: str, repeats: Sequence[str], entry: Entry) -> str:
    """A path with the numbers of an entry; repeats without a number of their own stay without.

    >>> numbered("/house/room/bed", ("/house", "/house/room"), (2, 1))
    '/house[2]/room[1]/bed'
    >>> numbered("/house/room", ("/house", "/house/room"), (2,))
    '/house[2]/room'
    """
    for repeat, number in reversed(tuple(zip(repeats, entry, strict=False))):
        path = f"{path[: len(repeat)]}[{number}]{path[len(repeat) :]}"
    return path


def without_entry(answers: Mapping[str, str], repeat: str, number: int) -> dict[str, str]:
    """The answers without entry `number` (from 1) of a repeat; those after it move up.

    >>> without_entry({"/a": "x", "/r[1]/b": "1", "/r[2]/b": "2", "/r[3]/b": "3"}, "/r", 2)
    {'/a': 'x', '/r[1]/b': '1', '/r[2]/b': '3'}
    """
    place = re.compile(re.escape(repeat) + r"\[(\d+)\](.*)", re.DOTALL)
    kept: dict[str, str] = {}
    for path, value in answers.items():
        found = place.fullmatch(path)
        at = int(found[1]) if found else 0
        if found and at == number:
            continue
        kept[f"{repeat}[{at - 1}]{found[2]}" if found and at > number else path] = value
    return kept


class EntryConverter:
    """An entry in an address: /2/ and, for a repeat in a repeat, /2.1/."""

    regex = r"[1-9]\d{0,3}(?:\.[1-9]\d{0,3}){0,9}"

    def to_python(self, value: str) -> Entry:
        return tuple(int(number) for number in value.split("."))

    def to_url(self, value: Entry) -> str:
        return ".".join(map(str, value))
