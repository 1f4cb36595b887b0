"""BPMN 2.0 to tokens, tasks and timers: pure functions over plain rows. See docs/processes.md."""

from pendapa.processes.faults import Fault, ProcessRefused, ProcessStuck, StepImpossible
from pendapa.processes.model import Element, Flow, Lane, Message, Process, TimerRule
from pendapa.processes.reader import load_process
from pendapa.processes.state import (
    ClosedTask,
    CompleteTask,
    Effect,
    FinishEffect,
    FireTimer,
    OpenMessage,
    OpenTask,
    Outcome,
    RaiseError,
    RaiseSignal,
    ReceiveMessage,
    State,
    Step,
    Timer,
    Token,
    value_from_json,
    value_to_json,
)
from pendapa.processes.steps import advance, start
from pendapa.processes.waits import describe_open, open_effects, open_messages, open_tasks, open_timers

__all__ = [
    "ClosedTask",
    "CompleteTask",
    "Effect",
    "Element",
    "Fault",
    "FinishEffect",
    "FireTimer",
    "Flow",
    "Lane",
    "Message",
    "OpenMessage",
    "OpenTask",
    "Outcome",
    "Process",
    "ProcessRefused",
    "ProcessStuck",
    "RaiseError",
    "RaiseSignal",
    "ReceiveMessage",
    "State",
    "Step",
    "StepImpossible",
    "Timer",
    "TimerRule",
    "Token",
    "advance",
    "describe_open",
    "load_process",
    "open_effects",
    "open_messages",
    "open_tasks",
    "open_timers",
    "start",
    "value_from_json",
    "value_to_json",
]
