"""An XForm document (as pyxform writes it) to the records of `model`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from pendapa.forms.lists import ListUnreadable, read_list, row_of
from pendapa.forms.model import (
    Declaration,
    Definition,
    Frozen,
    Itemset,
    Media,
    Output,
    Row,
    Scale,
    Translated,
    Words,
)
from pendapa.forms.xpath.nodes import local_name

JR = "{http://openrosa.org/javarosa}"
MEDIA = frozenset({"image", "audio", "video", "big-image"})
EXTERNAL_LABEL = "itextId"  # the column that holds the id of the label's text
_ITEXT = re.compile(r"\s*jr:itext\(\s*'([^']*)'\s*\)\s*\Z")
_LANGUAGE = re.compile(r".*\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*\)\s*\Z")
_SHEET_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)")
CONTROLS = frozenset(
    {"input", "select", "select1", "upload", "range", "trigger", "group", "repeat", "rank", "secret"}
)
_NAMES = {"indonesia": "id", "bahasa indonesia": "id", "indonesian": "id", "english": "en", "inggris": "en"}


@dataclass(frozen=True)
class Shown:
    """One control of the body, in order, with what it contains."""

    control: str
    path: str
    appearance: str
    parameters: Mapping[str, str]
    inside: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class XForm:
    title: str
    version: str
    definition: Definition
    body: tuple[Shown, ...]
    unsupported: tuple[tuple[str, str], ...]  # (path without root, what)
    bad_files: tuple[tuple[str, str], ...]  # (name, what is wrong)


def language_code(name: str) -> str:
    """`Indonesia (id)` is `id`; a bare name of the two languages of the platform its code; else the name in
    lower case."""
    match = _LANGUAGE.match(name)
    if match:
        return match[1].lower()
    return _NAMES.get(name.strip().lower(), name.strip().lower())


def read_xform(
    xml: str,
    files: Mapping[str, bytes],
    default_language: str,
    external: Mapping[str, tuple[Mapping[str, str], ...]] | None = None,
) -> XForm:
    """`default_language` is the code for words that carry no language; `external` are the lists of the sheet
    external_choices, which pyxform leaves out of the document: rows by column, by the list's name."""
    return _Reader(fromstring(xml.encode(), forbid_dtd=True), files, default_language, external or {}).read()


class _Reader:
    def __init__(
        self,
        document: Element,
        files: Mapping[str, bytes],
        default_language: str,
        external: Mapping[str, tuple[Mapping[str, str], ...]],
    ) -> None:
        head, self.body_element = document[0], document[1]
        self.title = next((e.text or "" for e in head if local_name(e.tag) == "title"), "")
        self.model = next(e for e in head if local_name(e.tag) == "model")
        self.files = files
        self.default = default_language
        self.external = external
        self.media: dict[str, Media] = {}
        self.texts, self.languages = self._read_texts()
        self.unsupported: list[tuple[str, str]] = []
        self.bad_files: list[tuple[str, str]] = []
        self.declarations: list[Declaration] = []

    def read(self) -> XForm:
        instances = [e for e in self.model if local_name(e.tag) == "instance"]
        root = instances[0][0]
        name = local_name(root.tag)
        self._declare(root, "/" + name, -1, False)
        by_path = {d.path: d.index for d in self.declarations}
        lists = {e.get("id", ""): self._read_list(e) for e in instances[1:]}
        lists |= {key: self._external_list(key, rows) for key, rows in self.external.items()}
        self._read_binds(by_path)
        body = self._read_controls(self.body_element, by_path)
        self._read_defaults(by_path)
        definition = Definition(
            name,
            tuple(self.declarations),
            Frozen(self.texts),
            Frozen(lists),
            tuple(self.languages),
            Frozen(self.media),
        )
        return XForm(
            self.title,
            root.get("version", ""),
            definition,
            body,
            tuple(self.unsupported),
            tuple(self.bad_files),
        )

    def _read_texts(self) -> tuple[dict[str, Translated], list[str]]:
        gathered: dict[str, dict[str, Words]] = {}
        media: dict[str, dict[str, dict[str, str]]] = {}
        languages: list[str] = []
        itext = next((e for e in self.model if local_name(e.tag) == "itext"), None)
        for translation in itext if itext is not None else ():
            named = translation.get("lang", "default")
            language = self.default if named == "default" else language_code(named)
            if translation.get("default"):
                languages.insert(0, language)
            elif language not in languages:
                languages.append(language)
            for text in translation:
                value = next((v for v in text if v.get("form") is None), None)
                words = self._words(value) if value is not None else ()
                if words and words != ("-",):  # pyxform writes "-" for a translation that is missing
                    gathered.setdefault(text.get("id", ""), {})[language] = words
                for shown in text:
                    kind, file = shown.get("form"), (shown.text or "").rsplit("/", 1)[-1]
                    if kind in MEDIA and file not in ("", "-"):
                        media.setdefault(text.get("id", ""), {}).setdefault(kind, {})[language] = file
        self.media = {
            key: Frozen({kind: Frozen(files) for kind, files in kinds.items()})
            for key, kinds in media.items()
        }
        return {key: Frozen(words) for key, words in gathered.items()}, languages or [self.default]

    @staticmethod
    def _words(element: Element) -> Words:
        parts: list[str | Output] = [element.text or ""]
        for child in element:
            parts.append(Output((child.get("value") or "").strip()))
            parts.append(child.tail or "")
        kept = [p for p in parts if p != ""]
        if len(kept) > 1 and isinstance(kept[0], str):
            kept[0] = kept[0].lstrip()  # pyxform pads labels that hold references
        return tuple(kept)

    def _reference(self, text: str | None, element: Element | None = None) -> Translated:
        """An attribute that is plain text or jr:itext('id'), or an element of either kind."""
        match = _ITEXT.match(text or "")
        if match:
            return self.texts.get(match[1], Frozen())
        words = self._words(element) if element is not None else ((text,) if text else ())
        return Frozen({self.default: words}) if words else Frozen()

    def _declare(self, element: Element, path: str, parent: int, in_repeat: bool) -> int:
        index = len(self.declarations)
        is_repeat = f"{JR}template" in element.attrib
        inside = in_repeat or is_repeat
        self.declarations.append(Declaration(index, path, parent, ()))
        children: list[int] = []
        instances: dict[str, int] = {}
        templates = {e.tag for e in element if f"{JR}template" in e.attrib}
        for child in element:
            if child.tag in templates and f"{JR}template" not in child.attrib:
                instances[child.tag] = instances.get(child.tag, 0) + 1
                continue
            children.append(self._declare(child, f"{path}/{local_name(child.tag)}", index, inside))
        for at in children:
            declared = self.declarations[at]
            for tag, count in instances.items():
                if declared.path.endswith("/" + local_name(tag)):
                    self.declarations[at] = replace(declared, first_instances=count)
        self.declarations[index] = replace(
            self.declarations[index],
            children=tuple(children),
            is_repeat=is_repeat,
            in_repeat=inside,
            default="" if children else (element.text or "").strip(),
        )
        return index

    def _read_binds(self, by_path: Mapping[str, int]) -> None:
        for bind in self.model:
            if local_name(bind.tag) != "bind":
                continue
            at = by_path.get(bind.get("nodeset", ""))
            if at is None:
                continue
            preload = bind.get(f"{JR}preload", "")
            kind = bind.get("type", "string").rsplit(":", 1)[-1]
            self.declarations[at] = replace(
                self.declarations[at],
                type=kind,
                default=_as_typed(self.declarations[at].default, kind),
                relevant=bind.get("relevant", "").strip(),
                required=bind.get("required", "").strip(),
                constraint=bind.get("constraint", "").strip(),
                calculate=bind.get("calculate", "").strip(),
                readonly=bind.get("readonly", "").strip(),
                preload=bind.get(f"{JR}preloadParams", "") or preload,
                required_message=self._reference(bind.get(f"{JR}requiredMsg")),
                constraint_message=self._reference(bind.get(f"{JR}constraintMsg")),
            )

    def _read_controls(self, parent: Element, by_path: Mapping[str, int]) -> tuple[Shown, ...]:
        shown: list[Shown] = []
        for element in parent:
            control = local_name(element.tag)
            if control not in CONTROLS:
                continue
            path = element.get("nodeset") or element.get("ref") or ""
            repeat = (
                next((e for e in element if local_name(e.tag) == "repeat"), None)
                if control == "group"
                else None
            )
            if repeat is not None:
                control, holder, path = "repeat", repeat, repeat.get("nodeset", path)
            else:
                holder = element
            at = by_path.get(path)
            if at is None:
                self.unsupported.append((path or "?", f"a {control} that belongs to no field"))
                continue
            words = {
                local_name(e.tag): self._reference(e.get("ref"), e)
                for e in element
                if local_name(e.tag) in ("label", "hint")
            }
            query = element.get("query")  # select_one_external: an input that filters a list kept outside
            control = "select1" if query else control
            if control == "trigger" and self.declarations[at].type == "geopoint":
                continue  # background-geopoint: a place that the device takes, on a control that nobody sees
            self.declarations[at] = replace(
                self.declarations[at],
                control=control,
                label=words.get("label", Frozen()),
                hint=words.get("hint", Frozen()),
                media=self.media.get(f"{path}:label", Frozen()),
                count=(repeat.get(f"{JR}count", "").strip() if repeat is not None else ""),
                itemset=self._itemset(element, path) if control in ("select", "select1", "rank") else None,
                scale=_scale(element) if control == "range" else None,
            )
            inside = self._read_controls(holder, by_path) if control in ("group", "repeat") else ()
            keep = {
                local_name(k): v
                for k, v in element.attrib.items()
                if local_name(k) in ("start", "end", "step", "mediatype", "rows")
            }
            appearance = element.get("appearance", "") or holder.get("appearance", "")
            shown.append(Shown(control, path, appearance, Frozen(keep), inside))
        return tuple(shown)

    def _itemset(self, element: Element, path: str) -> Itemset | None:
        if element.get("query"):
            return Itemset(element.get("query", ""), "name", EXTERNAL_LABEL, True)
        itemset = next((e for e in element if local_name(e.tag) == "itemset"), None)
        if itemset is None:
            self.unsupported.append((path, "choices written into the question"))
            return None
        value, label = "name", "label"
        for child in itemset:
            if local_name(child.tag) == "value":
                value = child.get("ref", value)
            elif local_name(child.tag) == "label":
                label = child.get("ref", label)
        itext = re.match(r"jr:itext\((\w+)\)", label)
        return Itemset(itemset.get("nodeset", ""), value, itext[1] if itext else label, itext is not None)

    def _read_defaults(self, by_path: Mapping[str, int]) -> None:
        for element in [*self.model, *self.body_element.iter()]:
            if local_name(element.tag) != "setvalue":
                continue
            path, event = element.get("ref", ""), element.get("event", "")
            at = by_path.get(path)
            if at is not None and event == "xforms-value-changed":
                value = element.get("value", "").strip()
                self.declarations[at] = replace(self.declarations[at], triggered=value or "''")
                continue
            if at is None or not re.search(r"odk-(instance-first-load|new-repeat)", event):
                self.unsupported.append((path, f"a value set on the event {event}"))
                continue
            self.declarations[at] = replace(
                self.declarations[at], dynamic_default=element.get("value", "").strip()
            )

    def _read_list(self, instance: Element) -> Row:
        source = instance.get("src")
        if source is None:
            return row_of(instance[0]) if len(instance) else Row("root", "")
        file = source.rsplit("/", 1)[-1]
        try:
            return read_list(file, self.files)
        except ListUnreadable as wrong:
            self.bad_files.append((file, str(wrong)))
            return Row("root", "")

    def _external_list(self, name: str, rows: tuple[Mapping[str, str], ...]) -> Row:
        """A list of the sheet external_choices; its labels become texts like those of other lists."""
        items = []
        for number, cells in enumerate(rows):
            text = f"external {name}-{number}"
            words = {
                self.default if column == "label" else language_code(column.split("::", 1)[1]): (cell,)
                for column, cell in cells.items()
                if cell and (column == "label" or column.startswith("label::"))
            }
            self.texts[text] = Frozen(words)
            kept = [Row(column, cell) for column, cell in cells.items() if not column.startswith("label")]
            items.append(Row("item", "", (*kept, Row(EXTERNAL_LABEL, text))))
        return Row("root", "", tuple(items))


def _as_typed(default: str, kind: str) -> str:
    """A date that a spreadsheet keeps as a moment (`2026-03-30 00:00:00`), as the type of its question has it."""
    found = _SHEET_MOMENT.fullmatch(default) if kind in ("date", "dateTime") else None
    return default if found is None else found[1] if kind == "date" else f"{found[1]}T{found[2]}"


def _scale(element: Element) -> Scale:
    """The limits of a range control; XLSForm's own where one is not written."""
    return Scale(element.get("start", "1"), element.get("end", "10"), element.get("step", "1"))
