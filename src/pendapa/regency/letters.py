"""The fields `{{ name }}` that the text of a letter may use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pendapa.regency.faults import FaultLog, nearest

FIELD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

LETTER_FIELDS: tuple[str, ...] = (
    "case.number",
    "letter.number",
    "letter.date",
    "signer.name",
    "signer.title",
    "agency.code",
    "agency.name",
    "agency.name_id",
    "agency.name_en",
    "agency.public_email",
)
"""The fields every letter has besides answers, task answers and `applicant.*`."""


def field_names(text: str) -> tuple[str, ...]:
    """The names a letter's text uses, in order of appearance, each once."""
    return tuple(dict.fromkeys(match[1].strip() for match in FIELD.finditer(text)))


def allowed_fields(
    applicant: Iterable[str], answer_paths: Iterable[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The names a letter may use, and among the short names of answers those that several fields share.

    An answer is named by the last part of its path (`name`) or, where that is not unique, by the whole path
    (`/applicant/name`).
    """
    paths = list(answer_paths)
    short = [path.rsplit("/", 1)[-1] for path in paths]
    shared = frozenset(name for name in short if short.count(name) > 1)
    return frozenset([*LETTER_FIELDS, *(f"applicant.{key}" for key in applicant), *short, *paths]), shared


def check_letter(
    where: str, text: str, allowed: Collection[str], shared: Collection[str], log: FaultLog
) -> None:
    """Note every field of a letter that will have no value, and every brace that is not closed."""
    if not text.strip():
        log.fault(where, "is empty", "write the text of the letter")
    for match in FIELD.finditer(text):
        name = match[1].strip()
        place = f"{where}:line {text.count(chr(10), 0, match.start()) + 1}"
        if name not in allowed:
            right = nearest(
                name,
                allowed,
                "use a field of the form or of the task, applicant.*, or one of the fixed fields",
            )
            log.fault(place, f'unknown field "{{{{ {name} }}}}"', right)
        elif name in shared:
            log.fault(
                place,
                f'"{{{{ {name} }}}}" may be several fields',
                "write the whole path of the one that is meant",
            )
    rest = FIELD.sub(lambda m: " " * len(m[0]) if "\n" not in m[0] else "\n", text)
    for brace in ("{{", "}}"):
        if brace in rest:
            line = rest.count("\n", 0, rest.index(brace)) + 1
            log.fault(f"{where}:line {line}", f'"{brace}" stands alone', "write fields as {{ name }}")
