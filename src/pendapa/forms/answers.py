"""Answers in other shapes to answers by path: nested JSON, and an XForm instance as ODK Collect sends it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from pendapa.forms.model import Form
from pendapa.forms.xpath.nodes import local_name
from pendapa.forms.xpath.values import number_to_text

MAX_BYTES = 5_000_000
MAX_LEVELS = 30
_TEMPLATE = "{http://openrosa.org/javarosa}template"


class AnswersUnreadable(ValueError):
    """The answers cannot be read at all. `args[0]` is one sentence."""


def _text(value: object, path: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_to_text(value)
    text = str(value)
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise AnswersUnreadable(f"the answer {path} holds half a character (a lone surrogate)")
    return text


def flatten(data: Mapping[str, Any]) -> dict[str, str]:
    """Nested answers to paths: a mapping is a group, a list of mappings a repeat, a list of words a
    multiple select or a rank.

    Numbers and truth values become the text that JSON has for them, null a blank. An empty mapping or list is a
    blank at its path: nothing selected, no instance.

    >>> flatten({"name": "Siti", "member": [{"age": 3}, {"age": 5}], "needs": ["water", "power"]})
    {'/name': 'Siti', '/member[1]/age': '3', '/member[2]/age': '5', '/needs': 'water power'}
    """
    result: dict[str, str] = {}

    def walk(value: object, path: str, level: int) -> None:
        if level > MAX_LEVELS:
            raise AnswersUnreadable(f"the answers are nested more than {MAX_LEVELS} deep at {path}")
        if isinstance(value, Mapping):
            if not value and path:
                result[path] = ""
            for key, inner in value.items():
                below = str(key) if not path and str(key).startswith("/") else f"{path}/{str(key).strip('/')}"
                walk(inner, below, level + 1)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            if any(isinstance(item, Mapping) for item in value):
                for number, item in enumerate(value, 1):
                    walk({} if item is None else item, f"{path}[{number}]", level + 1)
            else:
                result[path] = " ".join(_text(item, path) for item in value)
        else:
            result[path] = _text(value, path)

    if not hasattr(data, "items"):  # JSON may hold anything
        raise AnswersUnreadable('the answers are not a JSON object; write {"name": "value"}')
    walk(data, "", 0)
    return result


def read_json(source: bytes) -> dict[str, str]:
    """The answers of a JSON document in UTF-8. Raises AnswersUnreadable for what is no JSON object."""

    def whole(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
            raise AnswersUnreadable(f"the answers name {twice!r} twice in one place; keep one of them")
        return found

    if len(source) > MAX_BYTES:
        raise AnswersUnreadable(f"the answers have {len(source)} bytes, more than {MAX_BYTES}")
    try:
        return flatten(json.loads(source, object_pairs_hook=whole))
    except AnswersUnreadable:
        raise
    except (ValueError, RecursionError) as wrong:  # also text that is not UTF-8, and a number of 5,000 digits
        raise AnswersUnreadable(f"the answers are not JSON: {wrong or 'nested too deeply'}") from None


def read_instance(xml: bytes, form: Form) -> dict[str, str]:
    """The answers of an XForm instance. Raises AnswersUnreadable for what is no XML, or carries a DTD.

    Elements count by their local names. A second element where the form has one is numbered (`/name[2]`), so that
    it is reported as unknown; templates of repeats are passed over. Space around the value of any type but text
    means nothing, as in XML Schema.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(xml) > MAX_BYTES:
        raise AnswersUnreadable(f"the instance has {len(xml)} bytes, more than {MAX_BYTES}")
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        raise AnswersUnreadable("the instance declares entities or a DTD; send plain XML") from None
    except (ParseError, ValueError, LookupError) as wrong:
        raise AnswersUnreadable(f"the instance is not well-formed XML: {wrong}") from None
    declarations = {d.path: d for d in form.definition}
    start = f"/{form.definition.root}"
    result: dict[str, str] = {}

    def walk(element: Element, path: str, plain: str, level: int) -> None:
        if level > MAX_LEVELS:
            raise AnswersUnreadable(f"the instance is nested more than {MAX_LEVELS} deep")
        numbers: dict[str, int] = {}
        for child in element:
            if _TEMPLATE in child.attrib:
                continue
            name = local_name(child.tag)
            below, here = f"{plain}/{name}", f"{path}/{name}"
            declared = declarations.get(start + below)
            number = numbers[name] = numbers.get(name, 0) + 1
            if number > 1 or (declared is not None and declared.is_repeat):
                here += f"[{number}]"
            text = (child.text or "") + "".join(inner.tail or "" for inner in child)
            if len(child):
                walk(child, here, below, level + 1)
            if declared is not None and declared.children:
                if text.strip():
                    result[here] = text.strip()
                elif declared.is_repeat and not len(child):
                    result[here] = ""
            elif text.strip() or not len(child):
                is_text = declared is not None and declared.type == "string" and declared.itemset is None
                result[here] = text if is_text else text.strip()

    walk(root, "", "", 0)
    return result
