"""Whether a service fits together: definition, forms, process, letters and the regency's organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pendapa.regency.against_checks import check_against, check_of_first_case, extra_letter_fields
from pendapa.regency.bill_checks import check_bills, variables_of_decisions
from pendapa.regency.definition import Fee, TimeLimit
from pendapa.regency.faults import FaultLog, nearest
from pendapa.regency.letters import LETTER_FIELDS, answer_names, check_letter, field_names
from pendapa.regency.organisation import Organisation
from pendapa.regency.service import DEFINITION, PICTURES, Draft

if TYPE_CHECKING:
    from pendapa.forms import Form
    from pendapa.processes import Element, Process

BOUND_BY: Mapping[str, str] = {
    "user": "tasks",
    "manual": "tasks",
    "receive": "waits",
    "message": "waits",
    "service": "effects",
    "send": "effects",
    "boundary": "timers",
    "timer": "timers",
    "end": "ends",
    "terminate": "ends",
}
"""Which tables of service.toml bind which kinds of elements."""
RUN_BY_THE_SITE = frozenset(
    {"start", "plain", "exclusive", "parallel", "inclusive", "event", "rule", *BOUND_BY}
)
"""Kinds of elements that the site knows how to carry out; the engine alone takes more."""
NOUNS = {
    "tasks": "user task",
    "waits": "message catch",
    "effects": "service task",
    "timers": "timer",
    "ends": "end event",
}


def check_service(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    """Note every fault of one service that its keys and files alone do not show."""
    form = compile_one(
        draft, "form.xlsx" if not draft.definition.form else draft.definition.form, draft.form_source, log
    )
    task_forms = {name: compile_one(draft, name, data, log) for name, data in draft.task_forms.items()}
    _check_pictures(draft, log)
    process = _load(draft, log)
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
                    f"{_at(draft)}:[tasks.{name}.variables].{variable}", path, task_form, log, task.form
                )
        elif task.variables and not task.form:
            log.fault(
                f"{_at(draft)}:[tasks.{name}].variables", "the task has no form to read from", "name its form"
            )
    if process is not None:
        _check_process(draft, process, organisation, log)
    check_bills(draft, form, task_forms, process, organisation, log)
    if form is not None:
        _check_letters(draft, form, task_forms, log)


def _at(draft: Draft) -> str:
    return f"{draft.place}/{DEFINITION}"


def compile_one(draft: Draft, name: str, source: bytes | None, log: FaultLog) -> Form | None:
    """Compile a form of the service; what the forms engine refuses becomes faults of this file."""
    from pendapa.forms import FormRefused, compile_form, unpublishable

    if source is None:
        return None
    try:
        form = compile_form(source, name=name, files=draft.form_files)
    except FormRefused as refused:
        _take_over(f"{draft.place}/{name}", refused.faults, log.fault)
        return None
    _take_over(f"{draft.place}/{name}", form.warnings, log.warn)
    _take_over(f"{draft.place}/{name}", unpublishable(form, draft.form_files), log.fault)
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


def _load(draft: Draft, log: FaultLog) -> Process | None:
    from pendapa.processes import ProcessRefused, load_process

    if draft.process_source is None:
        return None
    where = f"{draft.place}/{draft.definition.process}"
    try:
        process = load_process(draft.process_source, name=draft.definition.process, tables=draft.tables)
    except ProcessRefused as refused:
        _take_over(where, refused.faults, log.fault)
        return None
    _take_over(where, process.warnings, log.warn)
    return process


def _take_over(where: str, faults: Iterable[Any], note: Any) -> None:
    for fault in faults:
        note(f"{where}:{fault.where}" if fault.where else where, fault.wrong, fault.right)


def _check_standard(draft: Draft, log: FaultLog) -> None:
    standard = draft.definition.standard
    fee = standard.fee
    if fee.amount_idr != 0 and not fee.legal_basis.strip():
        log.fault(
            f"{_at(draft)}:[standard.fee].legal_basis",
            "a fee has no legal basis",
            "name the rule that sets it, or write amount_idr = 0",
        )
    if fee.amount_idr is None and not fee.note.strip():
        log.fault(
            f"{_at(draft)}:[standard.fee].amount_idr",
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
                f"{_at(draft)}:[standard_en.{key}]",
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
                f"{_at(draft)}:[standard].{component}", "is empty", "fill in this component of the standard"
            )


def _figures(component: TimeLimit | Fee) -> tuple[object, ...]:
    if isinstance(component, TimeLimit):
        return component.value, component.unit
    return (component.amount_idr,)


def _check_organisation(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    at = _at(draft)
    organisation.know_agency(f"{at}:agency", definition.agency, log)
    organisation.know_letter_class(f"{at}:letter_class", definition.letter_class, log)
    for event in definition.life_events:
        if organisation.life_events is not None and event not in organisation.life_events:
            right = nearest(event, organisation.life_events, "add it to [life_events] of regency.toml")
            log.fault(f"{at}:life_events", f'unknown life event "{event}"', right)


def _check_tasks(draft: Draft, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    for name, task in definition.tasks.items():
        at = f"{_at(draft)}:[tasks.{name}]"
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
        log.fault(f"{_at(draft)}:mode", "nothing is handed over", 'add an effect with run = "handover"')
    on_time = any(timer.due == "case" for timer in definition.timers.values())
    if definition.clock.silence == "consent" and not (on_time and "issue_deemed" in runs):
        right = 'draw a timer with due = "case" that leads to an effect with run = "issue_deemed"'
        log.fault(
            f"{_at(draft)}:[clock].silence", "silence is consent, but nothing issues the document", right
        )
    for name, effect in definition.effects.items():
        at = f"{_at(draft)}:[effects.{name}]"
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
    at = _at(draft)
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


def _not_run_yet(element: Element) -> str:
    """What of an element the engine takes and the site does not, in words; empty when it does."""
    if element.kind not in RUN_BY_THE_SITE:
        return f'elements of the kind "{element.kind}"'
    if element.kind == "boundary" and element.timer is None:
        return "boundary events other than timers"
    if element.kind == "receive" and element.message is None:
        return "receive tasks without a message"
    if element.kind == "rule" and element.rule is None:
        return "business rules whose decision table is not in the folder"
    return "multi-instance tasks" if element.loop is not None else ""


def _check_process(draft: Draft, process: Process, organisation: Organisation, log: FaultLog) -> None:
    definition = draft.definition
    at = _at(draft)
    drawn = f"{draft.place}/{definition.process}"
    for table, noun in NOUNS.items():
        bindings: Mapping[str, Any] = getattr(definition, table)
        there = {e.id: e for e in process.elements.values() if BOUND_BY.get(e.kind) == table}
        for name in bindings.keys() - there.keys():
            right = nearest(
                name, there, f"use the id of a {noun}" if there else f"remove the table [{table}.{name}]"
            )
            log.fault(f"{at}:[{table}.{name}]", f'{definition.process} has no {noun} "{name}"', right)
        for name in there.keys() - bindings.keys():
            label = f' "{there[name].name}"' if there[name].name else ""
            log.fault(
                f"{drawn}:{name}", f"the {noun}{label} is not bound", f"add [{table}.{name}] to service.toml"
            )
    for drawn_element in process.elements.values():
        if trouble := _not_run_yet(drawn_element):
            log.fault(
                f"{drawn}:{drawn_element.label}",
                f"the site does not carry out {trouble} yet",
                "draw it with tasks, gateways, message catches and timers",
            )
    for name, wait in definition.waits.items():
        element = process.elements.get(name)
        if element is not None and element.message is not None and element.message.name != wait.message:
            log.fault(
                f"{at}:[waits.{name}].message",
                f'the process waits for "{element.message.name}", not "{wait.message}"',
                f'write message = "{element.message.name}"',
            )
    if not process.start:
        right = "draw one without message, timer or signal"
        log.fault(drawn, "the process has several start events, and none that is plain", right)
    known = {*_variables(draft), *variables_of_decisions(process)}
    _check_order(draft, process, known, log)
    for element in process.elements.values():
        for flow in element.outgoing:
            for variable in sorted((flow.condition.inputs if flow.condition else frozenset()) - known):
                right = nearest(variable, known, "set it in [variables], as a task's result or in sets")
                log.fault(
                    f"{drawn}:{flow.id}", f'the condition reads "{variable}", which nothing sets', right
                )
                known.discard(variable)
        # A service against decisions follows the agency that decided: its lanes name roles, not one agency.
        if element.lane and definition.against is None and not organisation.names_agency(element.lane):
            where = f"{drawn}:{element.id}"
            log.warn(
                where, f'the lane "{element.lane}" names no agency', "name it by an agency's code or name"
            )
    on_flows = {
        v for e in process.elements.values() for f in e.outgoing if f.condition for v in f.condition.inputs
    }
    for variable in sorted(process.reads - on_flows - known):
        right = nearest(variable, known, "set it in [variables], as a task's result or in sets")
        log.fault(drawn, f'the process reads "{variable}", which nothing sets', right)


def _check_order(draft: Draft, process: Process, known: set[str], log: FaultLog) -> None:
    """Warn of variables that are set, but not before they are read."""
    from pendapa.processes import unset_reads

    definition = draft.definition
    sets: dict[str, Iterable[str]] = {name: task.sets(name) for name, task in definition.tasks.items()}
    sets |= {name: wait.sets for name, wait in definition.waits.items()}
    sets |= {name: effect.sets for name, effect in definition.effects.items()}
    # What nothing sets at all is a fault of its own.
    given = {*definition.variables, *(process.reads - known)}
    _take_over(f"{draft.place}/{definition.process}", unset_reads(process, given, sets), log.warn)


def _variables(draft: Draft) -> Iterable[str]:
    definition = draft.definition
    yield from definition.variables
    for name, task in definition.tasks.items():
        yield from task.sets(name)
    for wait in definition.waits.values():
        yield from wait.sets
    for effect in definition.effects.values():
        yield from effect.sets


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
