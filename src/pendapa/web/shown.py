"""What components show: plain records that views fill and templates/components draw (docs/look.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.forms import BaseForm, BoundField

FieldKind = Literal[
    "text", "multiline", "email", "tel", "url", "password", "masked", "code", "integer", "decimal", "date",
    "date_parts", "time", "moment_parts", "select_one", "select_multiple", "rank", "geopoint",
    "acknowledge", "file", "image", "note", "hidden",
]  # fmt: skip
Precision = Literal["day", "month", "year"]
StepState = Literal["done", "now", "coming", "stopped", "paused"]
PillKind = Literal["good", "warn", "bad", "info", "quiet"]

RADIOS_AT_MOST = 7


def element_id(name: str) -> str:
    """The HTML id of the input called `name`: '/member[2]/age' -> 'f-member-2-age'."""
    return "f-" + re.sub(r"[^a-zA-Z0-9_]+", "-", name).strip("-")


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """One option of a select."""

    name: str
    label: str
    hint: str = ""
    picture: str = ""  # address of a picture


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One place of a rank, from 1, with the choice that stands in it."""

    number: int
    id: str
    name: str
    chosen: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """One question as components/field.html draws it.

    `value` is text, a list of names for select_multiple, and for files the name of what was sent before.
    `limits` is said before anyone chooses a file, e.g. "PDF, JPG atau PNG, paling besar 5 MB".
    `asks` makes the label the h1 of a page that asks one thing. `link` leads to more about the answer (a map).
    `follows` says that the choices follow another answer of the page, `refresh` that the button to update them stands
    here. `picture` belongs to the label.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    hint: str = ""
    value: Any = ""
    required: bool = True
    readonly: bool = False
    choices: tuple[ShownChoice, ...] = ()
    error: str = ""
    limits: str = ""
    accept: str = ""
    unit: str = ""
    autocomplete: str = ""
    pattern: str = ""
    max_length: int | None = None
    asks: bool = False
    as_list: bool = False
    as_choices: bool = False
    precision: Precision = "day"
    link: str = ""
    link_words: str = ""
    follows: bool = False
    refresh: bool = False
    picture: str = ""
    picture_large: str = ""

    @property
    def id(self) -> str:
        return element_id(self.name)

    @property
    def described_by(self) -> str:
        """Ids of the hint, the limits and the error, in reading order."""
        parts = [("hint", self.hint), ("limits", self.limits), ("error", self.error)]
        return " ".join(f"{self.id}-{part}" for part, text in parts if text)

    @property
    def grouped(self) -> bool:
        """Whether it is a group of radios or checkboxes, which needs a fieldset."""
        few = len(self.choices) <= RADIOS_AT_MOST or self.as_choices
        radios = self.kind == "select_one" and few and not self.as_list
        return radios or self.kind == "select_multiple"

    @property
    def parts(self) -> tuple[str, str, str]:
        """Day, month and year of a date_parts value: ISO text, or what was typed as 'day/month/year'."""
        text = str(self.value or "").partition("T")[0]
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            year, month, day = text.split("-")
            return day.lstrip("0"), month.lstrip("0"), year
        day, month, year = [*text.split("/"), "", ""][:3]
        return day, month, year

    @property
    def clock(self) -> str:
        """The time of day of a moment, as HH:MM or as it was typed."""
        clock = str(self.value or "").partition("T")[2]
        found = re.match(r"(\d\d:\d\d)(?::|$)", clock)
        return found[1] if found else clock

    @property
    def coordinates(self) -> tuple[str, str]:
        """Latitude and longitude of a geopoint."""
        first, _blank, rest = str(self.value or "").partition(" ")
        return first, rest.split(" ")[0]

    @property
    def places(self) -> tuple[ShownPlace, ...]:
        """The places of a rank: one for each choice."""
        words = str(self.value or "").split(" ")
        words += [""] * (len(self.choices) - len(words))
        return tuple(
            ShownPlace(number, f"{self.id}-{number}", f"{self.name}.{number}", word)
            for number, word in enumerate(words[: len(self.choices)], 1)
        )

    @property
    def chosen(self) -> frozenset[str]:
        """Names of the options chosen; XForms writes several as words with blanks between."""
        if isinstance(self.value, str):
            return frozenset(self.value.split() if self.kind == "select_multiple" else [self.value])
        return frozenset(str(v) for v in self.value or ())

    @property
    def target(self) -> str:
        """Where the error summary leads: the first option of a group, else the input itself."""
        if self.kind in ("date_parts", "moment_parts"):
            return f"{self.id}-{self.precision}"
        if self.kind == "geopoint":
            return f"{self.id}-lat"
        if self.kind == "rank":
            return f"{self.id}-1"
        return f"{self.id}-1" if self.grouped and self.choices else self.id


@dataclass(frozen=True, slots=True)
class ShownError:
    """One line of the error summary; `target` is an element id, empty where the fault is in no one field."""

    message: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of a case's journey."""

    title: str
    state: StepState
    text: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A term and what it is; `url` makes the value a link, or with `link` those words after it."""

    term: str
    value: Any
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ShownFilter:
    """A filter pill with its count; no count is shown where None."""

    label: str
    url: str
    count: int | str | None = None
    chosen: bool = False


def errors_of(fields: Iterable[ShownField]) -> list[ShownError]:
    """The lines of the error summary for fields that carry an error."""
    return [ShownError(field.error, field.target) for field in fields if field.error]


_KIND_OF_WIDGET: Mapping[str, FieldKind] = {
    "EmailInput": "email",
    "PasswordInput": "password",
    "NumberInput": "integer",
    "DateInput": "date",
    "Textarea": "multiline",
    "Select": "select_one",
    "RadioSelect": "select_one",
    "SelectMultiple": "select_multiple",
    "CheckboxSelectMultiple": "select_multiple",
    "CheckboxInput": "acknowledge",
    "FileInput": "file",
    "ClearableFileInput": "file",
    "HiddenInput": "hidden",
}


def fields_of(form: BaseForm) -> list[ShownField]:
    """The fields of a Django form as components show them. Names stay Django's, ids are ours."""
    return [_shown(bound) for bound in form]


def form_errors(form: BaseForm) -> list[ShownError]:
    """The error summary of a Django form: faults of the whole first, then field by field."""
    return [ShownError(str(text)) for text in form.non_field_errors()] + errors_of(fields_of(form))


def _shown(bound: BoundField) -> ShownField:
    widget = bound.field.widget
    kind = _KIND_OF_WIDGET.get(type(widget).__name__, "text")
    value = bound.value()
    if kind in {"password", "file"}:
        value = ""  # never sent back to the browser
    if kind == "acknowledge":
        value = "yes" if value else ""
    attributes = widget.attrs
    choices = getattr(bound.field, "choices", ())
    return ShownField(
        name=bound.html_name,
        # allauth labels its sign-in name "Login" and says what to type in the placeholder.
        label=str(attributes.get("placeholder", "") if bound.name == "login" else bound.label or ""),
        kind="code" if attributes.get("autocomplete") == "one-time-code" else kind,
        hint=str(bound.help_text or ""),  # keeps what Django marks as safe HTML
        value="" if value is None else value,
        required=bound.field.required,
        readonly=bound.field.disabled,
        choices=tuple(ShownChoice(str(name), str(label)) for name, label in choices),
        error=" ".join(str(text) for text in bound.errors),
        autocomplete=str(attributes.get("autocomplete", "")),
        max_length=getattr(bound.field, "max_length", None),
    )
