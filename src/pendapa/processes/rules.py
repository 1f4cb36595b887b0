"""Business rule tasks of a BPMN file and the decisions they call."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element as Node

from pendapa.processes.decisions import Decisions, load_decisions
from pendapa.processes.faults import Fault
from pendapa.processes.model import RuleCall
from pendapa.processes.texts import unwrap
from pendapa.processes.xmlfile import label_of


class RuleReader:
    """Finds the decision of a business rule task among the DMN files handed in. Raises ProcessRefused when
    one of them cannot be read."""

    def __init__(self, tables: Mapping[str, bytes], faults: list[Fault], warnings: list[Fault]) -> None:
        self.files = [load_decisions(source, name=name) for name, source in tables.items()]
        of_decision: dict[str, Decisions] = {}
        for file in self.files:
            for id_ in file.decisions:
                if id_ in of_decision:
                    faults.append(
                        Fault(id_, f"{of_decision[id_].name} and {file.name} both have it.", "Leave one out.")
                    )
                of_decision[id_] = file
            warnings += [Fault(f"{file.name}:{w.where}", w.wrong, w.right) for w in file.warnings]
        self.of_decision = of_decision

    def read(self, node: Node, warnings: list[Fault]) -> tuple[RuleCall | None, dict[str, str]]:
        """The call, None where the caller performs it; and what its effect tells the caller."""
        reference, result = _called(node)
        detail = {"decision": reference} if reference else {}
        if result:
            detail["result"] = result
        if not reference:
            warnings.append(
                Fault(
                    label_of(node), "It names no decision: the caller decides.", "Choose one in the editor."
                )
            )
        file = self.of_decision.get(reference)
        if file is None:
            return None, detail
        return RuleCall(file, reference, result or None), detail


def _called(node: Node) -> tuple[str, str]:
    """Decision id and result variable as Camunda (attributes), Zeebe (an extension element) and BPMN
    editors built on them write it."""
    reference = result = ""
    for place in node.iter():
        if place is not node and not place.tag.endswith("}calledDecision"):
            if place.tag.endswith("}calledDecisionId"):
                reference = reference or (place.text or "").strip()
            continue
        for attribute, value in place.attrib.items():
            name = attribute.rpartition("}")[2]
            if name in ("decisionRef", "calledDecision", "decisionId"):
                reference = reference or unwrap(value)
            elif name == "resultVariable":
                result = result or value.strip()
    return reference, result
