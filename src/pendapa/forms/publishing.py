"""What of a form the web pages cannot ask: the engine takes more than can be drawn without JavaScript."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pendapa.forms.model import Choice, Declaration, Fault, Field, Form

# what the device takes by itself and no page can: what it is, and what can be asked
TAKEN = {
    "start-geopoint": ("the place of filling", "a geopoint"),
    "background-geopoint": ("the place", "a geopoint"),
    "background-audio": ("the sound", "an audio file"),
}
PICTURE_FILES = (".png", ".jpg", ".jpeg")
_PICTURES = ("image", "big-image")


def unpublishable(form: Form, files: Collection[str] | None = None) -> tuple[Fault, ...]:
    """Everything in a form that the web pages cannot ask: where it stands, why, and what to write instead.

    `files` are the names of the pictures beside the form; None leaves open whether they are there. An empty tuple
    means the form can be published. `pendapa form answer` and `evaluate` take the form in any case.
    """
    return tuple(_faults(form, files))


def _faults(form: Form, files: Collection[str] | None) -> Iterator[Fault]:
    for declared in form.definition:
        where = form.cells.get(declared.short, f"survey: {declared.short}")
        field = form.fields.get(declared.short)
        if field is not None and field.kind in TAKEN:
            what, instead = TAKEN[field.kind]
            yield Fault(
                where,
                f"the pages cannot fill in {declared.short}: {what} is taken from the device",
                f"ask {instead}, or take it out",
            )
        if field is not None and declared.triggered:
            yield Fault(
                where,
                f"the pages cannot set {declared.short} when another answer changes (the column trigger)",
                "use a calculation without a trigger",
            )
        for kind, file in sorted(_shown_files(declared, field)):
            yield from _media_faults(where, declared.short, kind, file, files)
        if declared.is_repeat and _is_bare(form, declared):
            yield Fault(
                where,
                f"the pages cannot ask the repeat {declared.short}: its entries hold nothing but other repeats",
                "give it a question of its own, such as a name",
            )


def _shown_files(declared: Declaration, field: Field | None) -> set[tuple[str, str]]:
    own = {(kind, file) for kind, files in declared.media.items() for file in files.values()}
    return own | {(kind, file) for choice in _choices(field) for kind, file in choice.media.items()}


def _media_faults(
    where: str, path: str, kind: str, file: str, files: Collection[str] | None
) -> Iterator[Fault]:
    if kind not in _PICTURES:
        yield Fault(
            where,
            f"the pages cannot show the {kind} of {path}",
            "say it in the label or the hint, and take the file out",
        )
    elif not file.lower().endswith(PICTURE_FILES):
        yield Fault(where, f"the pages cannot show the picture {file} of {path}", "use a PNG or JPEG picture")
    elif files is not None and file not in files:
        yield Fault(
            where, f"the picture {file} of {path} is missing", "put it beside the form, or take it out"
        )


def _choices(field: Field | None) -> Iterator[Choice]:
    for choices in field.choices.values() if field is not None else ():
        yield from choices


def _is_bare(form: Form, declared: Declaration) -> bool:
    """Whether a repeat holds another repeat and no question of its own: nothing would tell its entries apart."""
    pages = {page.path for page in form.pages if page.kind == "repeat"}
    inside = declared.short + "/"
    return declared.short not in pages and any(path.startswith(inside) for path in pages)
