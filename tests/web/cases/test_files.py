"""A file answer counts only where it names a file of the application itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from tests.web.conftest import NOW

from pendapa.forms import flatten
from pendapa.web.cases import actions, drafts
from pendapa.web.cases.models import Attachment, Case
from pendapa.web.cases.refusals import InvalidAnswers
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor

CARD = "perubahan-data-kk"


def draft_that_names(files: str, examples: Callable[..., dict]) -> drafts.Begun:
    version = Service.objects.get(slug=CARD).current
    assert version is not None
    begun = drafts.begin_draft(version, None, now=NOW)
    answers = flatten(examples(CARD)["variants"][0])
    fields = drafts.made_ready(begun.draft).form.fields
    answers |= {path: files for path in answers if path in fields and fields[path].kind in ("image", "file")}
    drafts.save_answers(begun.draft.pk, answers, now=NOW)
    return begun


@pytest.mark.parametrize("whose", ["nobody's", "somebody else's"])
def test_a_file_of_others_is_no_answer(
    whose: str, submit: Callable[..., Case], examples: Callable[..., dict]
) -> None:
    other = submit(CARD)
    name = str(uuid4()) if whose == "nobody's" else str(Attachment.objects.filter(case=other).first().pk)  # type: ignore[union-attr]
    begun = draft_that_names(name, examples)
    with pytest.raises(InvalidAnswers) as refused:
        actions.submit_application(begun.draft.pk, now=NOW, actor=Actor())
    assert {error.kind for error in refused.value.evaluation.errors} == {"required"}
    assert Attachment.objects.filter(case=other).exists()
