"""Whether a service fits together: definition, forms, process, letters and the regency's organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pendapa.regency.against_checks import check_against, check_of_first_case, extra_letter_fields
from pendapa.regency.bill_checks import check_bills
from pendapa.regency.definition import Fee, TimeLimit
from pendapa.regency.faults import FaultLog, nearest, take_over
from pendapa.regency.letters import LETTER_FIELDS, answer_names, check_letter, field_names
from pendapa.regency.organisation import Organisation
from pendapa.regency.process_checks import check_process, load_drawn
from pendapa.regency.service import PICTURES, Draft

if TYPE_CHECKING:
    from pendapa.forms import Form


def check_service(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    """Note every fault of one service that its keys and files alone do not show."""
    form = compile_one(
        draft, "form.xlsx" if not draft.definition.form else draft.definition.form, draft.form_source, log
    )
    task_forms = {name: compile_one(draft, name, data, log) for name, data in draft.task_forms.items()}
    _check_pictures(draft, log)
    process = load_drawn(draft, log)
    _check_standard(draft, log)
    _check_organisation(draft, organisation, log)
    _check_tasks(draft, organisation, log)
    _check_effects(draft, organisation, log)
    check_against(draft, log)
    if form is not None:
        _check_paths(draft, form, log)
    for name, task in draft.definition.tasks.items():
        task_form = task_forms.get(task.form)
        if task_form is not None:
            for variable, path in task.variables.items():
                _known_path(
                    f"{draft.toml}:[tasks.{name}.variables].{variable}", path, task_form, log, task.form
                )
        elif task.variables and not task.form:
            log.fault(
                f"{draft.toml}:[tasks.{name}].variables", "the task has no form to read from", "name its form"
            )
    if process is not None:
        check_process(draft, process, organisation, log)
    check_bills(draft, form, task_forms, process, organisation, log)
    if form is not None:
        _check_letters(draft, form, task_forms, log)


def compile_one(draft: Draft, name: str, source: bytes | None, log: FaultLog) -> Form | None:
    """Compile a form of the service; what the forms engine refuses becomes faults of this file."""
    from pendapa.forms import FormRefused, compile_form, unpublishable

    if source is None:
        return None
    try:
        form = compile_form(source, name=name, files=draft.form_files)
    except FormRefused as refused:
        take_over(f"{draft.place}/{name}", refused.faults, log.fault)
        return None
    take_over(f"{draft.place}/{name}", form.warnings, log.warn)
    take_over(f"{draft.place}/{name}", unpublishable(form, draft.form_files), log.fault)
    return form


def _check_pictures(draft: Draft, log: FaultLog) -> None:
    """A picture is what its first bytes say: it goes to browsers under its ending's type."""
    for name, content in draft.form_files.items():
        ending = name.lower().rpartition(".")[2]
        if f".{ending}" in PICTURES and not content.startswith(
            b"\x89PNG\r\n\x1a\n" if ending == "png" else b"\xff\xd8\xff"
        ):
            log.fault(
                f"{draft.place}/{name}", f"is no {ending.upper()} picture", "save it as PNG or JPEG again"
            )


def _check_standard(draft: Draft, log: FaultLog) -> None:
    standard = draft.definition.standard
    fee = standard.fee
    if fee.amount_idr != 0 and not fee.legal_basis.strip():
        log.fault(
            f"{draft.toml}:[standard.fee].legal_basis",
            "a fee has no legal basis",
            "name the rule that sets it, or write amount_idr = 0",
        )
    if fee.amount_idr is None and not fee.note.strip():
        log.fault(
            f"{draft.toml}:[standard.fee].amount_idr",
            "is missing",
            "write the amount, or the formula into note",
        )
    english = draft.definition.standard_en
    for key, mine, theirs in (
        ("time_limit", english.time_limit, standard.time_limit),
        ("fee", english.fee, standard.fee),
    ):
        if mine is not None and _figures(mine) != _figures(theirs):
            log.fault(
                f"{draft.toml}:[standard_en.{key}]",
                "differs from [standard]",
                "promise the same in both languages",
            )
    for component in (
        "legal_basis",
        "facilities",
        "competence",
        "supervision",
        "staff",
        "guarantee",
        "security",
        "evaluation",
    ):
        if not getattr(standard, component):
            log.warn(
                f"{draft.toml}:[standard].{component}", "is empty", "fill in this component of the standard"
            )


def _figures(component: TimeLimit | Fee) -> tuple[object, ...]:
    if isinstance(component, TimeLimit):
        return component.value, component.unit
    return (component.amount_idr,)


def _check_organisation(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    at = draft.toml
    organisation.know_agency(f"{at}:agency", definition.agency, log)
    organisation.know_letter_class(f"{at}:letter_class", definition.letter_class, log)
    for event in definition.life_events:
        if organisation.life_events is not None and event not in organisation.life_events:
            right = nearest(event, organisation.life_events, "add it to [life_events] of regency.toml")
            log.fault(f"{at}:life_events", f'unknown life event "{event}"', right)


def _check_tasks(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    for name, task in definition.tasks.items():
        at = f"{draft.toml}:[tasks.{name}]"
        organisation.know_letter_class(f"{at}.letter_class", task.letter_class, log)
        check_of_first_case(at, task, draft, log)
        if task.of_first_case is not None:
            if task.kind == "sign" and task.of_first_case == "other_officer":
                log.fault(
                    f"{at}.of_first_case", "any officer cannot sign", "let the decider or the superior sign"
                )
        elif task.position and task.role:
            log.fault(f"{at}.role", "the task names both a position and a role", "keep one of them")
        elif task.position:
            organisation.know_position(f"{at}.position", task.position, log)
        elif not task.role:
            log.fault(
                f"{at}.position",
                "nobody is named to do the task",
                "name a position, or a role with its agency",
            )
        else:
            organisation.know_role(at, task.role, task.agency or definition.agency, log)
        if task.kind == "work":
            if not task.outcomes:
                log.fault(
                    f"{at}.outcomes", "the task has no outcome", 'write some, such as ["accept", "return"]'
                )
            for key in ("letter", "document_title_id"):
                if getattr(task, key):
                    log.fault(
                        f"{at}.{key}",
                        "only a signing task issues a letter",
                        'write kind = "sign", or remove it',
                    )
        else:
            if task.position:
                organisation.may_sign(f"{at}.position", task.position, log)
            _issues(at, task, definition.letter_class, log)


def _check_effects(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    runs = {effect.run for effect in definition.effects.values()}
    if definition.mode == "handover" and "handover" not in runs:
        log.fault(f"{draft.toml}:mode", "nothing is handed over", 'add an effect with run = "handover"')
    on_time = any(timer.due == "case" for timer in definition.timers.values())
    if definition.clock.silence == "consent" and not (on_time and "issue_deemed" in runs):
        right = 'draw a timer with due = "case" that leads to an effect with run = "issue_deemed"'
        log.fault(
            f"{draft.toml}:[clock].silence", "silence is consent, but nothing issues the document", right
        )
    for name, effect in definition.effects.items():
        at = f"{draft.toml}:[effects.{name}]"
        organisation.know_letter_class(f"{at}.letter_class", effect.letter_class, log)
        check_of_first_case(at, effect, draft, log)
        if effect.position:
            organisation.know_position(f"{at}.position", effect.position, log)
        if effect.run == "handover" and not effect.adapter:
            log.fault(
                f"{at}.adapter", "the handover names no adapter", "name the adapter of the outside system"
            )
        if effect.run == "issue_deemed":
            _issues(at, effect, draft.definition.letter_class, log)
            if not effect.position and effect.of_first_case in (None, "other_officer"):
                log.fault(
                    f"{at}.position",
                    "nobody is named who answers for the document",
                    "name a position that signs",
                )
            else:
                organisation.may_sign(f"{at}.position", effect.position, log)


def _issues(at: str, binding: Any, service_class: str, log: FaultLog) -> None:
    if not binding.letter:
        log.fault(
            f"{at}.letter",
            "a document is issued without a text",
            'name its text, such as letter = "letter.md"',
        )
    if not binding.letter_class and not service_class:
        log.fault(
            f"{at}.letter_class",
            "the document has no class to be numbered in",
            "name a class of numbering.toml",
        )
    if not binding.document_title_id:
        log.fault(f"{at}.document_title_id", "the document has no title", "write the title people will read")


def _check_paths(draft: Draft, form: Form, log: FaultLog) -> None:
    definition = draft.definition
    at = draft.toml
    for key, path in definition.applicant.items():
        _known_path(f"{at}:[applicant].{key}", path, form, log, definition.form)
    for fact, path in (definition.against.prefill if definition.against else {}).items():
        _known_path(f"{at}:[against.prefill].{fact}", path, form, log, definition.form)
    for path in definition.personal.fields:
        _known_path(f"{at}:[personal].fields", path, form, log, definition.form, repeats=True)
    for name, path in definition.variables.items():
        where = f"{at}:[variables].{name}"
        _known_path(where, path, form, log, definition.form)
        if any(
            path == personal or path.startswith(f"{personal}/") for personal in definition.personal.fields
        ):
            log.fault(where, f"{path} is personal data", "let the process read a field that is not personal")
    for key in ("nik", "family_card", "phone", "email"):
        held = definition.applicant.get(key)
        if held and held in form.fields and held not in definition.personal.fields:
            log.fault(
                f"{at}:[personal].fields", f"{held} holds the applicant's {key} and is not listed", "list it"
            )


def _known_path(
    where: str, path: str, form: Form, log: FaultLog, name: str, *, repeats: bool = False
) -> None:
    if not path:
        return
    field = form.fields.get(path)
    if field is None:
        right = nearest(path, form.fields, f"write the path of a field of {name}")
        log.fault(where, f'{name} has no field "{path}"', right)
    elif field.repeat and not repeats:
        log.fault(
            where, f'"{path}" stands in a repeat and has many values', "name a field outside the repeat"
        )


def _check_letters(draft: Draft, form: Form, task_forms: Mapping[str, Form | None], log: FaultLog) -> None:
    definition = draft.definition
    answers = set(answer_names(_single(form)))
    for name, task in definition.tasks.items():
        task_form = task_forms.get(task.form)
        if task_form is not None:
            answers |= set(answer_names(_single(task_form), task=name))
        elif task.form:  # refused or missing: already told, and what it would hold cannot be judged
            answers |= {used for text in draft.letters.values() for used in field_names(text, f"{name}.")}
    allowed = {*LETTER_FIELDS, *(f"applicant.{key}" for key in definition.applicant), *answers}
    allowed |= set(extra_letter_fields(draft))
    for name, text in draft.letters.items():
        check_letter(f"{draft.place}/{name}", text, allowed, log)


def _single(form: Form) -> list[str]:
    """The fields that have one value: those outside repeats."""
    return [path for path, field in form.fields.items() if not field.repeat]
