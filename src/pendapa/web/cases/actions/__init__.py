"""Every write on cases. Each function is one transaction: check, change rows, append events, enqueue what follows."""

from pendapa.web.cases.actions.applicant import Receipt, resubmit, submit_application, submit_locked, withdraw
from pendapa.web.cases.actions.officer import (
    Decision,
    claim,
    complete_task,
    finish_task,
    reassign,
    release,
    write_note,
)
from pendapa.web.cases.actions.values import typed_variables, with_known_files
from pendapa.web.cases.actions.worker import climb, fire_timer

__all__ = [
    "Decision",
    "Receipt",
    "claim",
    "climb",
    "complete_task",
    "finish_task",
    "fire_timer",
    "reassign",
    "release",
    "resubmit",
    "submit_application",
    "submit_locked",
    "typed_variables",
    "with_known_files",
    "withdraw",
    "write_note",
]
