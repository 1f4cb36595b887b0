"""What a form is: immutable, picklable records. Made by `compile_form`, read by everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, NoReturn, TypeVar

_NUMBERS = re.compile(r"\[\d+\]")

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V], Generic[K, V]):
    """A dictionary that refuses change and can be pickled."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a form is not changed after it is made; compile it again from its workbook")

    __setitem__ = __delitem__ = _refuse
    clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (Frozen, (dict(self),))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


NOTHING: Frozen[Any, Any] = Frozen()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a workbook: where (`survey!C7`), what is wrong, what would be right."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong}; {self.right}"


class FormRefused(Exception):
    """The workbook cannot be used. `faults` holds everything found wrong."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Output:
    """A place in a label where the value of an expression is shown."""

    expression: str


Words = tuple[str | Output, ...]
Translated = Mapping[str, Words]  # by language code
Media = Mapping[str, Mapping[str, str]]  # kind (image, audio, video, big-image) -> language -> file name


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list. `media` are the files shown with it: `image`, `audio`, `video` or `big-image` to
    the file's name."""

    name: str
    label: str
    media: Mapping[str, str] = NOTHING


@dataclass(frozen=True, slots=True)
class Field:
    """One node of the form that holds a value.

    `path` has no instance numbers (`/member/age`). `kind` is the XLSForm type: text, integer, decimal,
    range, date, time, dateTime, select_one, select_multiple, rank, geopoint, geotrace, geoshape, barcode,
    note, image, audio, video, file, acknowledge, calculate, hidden, what the device takes (start-geopoint,
    background-geopoint, background-audio, audit), or a preload (start, end, today, username, deviceid,
    phonenumber, email, simserial, subscriberid). `label` and `hint` are by language, references shown
    as `…`. `required` and `readonly` are True, False, or None when an expression decides. `choices` is the
    whole list by language; after a choice_filter ask `Evaluation.choices`. `repeat` is the path of the
    innermost repeat, or None. `media` are files shown with the label, as `{"image": {"id": "peta.png"}}`.
    """

    path: str
    name: str
    kind: str
    label: Mapping[str, str]
    hint: Mapping[str, str]
    required: bool | None
    readonly: bool | None
    choices: Mapping[str, tuple[Choice, ...]]
    appearance: str
    parameters: Mapping[str, str]
    repeat: str | None
    media: Media = NOTHING


def plain_path(path: str) -> str:
    """The path of a form's field behind the path of one of its answers.

    >>> plain_path("/member[2]/age")
    '/member/age'
    """
    return _NUMBERS.sub("", path) if "[" in path else path


@dataclass(frozen=True, slots=True)
class Page:
    """One thing to ask at a time. `kind` is question, group (a field-list) or repeat (one page an
    instance)."""

    path: str
    kind: str
    fields: tuple[str, ...]
    label: Mapping[str, str]
    hint: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One node of the primary instance with its bind as sources. `path` has the root (`/data/member/age`)."""

    index: int
    path: str
    parent: int  # index, -1 for the root
    children: tuple[int, ...]
    type: str = "string"
    is_repeat: bool = False
    in_repeat: bool = False  # in one, or one itself
    # input, select, select1, rank, upload, range, trigger, group, repeat or "" (nothing shown)
    control: str = ""
    kind: str = ""
    default: str = ""
    dynamic_default: str = ""
    triggered: str = ""  # set when the answer to another question changes
    readonly: str = ""
    preload: str = ""
    relevant: str = ""
    required: str = ""
    constraint: str = ""
    calculate: str = ""
    count: str = ""
    first_instances: int = 0
    required_message: Translated = field(default_factory=Frozen)
    constraint_message: Translated = field(default_factory=Frozen)
    label: Translated = field(default_factory=Frozen)
    hint: Translated = field(default_factory=Frozen)
    itemset: Itemset | None = None
    scale: Scale | None = None
    media: Media = NOTHING

    @property
    def numeric(self) -> bool:
        return self.type in ("int", "integer", "decimal")

    @property
    def moment(self) -> bool:
        return self.type == "dateTime"

    @property
    def short(self) -> str:
        """The path without the root."""
        cut = self.path.find("/", 1)
        return self.path[cut:] if cut > 0 else "/"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a range question takes: from `start` to `end`, both included, in steps of `step` from `start`.

    The three are kept as they are written in the form; `end` may be below `start`.
    """

    start: str
    end: str
    step: str

    def holds(self, text: str) -> bool:
        """Whether the text is a number on the scale.

        >>> [Scale("0", "1", "0.25").holds(t) for t in ("0.75", "1.0", "0.3", "1.25", "many")]
        [True, True, False, False, False]
        """
        try:
            value, start, end, step = (Decimal(t) for t in (text, self.start, self.end, self.step))
            low, high = min(start, end), max(start, end)
            return low <= value <= high and (step == 0 or (value - start) % step == 0)
        except InvalidOperation:
            return False


@dataclass(frozen=True, slots=True)
class Itemset:
    """Where a select takes its choices from: `nodeset` over a secondary instance, and the columns of name
    and label."""

    nodeset: str
    value: str
    label: str
    translated: bool  # the label column holds an itext id


@dataclass(frozen=True, slots=True)
class Row:
    """One element of a secondary instance: (tag, text, children)."""

    tag: str
    text: str
    children: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A form as sources: what is pickled. The closures are compiled again at first use."""

    root: str
    declarations: tuple[Declaration, ...]
    texts: Mapping[str, Translated]  # itext by id
    lists: Mapping[str, Row]  # secondary instances by id
    languages: tuple[str, ...]
    media: Mapping[str, Media] = NOTHING  # itext by id

    def __iter__(self) -> Iterator[Declaration]:
        return iter(self.declarations)


@dataclass(frozen=True)
class Form:
    """A compiled form. Immutable and picklable; `evaluate` and `blank_answers` do the work."""

    title: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    warnings: tuple[Fault, ...]
    fields: Mapping[str, Field]
    pages: tuple[Page, ...]
    definition: Definition = field(repr=False)
    # Where each node stands in the workbook (`survey!B7`), by path: `unpublishable` names faults by it.
    cells: Mapping[str, str] = field(default=NOTHING, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        # Closures cannot be pickled: `program` makes them again from the definition.
        return {key: value for key, value in self.__dict__.items() if key != "_program"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def plain(words: Translated) -> Frozen[str, str]:
    """Words by language with `…` where a reference is filled in later."""
    return Frozen(
        {
            language: "".join(w if isinstance(w, str) else "…" for w in parts).strip()
            for language, parts in words.items()
        }
    )


def shown_media(definition: Definition, text: str, language: str) -> Frozen[str, str]:
    """The files shown with an itext in a language, else in the form's first: kind to file name."""
    kinds = definition.media.get(text)
    if not kinds:
        return Frozen()
    first = definition.languages[0]
    found = {kind: files.get(language) or files.get(first, "") for kind, files in kinds.items()}
    return Frozen({kind: file for kind, file in found.items() if file})
