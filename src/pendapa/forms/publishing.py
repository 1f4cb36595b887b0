"""What of a form the web pages cannot ask: the engine takes more than can be drawn without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

from pendapa.forms.model import Choice, Declaration, Fault, Field, Form

# kind of field -> why it cannot be asked on a page, and what can be
UNDRAWN = {
    "rank": (
        "putting choices in an order needs more than plain fields",
        "ask one select_one for each place (first, second, ...)",
    ),
    "geopoint": (
        "a place is picked on a map or taken from the device",
        "ask two decimal questions, latitude and longitude, or an address",
    ),
    "geotrace": ("a line is drawn on a map", "ask a file question for the drawing"),
    "geoshape": ("an outline is drawn on a map", "ask a file question for the drawing"),
    "audio": ("sound is recorded on the device", "ask a file question"),
    "video": ("a video is recorded on the device", "ask a file question"),
    "barcode": ("a code is read with the camera", "ask a text question with a constraint"),
    "start-geopoint": (
        "the place of filling is taken from the device",
        "ask for the address, or take it out",
    ),
}


def unpublishable(form: Form) -> tuple[Fault, ...]:
    """Everything in a form that the web pages cannot ask: where it stands, why, and what to write instead.

    An empty tuple means the form can be published. `pendapa form answer` and `evaluate` take the form in any
    case.
    """
    return tuple(_faults(form))


def _faults(form: Form) -> Iterator[Fault]:
    for declared in form.definition:
        where = form.cells.get(declared.short, f"survey: {declared.short}")
        field = form.fields.get(declared.short)
        if field is not None and field.kind in UNDRAWN:
            why, instead = UNDRAWN[field.kind]
            yield Fault(where, f"the pages cannot ask {field.kind} {declared.short}: {why}", instead)
        if field is not None and declared.triggered:
            yield Fault(
                where,
                f"the pages cannot set {declared.short} when another answer changes (the column trigger)",
                "use a calculation without a trigger",
            )
        shown = [*declared.media, *(kind for choice in _choices(field) for kind in choice.media)]
        if shown:
            yield Fault(
                where,
                f"the pages cannot show the {shown[0]} of {declared.short}",
                "say it in the label or the hint, and take the file out",
            )
        if declared.is_repeat and _is_in_repeat(form, declared):
            yield Fault(
                where,
                f"the pages cannot ask the repeat {declared.short}: it stands inside another repeat",
                "put it after the outer repeat, with a question that names the outer entry",
            )


def _choices(field: Field | None) -> Iterator[Choice]:
    for choices in field.choices.values() if field is not None else ():
        yield from choices


def _is_in_repeat(form: Form, declared: Declaration) -> bool:
    return declared.parent >= 0 and form.definition.declarations[declared.parent].in_repeat
