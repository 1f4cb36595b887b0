"""DMN 1.3 decision tables: read once, then asked many times. See docs/processes.md."""

from pendapa.processes.decisions.deciding import UndecidedError
from pendapa.processes.decisions.model import Decision, Decisions, Input, Output, Rule, Table
from pendapa.processes.decisions.reader import load_decisions

__all__ = [
    "Decision",
    "Decisions",
    "Input",
    "Output",
    "Rule",
    "Table",
    "UndecidedError",
    "load_decisions",
]
