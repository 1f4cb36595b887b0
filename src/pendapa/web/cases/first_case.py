"""A case that follows from the decision of another one: the link, who works on it, and what it tells its first case."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from pendapa.regency.definition import Duration, OfFirstCase
from pendapa.web.cases.models import Case, CaseLink, Task
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.catalogue.models import Service
from pendapa.web.organisation.access import (
    kept_with_publication,
    local_day,
    position_by_key,
    published_position,
)
from pendapa.web.organisation.models import Placement, Position


def link_of(case: Case) -> CaseLink | None:
    """What the case follows from; None for a first case."""
    return (
        CaseLink.objects.select_related(
            "about__service", "about__version", "about__agency", "document__entry", "objection"
        )
        .filter(case=case)
        .first()
    )


def followers_of(case: Case) -> list[CaseLink]:
    """What follows from the case's decisions, oldest first."""
    rows = CaseLink.objects.filter(Q(about=case) | Q(objection=case)).select_related("case__service")
    return list(rows.order_by("pk"))


def objection_service(outcome: str = "refused") -> Service | None:
    """The published service that takes objections to decisions of this outcome."""

    def find() -> int | None:
        services = Service.objects.filter(active=True, online=True, current__isnull=False).order_by("slug")
        for service in services:
            against = ready(service.current_id).definition.against
            if against is not None and outcome in against.outcomes:
                return service.pk
        return None

    found = kept_with_publication(("objections to", outcome), find)
    return None if found is None else Service.objects.select_related("current").get(pk=found)


def objection_period() -> Duration | None:
    """How long decisions may be objected to, as published; None where nothing takes objections."""
    service = objection_service()
    if service is None or service.current_id is None:
        return None
    against = ready(service.current_id).definition.against
    return against.within if against is not None else None


# --- who works on it -------------------------------------------------------------------------------
def position_of_first_case(link: CaseLink, wanted: OfFirstCase) -> Position:
    """The position that a binding names by what it had to do with the first case. Raises LookupError."""
    decider_id = link.document.position_id
    if decider_id is None:
        raise LookupError(f"the decision {link.document.code} was signed by no position")
    decider = position_by_key(decider_id)
    if wanted == "decider":
        return decider
    if wanted == "superior_of_decider":
        if decider.superior_id is None:
            raise LookupError(f"{decider.code} has no superior; see positions.csv")
        return position_by_key(decider.superior_id)
    return _other_officer(link, decider)


def _other_officer(link: CaseLink, decider: Position) -> Position:
    """A technical officer under the decider who had no hand in the first case; else one of another position; else one
    who had, for somebody must study the objection."""
    worked = Task.objects.filter(case=link.about, status=Task.Status.DONE)
    positions = set(worked.values_list("position_id", flat=True))
    persons = set(worked.values_list("done_by_id", flat=True))
    own = list(
        Position.objects.filter(agency=decider.agency, active=True, rank__gt=decider.rank).order_by(
            "rank", "code"
        )
    )
    holders = _holders(own, link)

    def fitness(position: Position) -> tuple[bool, bool, bool, bool]:
        held = holders.get(position.pk, set())
        return (
            not held,  # nobody would see it
            position.pk in positions,
            held <= persons,
            position.role != "technical",
        )

    return min(own, key=fitness, default=decider)


def _holders(positions: Iterable[Position], link: CaseLink) -> dict[int, set[int]]:
    holders: dict[int, set[int]] = {}
    rows = Placement.objects.filter(
        position__in=list(positions),
        period__contains=local_day(link.made_at),
        user__suspended_at__isnull=True,
    )
    for position_id, user_id in rows.values_list("position_id", "user_id"):
        holders.setdefault(position_id, set()).add(user_id)
    return holders


def position_for(code: str, role: str, agency: str) -> Position:
    """The position a binding names: by code, or by role within an agency. Raises LookupError."""
    found = published_position(code, role, agency)
    if found is None:
        raise LookupError(f"no active position {code or f'with role {role} in {agency}'}; see positions.csv")
    return found


# --- what letters say ------------------------------------------------------------------------------
def letter_facts(made: Ready, case: Case) -> dict[str, str]:
    """The fields of letters about remedies, lengths of time and the first case."""
    from pendapa.documents import long_date

    definition = made.definition
    period = objection_period()
    values = {
        "remedy.objection_period": in_letter(period) if period else "tenggang yang ditetapkan undang-undang"
    }
    for name, timer in definition.timers.items():
        if isinstance(timer.due, Duration):
            values[f"duration.{name}"] = in_letter(timer.due)
    for name, wait in definition.waits.items():
        if wait.clock is not None:
            values[f"duration.{name}"] = in_letter(Duration(wait.clock.value, wait.clock.unit))
    for name, effect in definition.effects.items():
        if effect.within is not None:
            values[f"duration.{name}"] = in_letter(effect.within)
    link = link_of(case) if definition.against is not None else None
    if link is not None:
        values |= {
            "first_case.number": link.about.number,
            "first_case.service": link.about.service.name_id,
            "first_case.submitted_on": long_date(local_day(link.about.submitted_at)),
            "first_decision.number": link.document.entry.number,
            "first_decision.date": long_date(local_day(link.document.signed_at)),
            "first_decision.title": link.document.title,
            "first_decision.signer_title": link.document.signer_title,
        }
    return values


def in_letter(stretch: Duration) -> str:
    """A stretch of working time in the language of letters."""
    return f"{stretch.value} {'hari kerja' if stretch.unit == 'working_day' else 'jam kerja'}"
