"""A form as it is asked: its questions as components draw them, with what was answered and what does not fit.

The engine says what is relevant, what the choices are and what is wrong; here that becomes what pages show, to citizens
and to officers alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pendapa.forms import AnswerError, Field, Form, plain_path
from pendapa.forms.messages import DEFAULTS
from pendapa.web.cases import places, wording
from pendapa.web.cases.answers import decimal_in_words, in_words
from pendapa.web.cases.file_questions import (
    DRAWINGS,
    FILES,
    UPLOADS,
    accepted_types,
    answer_hash,
    size_in_words,
    upload_limits,
)
from pendapa.web.cases.filled_form import FilledForm
from pendapa.web.cases.models import Attachment
from pendapa.web.shown import FieldKind, ShownChoice, ShownError, ShownField

KINDS: dict[str, FieldKind] = {
    "integer": "integer", "decimal": "decimal", "range": "decimal", "date": "date_parts", "time": "time",
    "dateTime": "moment_parts", "select_one": "select_one", "select_multiple": "select_multiple", "rank": "rank",
    "geopoint": "geopoint", "acknowledge": "acknowledge", "note": "note", **dict.fromkeys(UPLOADS, "file"),
}  # fmt: skip
_SELECTS = ("select_one", "select_multiple", "rank")
_AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "address": "street-address",
    "birth_date": "bday",
}
DIGITS = ("nik", "family_card")


@dataclass(frozen=True)
class ShownAnswer:
    """One question with what was answered; `url` leads to the file where the answer is one, or, with words of its own
    (`link`), to more about it."""

    label: str
    value: str
    url: str = ""
    link: str = ""


class Asked(FilledForm):
    """A form with the answers given so far, in one language.

    `about` tells which questions ask who the applicant is (`{"nik": "/applicant/nik"}`); `picture_url` gives the
    address of a picture of the form; `dense` draws dates as one input, for officers.
    """

    dense = False

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, str],
        language: str,
        now: datetime,
        attachments: Iterable[Attachment] = (),
        about: Mapping[Any, str] | None = None,
        picture_url: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(form, answers, language, now)
        self.attachments = {str(a.id): a for a in attachments}
        self.about = {path: key for key, path in (about or {}).items()}
        self.picture_url = picture_url

    # --- fields ----------------------------------------------------------------------------------
    def shown(
        self,
        paths: Iterable[str],
        typed: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        *,
        asks: bool = False,
    ) -> list[ShownField]:
        """The questions at these paths as components draw them, with what was typed and what is wrong."""
        wanted = list(paths)
        fields = [self._shown(path, typed or {}, errors or {}, asks) for path in wanted]
        follows = wording.follows_the_page(self.form, wanted)
        first = next((path for path in wanted if path in follows), None)
        return [
            replace(field, follows=True, refresh=field.name == first) if field.name in follows else field
            for field in fields
        ]

    def _shown(
        self, path: str, typed: Mapping[str, str], errors: Mapping[str, str], asks: bool
    ) -> ShownField:
        field = self.field(path)
        about = self.about.get(plain_path(path), "")
        kind = self._kind(field, about)
        choices = self._choices(path) if field.kind in _SELECTS else ()
        value = typed.get(path, self.evaluation.values.get(path, self.answers.get(path, "")))
        extra: dict[str, Any] = {}
        if field.kind in UPLOADS:
            extra = {"limits": upload_limits(field), "accept": accepted_types(field)}
            value = self.file_name(value) if field.kind in FILES else self.drawing_name(value)
        elif field.kind == "geopoint" and (url := places.map_url(value)):
            extra = {"link": url, "link_words": _("Lihat tempat ini di OpenStreetMap")}
        elif field.kind in ("decimal", "range") and path not in typed:
            value = decimal_in_words(value, self.language)
        if field.kind == "range":
            extra["limits"] = wording.scale_in_words(self.form, field.path, self.language)
        picture = self._picture(field.media)
        return ShownField(
            name=path,
            label=self.label(path),
            kind=kind,
            hint=self._hint(path) or wording.own_hint(field),
            value=value,
            required=self.is_required(path),
            readonly=self.is_readonly(path),
            choices=choices,
            error=errors.get(path, ""),
            unit=field.parameters.get("unit", ""),
            autocomplete=_AUTOCOMPLETE.get(about, ""),
            asks=asks and kind != "acknowledge",
            as_list="minimal" in field.appearance.split() and not any(c.picture for c in choices),
            as_choices=any(c.picture for c in choices),
            precision=wording.precision(field),
            picture=picture,
            picture_large=self._picture(field.media, "big-image") or picture,
            **extra,
        )

    def _kind(self, field: Field, about: str) -> FieldKind:
        kind = KINDS.get(field.kind, "text")
        looks = field.appearance.split()
        if kind == "date_parts" and self.dense and wording.precision(field) == "day":
            return "date"
        if kind != "text":
            return kind
        if about in ("email", "phone"):
            return "email" if about == "email" else "tel"
        if about in DIGITS or "numbers" in looks:
            return "integer"
        named: dict[str, FieldKind] = {"multiline": "multiline", "url": "url", "masked": "masked"}
        return next((kind for look, kind in named.items() if look in looks), "text")

    def _hint(self, path: str) -> str:
        try:
            return self.evaluation.hint(path, self.language)
        except KeyError:
            return ""

    def _choices(self, path: str) -> tuple[ShownChoice, ...]:
        with suppress(KeyError):
            return tuple(
                ShownChoice(c.name, wording.choice_label(c), picture=self._address(c.media.get("image", "")))
                for c in self.evaluation.choices(path, self.language)
            )
        return ()

    def _picture(self, media: Mapping[str, Mapping[str, str]], kind: str = "image") -> str:
        files = media.get(kind, {})
        return self._address(self.words(files) or next(iter(files.values()), ""))

    def _address(self, file: str) -> str:
        return self.picture_url(file) if file and self.picture_url is not None else ""

    def is_required(self, path: str) -> bool:
        """Whether an answer is required now."""
        fixed = self.field(path).required
        if fixed is None:
            with suppress(KeyError):
                return self.evaluation.required(path)
        return fixed is not False

    def is_readonly(self, path: str) -> bool:
        """Whether an answer may only be read now."""
        fixed = self.field(path).readonly
        if fixed is None:
            with suppress(KeyError):
                return self.evaluation.readonly(path)
        return fixed is True

    # --- files -----------------------------------------------------------------------------------
    def file_name(self, value: str) -> str:
        """'ijazah.pdf (1,2 MB)' for the file that an answer names; empty when there is none."""
        attachment = self.attachments.get(value)
        return f"{attachment.name} ({size_in_words(attachment.size)})" if attachment else ""

    def drawing(self, value: str) -> Attachment | None:
        """The file that a line or an outline was read from."""
        if not value:
            return None
        wanted = answer_hash(value)
        return next((a for a in self.attachments.values() if a.answer_hash == wanted), None)

    def drawing_name(self, value: str) -> str:
        """'batas.gpx (12 KB), 24 titik'; empty when nothing was sent."""
        if not value:
            return ""
        attachment = self.drawing(value)
        return ", ".join(
            part
            for part in (self.file_name(str(attachment.pk)) if attachment else "", wording.points(value))
            if part
        )

    # --- what is wrong ---------------------------------------------------------------------------
    def errors_at(self, paths: Iterable[str]) -> dict[str, str]:
        """What is wrong at these paths, in the page's language."""
        wanted = set(paths)
        return {e.path: self.words_of(e) for e in reversed(self.evaluation.errors) if e.path in wanted}

    def words_of(self, error: AnswerError) -> str:
        """What is wrong with an answer, in the page's language and as plainly as we can."""
        field = self.form.fields.get(plain_path(error.path))
        kind = field.kind if field is not None else ""
        value = self.answers.get(error.path, "")
        if error.kind == "type" and kind in ("date", "dateTime"):
            return no_such_day() if kind == "date" else no_such_moment()
        if error.kind == "type" and kind == "geopoint":
            return places.wrong_place(value)
        if error.kind == "choice" and kind == "rank":
            labels = {choice.name: choice.label for choice in self._choices(error.path)}
            return wording.wrong_order(value, labels)
        if error.kind == "required" and kind in UPLOADS and not self._has_own_words(error.path):
            return choose_a_file()
        return error.message.get(self.language) or error.message.get("id", "")

    def _has_own_words(self, path: str) -> bool:
        declared = next((d for d in self.form.definition.declarations if d.short == plain_path(path)), None)
        return bool(declared and declared.required_message)

    # --- answers ---------------------------------------------------------------------------------
    def answer(self, path: str, file_url: str = "") -> ShownAnswer:
        """One question with its answer in words. `file_url` is the address of a file with the nil id in its place."""
        value = self.evaluation.values.get(path, "")
        field, label = self.field(path), self.label(path)
        if field.kind == "note":
            return ShownAnswer(label, "")
        if not value:
            return ShownAnswer(label, _("Belum diisi") if self.is_required(path) else _("Dikosongkan"))
        if field.kind in FILES:
            url = _file_at(file_url, value) if value in self.attachments else ""
            return ShownAnswer(label, self.file_name(value) or _("Berkas terkirim"), url)
        if field.kind in DRAWINGS:
            attachment = self.drawing(value)
            url = _file_at(file_url, str(attachment.pk)) if attachment else ""
            return ShownAnswer(label, self.drawing_name(value), url)
        words = in_words(self.evaluation, path, field, value, self.language)
        if field.kind == "geopoint":
            return ShownAnswer(label, words, places.map_url(value), _("Lihat di peta"))
        if "masked" in field.appearance.split():
            words = "•••"
        return ShownAnswer(label, words)


def _file_at(file_url: str, attachment_id: str) -> str:
    return file_url.replace(str(uuid.UUID(int=0)), attachment_id)


def summary(fields: Iterable[ShownField]) -> list[ShownError]:
    """The error summary. A message that would fit any question is told with its question before it; a form's own words
    speak for themselves."""
    wrong = [field for field in fields if field.error]
    general = {text for texts in DEFAULTS.values() for text in texts}
    general |= {no_such_day(), no_such_moment(), choose_a_file()}
    lines: list[ShownError] = []
    for field in wrong:
        words = field.error
        if words in general or [f.error for f in wrong].count(words) > 1:
            words = (
                f"{field.label} {words}"
                if field.label.endswith(("?", ".", "!"))
                else f"{field.label}: {words}"
            )
        lines.append(ShownError(words, field.target))
    return lines


def no_such_day() -> str:
    return _("Tanggal ini tidak ada. Isi tanggal, bulan dan tahun, misalnya 30 Maret 2026.")


def no_such_moment() -> str:
    return _("Isi tanggal dan jam dengan lengkap, misalnya 30 Maret 2026 jam 09.30.")


def choose_a_file() -> str:
    return _("Pilih berkas untuk diunggah.")
