"""Answers in other shapes to answers by path: nested JSON, and an XForm instance as ODK Collect sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from pendapa.forms.model import Form
from pendapa.forms.program import FormSchema
from pendapa.forms.xpath.nodes import local_name
from pendapa.forms.xpath.values import number_to_text

MAX_XML = 5_000_000  # bytes
MAX_LEVELS = 30


class AnswersUnreadable(ValueError):
    """The answers cannot be read at all. `args[0]` is one sentence."""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_to_text(value)
    return str(value)


def flatten(data: Mapping[str, Any]) -> dict[str, str]:
    """Nested answers to paths: a mapping is a group, a list of mappings a repeat, a list of words a
    multiple select.

    >>> flatten({"name": "Siti", "member": [{"age": 3}, {"age": 5}]})
    {'/name': 'Siti', '/member[1]/age': '3', '/member[2]/age': '5'}
    """
    result: dict[str, str] = {}

    def walk(value: object, path: str, level: int) -> None:
        if level > MAX_LEVELS:
            raise AnswersUnreadable(f"the answers are nested more than {MAX_LEVELS} deep at {path}")
        if isinstance(value, Mapping):
            for key, inner in value.items():
                walk(
                    inner,
                    f"{path}/{str(key).strip('/')}" if not str(key).startswith("/") or path else str(key),
                    level + 1,
                )
        elif isinstance(value, Sequence) and not isinstance(value, str):
            if all(isinstance(item, Mapping) for item in value):
                for number, item in enumerate(value, 1):
                    if not item:
                        result[f"{path}[{number}]"] = ""
                    walk(item, f"{path}[{number}]", level + 1)
            else:
                result[path] = " ".join(_text(item) for item in value)
        else:
            result[path] = _text(value)

    if not hasattr(data, "items"):  # JSON may hold anything
        raise AnswersUnreadable('the answers are not a JSON object; write {"name": "value"}')
    walk(data, "", 0)
    return result


def read_instance(xml: bytes, form: Form) -> dict[str, str]:
    """The answers of an XForm instance. Raises AnswersUnreadable for what is no XML, or carries a DTD."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(xml) > MAX_XML:
        raise AnswersUnreadable(f"the instance has {len(xml)} bytes, more than {MAX_XML}")
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        raise AnswersUnreadable("the instance declares entities or a DTD; send plain XML") from None
    except (ParseError, ValueError, LookupError) as wrong:
        raise AnswersUnreadable(f"the instance is not well-formed XML: {wrong}") from None
    schema = FormSchema(form.definition)
    result: dict[str, str] = {}

    def walk(element: Element, path: str, plain: str, level: int) -> None:
        if level > MAX_LEVELS:
            raise AnswersUnreadable(f"the instance is nested more than {MAX_LEVELS} deep")
        numbers: dict[str, int] = {}
        for child in element:
            name = local_name(child.tag)
            below = f"{plain}/{name}"
            declared = schema.declared(f"/{form.definition.root}{below}")
            here = f"{path}/{name}"
            if declared is not None and declared.is_repeat:
                numbers[name] = numbers.get(name, 0) + 1
                here += f"[{numbers[name]}]"
            if len(child):
                walk(child, here, below, level + 1)
            elif declared is not None and declared.is_repeat:
                result[here] = ""
            elif declared is None or not declared.children:
                result[here] = child.text or ""

    walk(root, "", "", 0)
    return result
