"""What officers type: where they look in the inbox, and what they decide. Answers to a task's form: `task_form`."""

from __future__ import annotations

from django.http import QueryDict

from pendapa.web.cases import inbox
from pendapa.web.cases.actions import Decision


def wanted_in_inbox(query: QueryDict) -> inbox.Wanted:
    """Read the inbox's address. What makes no sense in it is passed over."""
    view = query.get("saring", inbox.ALL)
    cases: tuple[int, ...] | None = None
    if number := query.get("nomor", ""):
        cases = inbox.cases_numbered(number)
    elif person := query.get("orang", ""):
        try:
            cases = inbox.cases_of_person(bytes.fromhex(person))
        except ValueError:
            cases = ()
    return inbox.Wanted(
        view=view if view in inbox.VIEWS else inbox.ALL,
        service=_number(query.get("layanan", "")),
        district=_number(query.get("kecamatan", "")),
        cases=cases,
        after=inbox.place_of(query.get("after", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def decision_of(data: QueryDict) -> Decision:
    """The decision part of a task page."""
    return Decision(
        result=data.get("keputusan", ""),
        message=data.get("pesan", "").strip(),
        fields=tuple(data.getlist("tandai")),
        reason_fact=data.get("alasan_kenyataan", "").strip(),
        reason_law=data.get("alasan_hukum", "").strip(),
        sure=data.get("pastikan") == "OK",
    )
