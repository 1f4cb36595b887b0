"""Parts of drawn processes: declared messages, signals and errors, sub-processes, markers."""

from __future__ import annotations

from .bpmn import node

END = node("endEvent", "E")
DECLARED = (
    '<message id="M" name="paid"/><message id="M2" name="gone"/><signal id="Sg" name="flood"/>'
    '<error id="X1" errorCode="E-1"/>'
)
MESSAGE = '<messageEventDefinition messageRef="M"/>'
OTHER = '<messageEventDefinition messageRef="M2"/>'
SIGNAL = '<signalEventDefinition signalRef="Sg"/>'
WEEK = "<timerEventDefinition><timeCycle>R/P1W</timeCycle></timerEventDefinition>"
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


def catch(id_: str, definition: str) -> str:
    return node("intermediateCatchEvent", id_, definition)


def sub(id_: str, *parts: str, **attributes: str) -> str:
    """A sub-process with start s_ID and end e_ID; the parts draw the rest."""
    inside = node("startEvent", f"s_{id_}") + node("endEvent", f"e_{id_}") + "".join(parts)
    return node("subProcess", id_, inside, **attributes)


def many(over: str, item: str = "", *, sequential: bool = False, until: str = "", more: str = "") -> str:
    named = f'<inputDataItem id="i_{item}" name="{item}"/>' if item else ""
    ending = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopDataInputRef>{over}</loopDataInputRef>{named}{ending}{more}</multiInstanceLoopCharacteristics>"
    )


def again(condition: str = "", **attributes: str) -> str:
    inner = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<standardLoopCharacteristics{extra}>{inner}</standardLoopCharacteristics>"
