"""Read BPMN XML that may be hostile: no document type, no entities, a size limit; each refusal a sentence."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as safe_tree
from defusedxml.common import DefusedXmlException

from pendapa.processes.faults import Fault, ProcessRefused

MOST_BYTES: Final = 4_000_000
BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def read_definitions(source: bytes, name: str) -> Node:
    """The `definitions` element of a BPMN 2.0 file. Raises ProcessRefused."""
    root = read_xml(source, name)
    if root.tag != f"{BPMN}definitions":
        wrong = f"The root element is <{root.tag.rpartition('}')[2]}>, not BPMN 2.0 <definitions>."
        right = "Save it as BPMN 2.0 XML (.bpmn); earlier BPMN and XPDL files are not read."
        raise ProcessRefused(name, [Fault("file", wrong, right)])
    return root


def read_xml(source: bytes, name: str) -> Node:
    """The root element of an XML file without document type and entities. Raises ProcessRefused."""

    def refused(wrong: str, right: str, where: str = "file") -> ProcessRefused:
        return ProcessRefused(name, [Fault(where, wrong, right)])

    if len(source) > MOST_BYTES:
        raise refused(
            f"The file has {len(source):,} bytes; at most {MOST_BYTES:,} are read.",
            "Split it into smaller processes.",
        )
    try:
        root: Node = safe_tree.fromstring(source, forbid_dtd=True)
    except DefusedXmlException:
        raise refused(
            "The file declares a document type or entities, which are never read.",
            "Remove the <!DOCTYPE ...> declaration.",
        ) from None
    except ParseError as error:
        line, column = error.position
        raise refused(
            f"This is not well-formed XML ({str(error).partition(':')[0]}).",
            "Save it again from the process editor as BPMN 2.0 XML.",
            f"line {line}, column {column + 1}",
        ) from None
    except (LookupError, ValueError) as error:
        raise refused(f"The text encoding cannot be read: {error}.", "Save the file as UTF-8.") from None
    return root


def local_name(node: Node) -> str:
    """The name of a BPMN element without its namespace; empty for elements of other namespaces."""
    return node.tag[len(BPMN) :] if isinstance(node.tag, str) and node.tag.startswith(BPMN) else ""


def name_of(node: Node) -> str:
    """The name attribute on one line."""
    return " ".join(node.get("name", "").split())


def label_of(node: Node) -> str:
    """Id and name, as refusals show it."""
    found, name = node.get("id") or f"<{local_name(node)}> without id", name_of(node)
    return f'{found} "{name}"' if name else found


def reference(node: Node, attribute: str) -> str:
    """A reference without its namespace prefix."""
    return node.get(attribute, "").rpartition(":")[2].strip()
