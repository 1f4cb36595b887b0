"""The fields `{{ name }}` that the text of a letter may use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pendapa.regency.faults import FaultLog, nearest

FIELD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

LETTER_FIELDS: tuple[str, ...] = (
    "case.number",
    "case.submitted_on",
    "case.due_on",
    "letter.number",
    "letter.date",
    "signer.name",
    "signer.title",
    "agency.code",
    "agency.name",
    "agency.public_email",
    "refusal.fact",
    "refusal.law",
)
"""The fields every letter has besides `applicant.KEY` (the keys of [applicant]) and answers."""

REMEDY_FIELDS: tuple[str, ...] = ("remedy.objection_period",)
"""What letters may say of the objection that the folder's service with [against] takes: "21 hari kerja"."""
FIRST_CASE_FIELDS: tuple[str, ...] = (
    "first_case.number",
    "first_case.service",
    "first_case.submitted_on",
    "first_decision.number",
    "first_decision.date",
    "first_decision.title",
    "first_decision.signer_title",
)
"""What letters of a service with [against] know of the case it is lodged against; besides, `duration.ID` is the
length of a timer, of the clock of a wait, or the time for a new decision."""


def answer_names(paths: Iterable[str], *, task: str = "") -> dict[str, str]:
    """The names under which a letter finds answers: name -> path of the form's field.

    A field of the service's form is named by its path with dots (`home.address`) or, where only one field
    has it, by the last part alone (`address`); a field of a task's form by task and path
    (`telaah.valid_until`).

    >>> answer_names(["/home/address", "/home/name", "/place/name"])["address"]
    '/home/address'
    >>> "name" in answer_names(["/home/name", "/place/name"])
    False
    >>> answer_names(["/review/valid_until"], task="telaah")
    {'telaah.review.valid_until': '/review/valid_until', 'telaah.valid_until': '/review/valid_until'}
    """
    listed = list(paths)
    prefix = f"{task}." if task else ""
    last = [path.rsplit("/", 1)[-1] for path in listed]
    whole = {prefix + path.strip("/").replace("/", "."): path for path in listed}
    short = {prefix + name: path for name, path in zip(last, listed, strict=True) if last.count(name) == 1}
    return {**whole, **{name: path for name, path in short.items() if name not in whole}}


def field_names(text: str, prefix: str = "") -> tuple[str, ...]:
    """The names a letter's text uses that begin with `prefix`, in order of appearance, each once."""
    names = (match[1].strip() for match in FIELD.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name.startswith(prefix)))


def check_letter(where: str, text: str, allowed: Collection[str], log: FaultLog) -> None:
    """Note every field of a letter that will have no value, and the first thing that cannot be printed."""
    from pendapa.documents import LetterRefused
    from pendapa.documents import check_letter as check_print

    if not text.strip():
        log.fault(where, "is empty", "write the text of the letter")
    used = []
    for match in FIELD.finditer(text):
        name = match[1].strip()
        used.append(name)
        if name not in allowed:
            place = f"{where}:line {text.count(chr(10), 0, match.start()) + 1}"
            otherwise = "use a field of the form or of a task, applicant.*, or one of the fixed fields"
            log.fault(place, f'unknown field "{{{{ {name} }}}}"', nearest(name, allowed, otherwise))
    try:
        check_print(text, used)
    except LetterRefused as refused:
        place = refused.where.removeprefix("letter").strip()
        log.fault(f"{where}:{place}" if place else where, refused.wrong, refused.right)
