"""Why an action was refused: sentences for people, each with the way out."""

from __future__ import annotations

from pendapa.forms import Evaluation


class Refused(Exception):
    """The action cannot be done now. `str()` is a sentence for the person, already translated."""


class NeedsAssurance(Refused):
    """The action is unusual and goes through once the person says that it is meant so."""


class NotYours(Exception):
    """The thing does not exist for this person. Answered as if it did not exist at all."""


class InvalidAnswers(Exception):
    """The answers break the form's rules; the evaluation says where."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(f"{len(evaluation.errors)} answers do not fit the form")
        self.evaluation = evaluation
