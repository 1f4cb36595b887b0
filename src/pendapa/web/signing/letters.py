"""From a case to the letter that decides it: which text, with which values, under whose name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from pendapa.documents import LetterFacts, Letterhead, long_date, render_letter
from pendapa.forms import Form, evaluate, plain_path
from pendapa.regency.letters import answer_names
from pendapa.web.cases.first_case import letter_facts
from pendapa.web.cases.models import Case, Task
from pendapa.web.cases.places import place_in_words
from pendapa.web.cases.versions import element_now, made_of
from pendapa.web.catalogue.definitions import Ready
from pendapa.web.organisation.access import local_day, regency, zone
from pendapa.web.organisation.models import Agency


@dataclass(frozen=True)
class Signature:
    """What the signature block says."""

    name: str
    title: str


@dataclass(frozen=True)
class Letter:
    """A letter ready to be numbered, set and signed."""

    body: str
    fields: Mapping[str, str]
    title: str
    letter_class: str
    agency: Agency
    illustrative: bool

    @property
    def body_hash(self) -> str:
        """Fingerprint of what a leader reads before signing: any change of it asks for a new reading."""
        return hashlib.sha256(json.dumps([self.body, dict(self.fields)], sort_keys=True).encode()).hexdigest()


def letter_of(
    made: Ready, case: Case, *, letter: str, letter_class: str, title: str, agency: Agency, now: datetime
) -> Letter:
    """Gather a letter's text and values. Number, date and signer are added when it is set."""
    return Letter(
        body=made.letters[letter],
        fields=_fields(made, case, agency, now),
        title=title,
        letter_class=letter_class or made.definition.letter_class,
        agency=agency,
        illustrative=bool(regency().get("illustrative")),
    )


def _fields(made: Ready, case: Case, agency: Agency, now: datetime) -> dict[str, str]:
    local = now.astimezone(zone())
    values: dict[str, str] = {}
    shown = shown_answers(made.form, case.answers, local)
    for name, path in answer_names(made.form.fields).items():
        values[name] = shown.get(path, "")
    for task in Task.objects.filter(case=case, status="done").order_by("done_at"):
        form = made_of(case, task).task_form(task.element)
        answers = (task.answers or {}).get("form", {})
        if form is not None:
            shown_task = shown_answers(form, answers, local)
            for name, path in answer_names(form.fields, task=element_now(case, task)).items():
                values[name] = shown_task.get(path, "")
        decision = (task.answers or {}).get("decision", {})
        if task.result == "refuse":
            values["refusal.fact"] = decision.get("reason_fact", "")
            values["refusal.law"] = decision.get("reason_law", "")
    for binding in made.definition.tasks.values():
        form = made.task_forms.get(binding.form)
        if form is not None:
            element = next(e for e, b in made.definition.tasks.items() if b is binding)
            for name in answer_names(form.fields, task=element):
                values.setdefault(name, "")
    for key, path in made.definition.applicant.items():
        values[f"applicant.{key}"] = shown.get(path, "")
    values |= {
        "case.number": case.number,
        "case.submitted_on": long_date(local_day(case.submitted_at)),
        "case.due_on": long_date(local_day(case.due_at)) if case.due_at else "-",
        "agency.code": agency.code,
        "agency.name": agency.name_id,
        "agency.public_email": agency.public_email,
    }
    values |= letter_facts(made, case)
    values.setdefault("refusal.fact", "")
    values.setdefault("refusal.law", "")
    return values


def shown_answers(
    form: Form, answers: Mapping[str, str], now: datetime, language: str = "id"
) -> dict[str, str]:
    """Answers as people read them: labels of choices, dates in words; those of a repeat one below the other."""
    evaluation = evaluate(form, answers, now=now)
    shown: dict[str, list[str]] = {}
    for path, value in evaluation.values.items():
        plain = plain_path(path)
        field = form.fields.get(plain)
        shown.setdefault(plain, []).append(_shown(evaluation, path, value, field, language))
    return {path: "; ".join(v for v in values if v) for path, values in shown.items()}


def _shown(evaluation: Any, path: str, value: str, field: Any, language: str) -> str:
    if not value or field is None:
        return value
    if field.kind in ("select_one", "select_multiple"):
        labels = {choice.name: choice.label for choice in evaluation.choices(path, language)}
        chosen = value.split() if field.kind == "select_multiple" else [value]
        return ", ".join(labels.get(name, name) for name in chosen)
    if field.kind == "date":
        try:
            return long_date(date.fromisoformat(value))
        except ValueError:
            return value
    return place_in_words(value, language) if field.kind == "geopoint" else value


def set_letter(letter: Letter, *, number: str, code: str, signature: Signature, now: datetime) -> bytes:
    """Set the letter as a PDF, unsigned."""
    facts = regency()
    day = local_day(now)
    fields = {
        **letter.fields,
        "letter.number": number,
        "letter.date": long_date(day),
        "signer.name": signature.name,
        "signer.title": signature.title,
    }
    return render_letter(
        letter.body,
        fields,
        Letterhead(
            government=f"Pemerintah {facts['name_id']}",
            agency=letter.agency.name_id,
            address=facts.get("address", ""),
            contact=letter.agency.public_email or facts.get("contact_email", ""),
        ),
        LetterFacts(
            number=number,
            subject=letter.title,
            issued_on=day,
            place=facts.get("seat") or facts.get("short_name", ""),
            signer_title=signature.title,
            signer_name=signature.name,
            document_code=code,
            verification_url=f"{settings.SITE_URL}/verify/{code}",
            made_at=now.astimezone(zone()),
            illustrative=letter.illustrative,
        ),
    )
