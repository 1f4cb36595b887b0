"""XLSForm to pages; answers to checked answers, with the semantics of XForms (see docs/forms.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pendapa.forms.answers import AnswersUnreadable, flatten, read_instance, read_json
    from pendapa.forms.compiling import compile_form
    from pendapa.forms.evaluation import Evaluation, evaluate
    from pendapa.forms.messages import AnswerError
    from pendapa.forms.model import Choice, Fault, Field, Form, FormRefused, Page, plain_path
    from pendapa.forms.publishing import unpublishable
    from pendapa.forms.starting import blank_answers, new_instances

# Imported when first asked for: the command must answer --help at once, and pyxform is needed only to
# compile.
_HOMES = {
    "AnswerError": "messages",
    "AnswersUnreadable": "answers",
    "Choice": "model",
    "Evaluation": "evaluation",
    "Fault": "model",
    "Field": "model",
    "Form": "model",
    "FormRefused": "model",
    "Page": "model",
    "blank_answers": "starting",
    "compile_form": "compiling",
    "evaluate": "evaluation",
    "flatten": "answers",
    "new_instances": "starting",
    "plain_path": "model",
    "read_instance": "answers",
    "read_json": "answers",
    "unpublishable": "publishing",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)


__all__ = [
    "AnswerError",
    "AnswersUnreadable",
    "Choice",
    "Evaluation",
    "Fault",
    "Field",
    "Form",
    "FormRefused",
    "Page",
    "blank_answers",
    "compile_form",
    "evaluate",
    "flatten",
    "new_instances",
    "plain_path",
    "read_instance",
    "read_json",
    "unpublishable",
]
