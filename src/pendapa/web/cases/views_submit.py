"""The last step of applying: check everything, and submit once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pendapa.web.cases import access, actions, drafts, keepsakes
from pendapa.web.cases.inputs_form import SHOWN, shown_paths
from pendapa.web.cases.models import Draft
from pendapa.web.cases.pages import Questionnaire, draft_page_urls
from pendapa.web.cases.prepared import ToSubmit
from pendapa.web.cases.questions import summary
from pendapa.web.cases.refusals import InvalidAnswers, Refused
from pendapa.web.cases.views_draft import (
    NO_FILE,
    acting_citizen,
    open_draft,
    open_draft_to_submit,
    questionnaire_of,
)
from pendapa.web.cases.views_pages import FROM_REVIEW, service_is_withdrawn, typed_answers
from pendapa.web.templatetags.pendapa import language


@require_safe
@open_draft
def draft_review(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Every answer with the way to change it, the statements to agree to, and the one button that submits."""
    return _review(request, draft, questionnaire_of(draft), {})


def _review(
    request: HttpRequest, draft: Draft, asked: Questionnaire, errors: Mapping[str, str]
) -> HttpResponse:
    urls = draft_page_urls(draft.pk, asked)
    last = asked.steps[-1] if asked.steps else None
    fields = asked.shown(asked.declarations, errors=errors)
    file_url = reverse("cases:draft_attachment", args=[draft.pk, NO_FILE])
    context = {
        "draft": draft,
        "service": draft.version.service,
        "groups": asked.groups({at: f"{url}?{FROM_REVIEW}=1" for at, url in urls.items()}, file_url),
        "fields": fields,
        "errors": summary(fields),
        "remaining": asked.remaining(urls),
        "steps": len(asked.steps) + 1,
        "back": urls[last.at] if last else "",
        "withdrawn": service_is_withdrawn(draft),
        "shown_name": SHOWN,
    }
    return render(request, "cases/draft_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Submit, once: a repeated request leads to the same case's receipt."""
    if request.method != "POST":
        return redirect("cases:draft_review", draft_id)
    return _submit(request, draft_id=draft_id)


@open_draft_to_submit
def _submit(request: HttpRequest, found: ToSubmit) -> HttpResponse:
    now, draft = timezone.now(), found.draft
    # Evaluated by the action, and here only when something is wrong.
    sent = Questionnaire(drafts.made_ready(draft), draft.answers, language(), now)
    typed = typed_answers(request, sent, shown_paths(request.POST, sent.statements))
    try:
        receipt = actions.submit_locked(found, now=now, actor=acting_citizen(request), last=typed)
    except InvalidAnswers:
        draft = drafts.save_answers(draft.pk, typed, now=now)
        asked = questionnaire_of(draft)
        return _review(request, draft, asked, asked.errors_at(asked.declarations))
    except Refused as refused:
        # The view answers, so its transaction would end well; what the action had begun in it must not stay.
        transaction.set_rollback(True)
        messages.error(request, str(refused))
        return redirect("cases:draft_review", draft.pk)
    if receipt.code is not None:
        # In the same transaction: no answer that gets lost on the way takes the code with it.
        keepsakes.keep_case_code(request.session, receipt.case.number, receipt.code, now)
        access.grant_case(request.session, receipt.case.pk)
        request.session.save()
        request.session.modified = False
    return redirect("cases:receipt", receipt.case.number)
