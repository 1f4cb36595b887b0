"""Pieces of which the processes for both programs are drawn."""

from __future__ import annotations

from .bpmn import chain, flow, node

DECLARED = (
    '<message id="M" name="paid"/><message id="M2" name="withdrawn"/>'
    '<signal id="G" name="flood"/><signal id="G2" name="strike"/>'
    '<error id="X1" name="small" errorCode="E-1"/><error id="X2" name="large" errorCode="E-2"/>'
)
PAID = '<messageEventDefinition messageRef="M"/>'
WITHDRAWN = '<messageEventDefinition messageRef="M2"/>'
FLOOD = '<signalEventDefinition signalRef="G"/>'
STRIKE = '<signalEventDefinition signalRef="G2"/>'
WEEK = "<timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition>"
TERMINATE = "<terminateEventDefinition/>"


def error(reference: str) -> str:
    return f'<errorEventDefinition errorRef="{reference}"/>'


def ends(*ids: str) -> str:
    return "".join(node("endEvent", id_) for id_ in ids)


def gates(kind: str, *ids: str) -> str:
    return "".join(node(f"{kind}Gateway", id_) for id_ in ids)


def choice(id_: str, default: str, **ways: str) -> str:
    """An exclusive gateway after the task that decides: `A="accept"` leads to A when the task before says so."""
    gate = node("exclusiveGateway", id_, default=f"{id_}_{default}")
    flows = "".join(flow(f"{id_}_{to}", id_, to, condition) for to, condition in ways.items())
    return gate + flows + chain(id_, default)


def boundary(id_: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    return node(
        "boundaryEvent", id_, definition, attachedToRef=host, cancelActivity=str(interrupting).lower()
    )


def sub(id_: str, *parts: str, **attributes: str) -> str:
    """A sub-process with start s_ID and end e_ID; the caller draws the flows."""
    inside = node("startEvent", f"s_{id_}") + "".join(parts) + node("endEvent", f"e_{id_}")
    return node("subProcess", id_, inside, **attributes)


def catch(id_: str, definition: str) -> str:
    return node("intermediateCatchEvent", id_, definition)


def throw(id_: str, definition: str) -> str:
    return node("intermediateThrowEvent", id_, definition)


LIST = "<loopDataInputRef>members</loopDataInputRef>"


def each(inner: str = "", *, sequential: bool = False, until: str = "") -> str:
    inner = inner or LIST + '<inputDataItem id="member" name="member"/>'
    if until:
        inner += f"<completionCondition>{until}</completionCondition>"
    return node("multiInstanceLoopCharacteristics", "", inner, isSequential=str(sequential).lower()).replace(
        ' id=""', ""
    )
