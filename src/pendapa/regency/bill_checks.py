"""Whether a service that asks for money fits together: the bill, where its amount comes from, and who confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from pendapa.regency.definition import BillTerms, ServiceDefinition
from pendapa.regency.faults import FaultLog, nearest
from pendapa.regency.organisation import Organisation
from pendapa.regency.service import Draft

if TYPE_CHECKING:
    from pendapa.forms import Form
    from pendapa.processes import Process
    from pendapa.processes.decisions import Decisions

_NUMBERS = ("integer", "decimal", "range", "calculate")
_KINDS = {"amount": ("integer",), "paid_on": ("date",)}
_SET_IT = "set it in [variables], by a decision table or a task's form"


def check_bills(
    draft: Draft,
    form: Form | None,
    task_forms: Mapping[str, Form | None],
    process: Process | None,
    organisation: Organisation,
    log: FaultLog,
) -> None:
    """Note every fault of a service's bills; nothing to say where it has none."""
    definition = draft.definition
    at = draft.toml
    bills = {name: effect.bill for name, effect in definition.effects.items() if effect.run == "bill"}
    for name, effect in definition.effects.items():
        where = f"{at}:[effects.{name}]"
        if effect.run == "bill" and effect.bill is None:
            log.fault(
                f"{where}.bill", "the bill has no terms", f"add [effects.{name}.bill] with amount and agency"
            )
        if effect.run != "bill" and effect.bill is not None:
            log.fault(f"{where}.bill", "only a bill has terms", 'write run = "bill", or remove them')
        if effect.run == "bill" and len(effect.sets) > 1:
            log.fault(
                f"{where}.sets",
                "a bill brings one variable, how many bills the case has had",
                "name one variable",
            )
    for name, terms in bills.items():
        if terms is not None:
            where = f"{at}:[effects.{name}.bill]"
            _check_terms(where, terms, draft, form, task_forms, process, organisation, log)
    _check_way(at, definition, bool(bills), log)
    for name, task in definition.tasks.items():
        answered = task_forms.get(task.form)
        if task.payment is not None:
            _check_answers(f"{at}:[tasks.{name}.payment]", task.payment, task.form, answered, log)


def variables_of_decisions(process: Process | None) -> Iterator[str]:
    """The variables that business rule tasks set."""
    for element in process.elements.values() if process is not None else ():
        if element.rule is not None:
            yield from element.rule.sets


def _check_way(at: str, definition: ServiceDefinition, has_bill: bool, log: FaultLog) -> None:
    """Somebody must confirm the money, the case must wait for it, and a bill must lapse."""
    for name, task in definition.tasks.items():
        if task.payment is not None and not has_bill:
            where = f"{at}:[tasks.{name}].payment"
            log.fault(where, "there is no bill to pay", 'add an effect with run = "bill"')
    for name, timer in definition.timers.items():
        if timer.due == "bill" and not has_bill:
            where = f"{at}:[timers.{name}].due"
            log.fault(where, "there is no bill to lapse", 'add an effect with run = "bill"')
    if not has_bill:
        return
    if not any(task.payment is not None for task in definition.tasks.values()):
        log.fault(
            f"{at}:tasks",
            "nobody confirms that the bill was paid",
            "give the task of the officer who looks at the account a table [tasks.ID.payment]",
        )
    if not any(wait.pause == "payment" for wait in definition.waits.values()):
        log.fault(
            f"{at}:waits",
            "the case does not wait for the payment",
            'add a receive task with pause = "payment"',
        )
    if not any(timer.due == "bill" for timer in definition.timers.values()):
        log.warn(
            f"{at}:timers",
            "a bill that nobody pays stays open for ever",
            'draw a timer at the border of the wait, with due = "bill"',
        )


def _check_terms(
    at: str,
    terms: BillTerms,
    draft: Draft,
    form: Form | None,
    task_forms: Mapping[str, Form | None],
    process: Process | None,
    organisation: Organisation,
    log: FaultLog,
) -> None:
    organisation.know_agency(f"{at}.agency", terms.agency, log)
    organisation.know_letter_class(f"{at}.number_class", terms.number_class, log)
    organisation.know_letter_class(f"{at}.receipt_class", terms.receipt_class, log)
    if process is None:
        return
    sources = _sources(draft.definition, form, task_forms)
    decided = set(variables_of_decisions(process))
    known = {*sources, *decided, *(name for w in draft.definition.waits.values() for name in w.sets)}
    known |= {name for effect in draft.definition.effects.values() for name in effect.sets}
    for key, variable in (("amount", terms.amount), *(("lines", name) for name in terms.lines)):
        if variable not in known:
            log.fault(f"{at}.{key}", f'nothing sets "{variable}"', nearest(variable, known, _SET_IT))
    if terms.amount in sources and sources[terms.amount] not in _NUMBERS:
        log.fault(
            f"{at}.amount",
            f'"{terms.amount}" is an answer of the kind {sources[terms.amount]}, not a number',
            "name a variable with whole rupiah",
        )
    for element in process.elements.values():
        if element.rule is not None and terms.amount in element.rule.sets:
            table, output = element.rule.decisions, terms.amount
            if element.rule.result == terms.amount:
                output = table.gives(element.rule.decision)[0]
            for place, wrong in _not_numbers(table, element.rule.decision, output):
                where = f"{draft.place}/{table.name}:{place}"
                log.fault(where, f"the amount of a bill cannot be {wrong}", "give a number of rupiah")


def _sources(
    definition: ServiceDefinition, form: Form | None, task_forms: Mapping[str, Form | None]
) -> dict[str, str]:
    """Variables that answers give, with the kind of their question."""
    kinds: dict[str, str] = {}
    for name, path in definition.variables.items():
        kinds[name] = form.fields[path].kind if form is not None and path in form.fields else "calculate"
    for id_, task in definition.tasks.items():
        kinds[task.result_variable(id_)] = "text"
        answered = task_forms.get(task.form)
        for name, path in task.variables.items():
            there = answered is not None and path in answered.fields
            kinds[name] = answered.fields[path].kind if answered is not None and there else "calculate"
    return kinds


def _not_numbers(table: Decisions, id_: str, output: str) -> Iterator[tuple[str, str]]:
    """Outputs of a decision that are certain not to be a number: (place, what they are)."""
    from pendapa.expressions import EvaluationError, Expression
    from pendapa.processes.decisions.model import Table

    decision = table.decisions[id_]
    given: list[tuple[str, Expression | None]]
    if isinstance(decision.logic, Table):
        logic = decision.logic
        if logic.aggregation is None and logic.policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT"):
            yield decision.label, "a list of amounts"
            return
        at = [column.name for column in logic.outputs].index(output)
        given = [(f"{decision.label}, rule {rule.number}", rule.outputs[at]) for rule in logic.rules]
    else:
        given = [(decision.label, decision.logic)]
    for place, expression in given:
        if expression is None:
            yield place, "left empty"
        elif expression.text in expression.inputs:  # a bare name: what it stands for is judged
            for required in decision.requires:
                if expression.text in table.decisions[required].names:
                    yield from _not_numbers(table, required, table.gives(required)[0])
                elif expression.text in table.gives(required):
                    yield from _not_numbers(table, required, expression.text)
        elif not expression.inputs:
            try:
                value = expression.evaluate({})
            except EvaluationError:
                continue
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                yield place, f"{expression.text}"


def _check_answers(at: str, payment: object, name: str, form: Form | None, log: FaultLog) -> None:
    if not name:
        log.fault(at, "the task has no form to read from", "name its form")
    if form is None:
        return
    for key in ("amount", "paid_on", "channel", "reference"):
        path = getattr(payment, key)
        field = form.fields.get(path)
        if field is None:
            right = nearest(path, form.fields, f"write the path of a field of {name}")
            log.fault(f"{at}.{key}", f'{name} has no field "{path}"', right)
        elif key in _KINDS and field.kind not in _KINDS[key]:
            log.fault(
                f"{at}.{key}",
                f"{path} is a question of the kind {field.kind}",
                f"ask it as {_KINDS[key][0]}",
            )
        elif field.required is False:
            log.fault(f"{at}.{key}", f"{path} may be left empty", "make the question required")
