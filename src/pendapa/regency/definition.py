"""service.toml as typed tables. Field names are the keys of the file, described in docs/folder.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pendapa.regency.faults import FaultLog
from pendapa.regency.typed import (
    Code,
    FieldPath,
    Key,
    NotNegative,
    Positive,
    Text,
    Texts,
    Variable,
    build,
    to_plain,
)

TimeUnit = Literal["minute", "hour", "day", "working_hour", "working_day"]
WorkingUnit = Literal["working_day", "working_hour"]
ApplicantKey = Literal[
    "name",
    "nik",
    "family_card",
    "email",
    "phone",
    "district",
    "village",
    "address",
    "birth_place",
    "birth_date",
    "sex",
    "occupation",
]

FirstCaseFact = Literal["number", "service", "submitted_on", "decision_number", "decision_date"]
OfFirstCase = Literal["other_officer", "decider", "superior_of_decider"]
"""Positions named by what they had to do with the first case: an officer of the decider's agency who did not handle
it, the position that signed its decision, and that position's superior."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of working time."""

    value: Positive
    unit: WorkingUnit


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Component 3: the promised time. `day` and `working_day` both count working days."""

    value: Positive
    unit: TimeUnit
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """Component 4, in rupiah. Without `amount_idr` the fee follows a formula that `note` states."""

    amount_idr: NotNegative | None = None
    note: str = ""
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """The 14 components of the service standard (PermenPANRB 15/2014); the first six must be published."""

    requirements: Texts
    procedure: Texts
    time_limit: TimeLimit
    fee: Fee
    product: Text
    complaints: Text
    legal_basis: tuple[Text, ...] = ()
    facilities: str = ""
    competence: str = ""
    supervision: str = ""
    staff: str = ""
    guarantee: str = ""
    security: str = ""
    evaluation: str = ""


@dataclass(frozen=True, slots=True)
class StandardInEnglish:
    """Components 1-6 in English, as far as they are translated."""

    requirements: tuple[Text, ...] = ()
    procedure: tuple[Text, ...] = ()
    time_limit: TimeLimit | None = None
    fee: Fee | None = None
    product: str = ""
    complaints: str = ""


@dataclass(frozen=True, slots=True)
class ServiceClock:
    """The legal time to decide, and what silence then means."""

    value: Positive
    unit: WorkingUnit
    silence: Literal["none", "consent"] = "none"
    basis: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class AgainstDecision:
    """The service is lodged against the decision of another case, and within a period after it was made known.

    `prefill` says which field of the form takes which fact of that case; they are shown and cannot be changed."""

    outcomes: tuple[Literal["refused"], ...]
    within: Duration
    prefill: dict[FirstCaseFact, FieldPath] = field(default_factory=dict)
    basis: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Which answers are personal data, why they are asked and how long they are kept."""

    fields: tuple[FieldPath, ...]
    purpose: Text
    legal_basis: Text
    retention_years: Positive
    status: str = ""


@dataclass(frozen=True, slots=True)
class PaymentAnswers:
    """Which answers of a task's form say that money came in. `state` is the process variable that then holds
    "paid" (nothing is owed any more) or "part"."""

    amount: FieldPath
    paid_on: FieldPath
    channel: FieldPath
    reference: FieldPath
    state: Variable


@dataclass(frozen=True, slots=True)
class TaskBinding:
    """A user task of the process: who does it, by when, on which form, with which outcomes."""

    title_id: Text
    title_en: Text
    public_id: Text
    public_en: Text
    kind: Literal["work", "sign"]
    deadline: Duration
    position: str = ""
    role: str = ""
    agency: str = ""
    of_first_case: OfFirstCase | None = None
    form: str = ""
    outcomes: tuple[Literal["accept", "return", "refuse", "send_back"], ...] = ()
    result: str = ""
    variables: dict[Variable, FieldPath] = field(default_factory=dict)
    letter: str = ""
    letter_class: str = ""
    document_title_id: str = ""
    document_title_en: str = ""
    payment: PaymentAnswers | None = None

    def result_variable(self, task: str) -> str:
        """The process variable that takes the outcome of the task whose BPMN id is `task`."""
        return self.result or f"{task}_result"

    def sets(self, task: str) -> tuple[str, ...]:
        """Every process variable that the task brings."""
        state = () if self.payment is None else (self.payment.state,)
        return (self.result_variable(task), *self.variables, *state)


@dataclass(frozen=True, slots=True)
class WaitBinding:
    """A message catch of the process: what the case waits to hear, and whether that stops the clock.

    "own_period" is time that the applicant has to choose: nobody's clock runs, `action` stands on the button and
    `asks` above the text that comes with the message. With `clock` a new clock begins when the message comes."""

    message: Text
    pause: Literal["applicant", "payment", "outside", "own_period", "none"]
    public_id: Text
    public_en: Text
    sets: tuple[Variable, ...] = ()
    action_id: str = ""
    action_en: str = ""
    asks_id: str = ""
    asks_en: str = ""
    clock: ServiceClock | None = None


@dataclass(frozen=True, slots=True)
class TimerBinding:
    """A boundary timer or timer catch of the process: due with the case, when the open bill lapses, or after a
    stretch of working time."""

    due: Literal["case", "bill"] | Duration
    public_id: Text
    public_en: Text


@dataclass(frozen=True, slots=True)
class BillLine:
    """A figure shown on a bill so that its amount can be followed."""

    label_id: Text
    label_en: Text
    shown_as: Literal["number", "rupiah", "percent"] = "number"


@dataclass(frozen=True, slots=True)
class BillTerms:
    """What a bill asks for. `amount` is the process variable with whole rupiah; `note_id` and `note_en` stand
    wherever the amount is shown."""

    amount: Variable
    title_id: Text
    title_en: Text
    agency: Text
    number_class: Text
    receipt_class: Text
    valid: Duration
    how_to_pay_id: Texts
    how_to_pay_en: Texts
    channel: Literal["manual"] = "manual"
    lines: dict[Variable, BillLine] = field(default_factory=dict)
    note_id: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class EffectBinding:
    """A service task of the process: what the platform itself does there."""

    run: Literal["handover", "issue_deemed", "new_decision", "notify", "bill"]
    public_id: Text
    public_en: Text
    adapter: str = ""
    letter: str = ""
    letter_class: str = ""
    position: str = ""
    of_first_case: OfFirstCase | None = None
    document_title_id: str = ""
    document_title_en: str = ""
    within: Duration | None = None
    sets: tuple[Variable, ...] = ()
    bill: BillTerms | None = None


@dataclass(frozen=True, slots=True)
class EndBinding:
    """An end event of the process: with what the case ended."""

    outcome: Literal["issued", "granted", "refused", "deemed", "handed_over", "closed"]
    public_id: Text
    public_en: Text


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """service.toml of one online service."""

    code: Code
    name_id: Text
    name_en: Text
    summary_id: Text
    summary_en: Text
    mode: Literal["own", "handover"]
    agency: Text
    group: Text
    life_events: tuple[Key, ...]
    keywords: Texts
    form: Text
    process: Text
    standard: Standard
    clock: ServiceClock
    applicant: dict[ApplicantKey, FieldPath]
    personal: PersonalData
    tasks: dict[str, TaskBinding]
    ends: dict[str, EndBinding]
    standard_en: StandardInEnglish = StandardInEnglish()
    against: AgainstDecision | None = None
    variables: dict[Variable, FieldPath] = field(default_factory=dict)
    waits: dict[str, WaitBinding] = field(default_factory=dict)
    timers: dict[str, TimerBinding] = field(default_factory=dict)
    effects: dict[str, EffectBinding] = field(default_factory=dict)
    number_prefix: str = ""
    letter_class: str = ""
    decided_by: str = ""
    outside_system: str = ""
    outside_url: str = ""
    status: str = ""
    to_be_confirmed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The definition as plain JSON values; `from_json` reads it back equal."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> ServiceDefinition:
        """Read a stored definition. Raises ValueError naming every key that does not fit."""
        log = FaultLog()
        definition = build(cls, plain, "service", log)
        if log.faults:
            raise ValueError("; ".join(str(f) for f in log.faults))
        return definition
