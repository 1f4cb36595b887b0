"""The pages of an application: one thing a page, the entries of repeats, and where one goes next."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pendapa.forms import Page, plain_path
from pendapa.web.cases import access, drafts
from pendapa.web.cases.file_questions import UPLOADS, clean_upload
from pendapa.web.cases.inputs_form import SHOWN, read_answer, shown_paths
from pendapa.web.cases.models import Draft
from pendapa.web.cases.pages import Questionnaire, Step
from pendapa.web.cases.questions import DIGITS, Asked, summary
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.repeats import Entry
from pendapa.web.cases.views_draft import HOUR, first_page, open_draft, questionnaire_of
from pendapa.web.limits import rate

FROM_REVIEW = "kembali"
"""In an address: the page was opened from the review, and leads back to it."""
CHECK, LIST = "periksa", "daftar"
"""In an address: say what is wrong at once; show a repeat's list even where nothing is written yet."""


@require_http_methods(["GET", "HEAD", "POST"])
@open_draft
def draft_page(request: HttpRequest, draft: Draft, step: int) -> HttpResponse:
    """One page of the form: a question, a group, or the list of a repeat's entries."""
    asked = questionnaire_of(draft)
    here = asked.step_at(step)
    if here is None:
        return redirect(first_page(asked, draft))
    if here.page.kind == "repeat":
        return _repeat_list(request, draft, asked, here)
    return _ask(request, draft, asked, here, ())


@require_http_methods(["GET", "HEAD", "POST"])
@open_draft
def draft_repeat(request: HttpRequest, draft: Draft, step: int, entry: Entry) -> HttpResponse:
    """One entry of a repeat; the number after the last one writes a new entry."""
    asked = questionnaire_of(draft)
    here = asked.step_at(step)
    if here is None or here.page.kind != "repeat":
        return redirect(first_page(asked, draft))
    page, (*outer, number) = here.page, entry
    if tuple(outer) not in asked.outer_entries(page) or number < 1:
        raise Http404
    count = asked.count(page, tuple(outer))
    if number > count:
        if asked.counts_itself(page) or number > count + 1:
            raise Http404
        asked = asked.with_entry(f"{asked.path_in(page, page.path, tuple(outer))}[{number}]")
    return _ask(request, draft, asked, here, entry)


@require_POST
@open_draft
def draft_repeat_remove(request: HttpRequest, draft: Draft, step: int, entry: Entry) -> HttpResponse:
    """Take one entry out of a repeat."""
    asked = questionnaire_of(draft)
    here = asked.step_at(step)
    if here is not None and here.page.kind == "repeat" and not asked.counts_itself(here.page):
        repeat = asked.path_in(here.page, here.page.path, entry[:-1])
        drafts.remove_entry(draft.pk, repeat, entry[-1], now=timezone.now())
        number = ".".join(map(str, entry))
        messages.success(
            request,
            _("%(title)s nomor %(number)s dihapus.") % {"title": asked.title(here.page), "number": number},
        )
    return redirect(reverse("cases:draft_page", args=[draft.pk, step]) + _query(request, LIST))


def _repeat_list(request: HttpRequest, draft: Draft, asked: Questionnaire, here: Step) -> HttpResponse:
    page, entries = here.page, asked.entries(here.page)
    begun = [entry for entry in entries if _is_begun(asked, page, entry)]
    if request.method == "POST":
        if "later" in request.POST:
            return redirect("cases:draft_saved", draft.pk)
        unfinished = [entry for entry in entries if asked.errors_at(asked.asked_paths(page, entry))]
        if unfinished:
            # Nobody is scolded for what they have not seen yet.
            query = _query(request, CHECK) if unfinished[0] in begun else _query(request)
            return redirect(reverse("cases:draft_repeat", args=[draft.pk, here.at, unfinished[0]]) + query)
        whole = asked.errors_at([page.path])
        if not whole:
            return redirect(_after(request, asked, draft, here.at))
        messages.error(request, whole[page.path])
    one = len(entries) == len(asked.outer_entries(page)) == 1
    if entries and not begun and LIST not in request.GET and (one or asked.counts_itself(page)):
        entry_url = reverse("cases:draft_repeat", args=[draft.pk, here.at, entries[0]])
        return redirect(entry_url + _query(request))
    context = _frame(request, draft, asked, here) | {
        "heading": asked.title(page),
        "hint": asked.page_hint(page),
        "lists": [_list_of(asked, page, outer) for outer in asked.outer_entries(page)],
        "fixed": asked.counts_itself(page),
        "query": _query(request),
    }
    return render(request, "cases/draft_repeat.html", context)


def _is_begun(asked: Questionnaire, page: Page, entry: Entry) -> bool:
    return any(asked.answers.get(path) for path in asked.asked_paths(page, entry))


def _list_of(asked: Questionnaire, page: Page, outer: Entry) -> dict[str, Any]:
    """The entries of a repeat within one entry of the repeat around it, if there is one."""
    entries = []
    for number in range(1, asked.count(page, outer) + 1):
        entry = (*outer, number)
        paths = asked.asked_paths(page, entry)
        title = f"{asked.title(page, entry)} {number}"
        answers = [asked.answer(path) for path in paths]
        entries.append(
            {"entry": entry, "title": title, "answers": answers, "unfinished": bool(asked.errors_at(paths))}
        )
    return {"heading": _around(asked, page, outer), "entries": entries, "next": (*outer, len(entries) + 1)}


def _around(asked: Questionnaire, page: Page, outer: Entry) -> str:
    """The heading of the entry that holds others: 'Rumah 2'."""
    if not outer:
        return ""
    repeat = asked.around(page)[-2]
    holder = next((p for p in asked.form.pages if p.kind == "repeat" and p.path == repeat), None)
    title = asked.title(holder, outer) if holder else asked.title(page)
    return f"{title} {'.'.join(map(str, outer))}"


def _ask(request: HttpRequest, draft: Draft, asked: Questionnaire, here: Step, entry: Entry) -> HttpResponse:
    paths = asked.asked_paths(here.page, entry)
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if request.FILES and (held := rate(request, "upload", 60, HOUR)):
            return held
        every = [asked.path_in(here.page, path, entry) for path in here.page.fields]
        showed = shown_paths(request.POST, every)
        typed = {**asked.begun, **typed_answers(request, asked, showed)}
        locked = [path for path in showed if asked.is_readonly(path)]
        errors = _take_files(request, draft, asked, showed)
        draft = access.draft_of(request.user, request.session, draft.pk)  # with the files just attached
        asked = questionnaire_of(draft).with_answers(typed).with_counted_entries()
        typed = {**typed, **asked.begun}
        if not errors and ("later" in request.POST or "perbarui" in request.POST):
            drafts.save_answers(draft.pk, typed, now=timezone.now())
            if "later" in request.POST:
                return redirect("cases:draft_saved", draft.pk)
            return redirect(f"{request.get_full_path()}#{_fragment(request)}")
        paths = asked.asked_paths(here.page, entry)
        errors = asked.errors_at(p for p in showed if p in paths) | errors
        if not errors:
            drafts.save_answers(draft.pk, typed, now=timezone.now())
            opened = [path for path in locked if path in paths and not asked.is_readonly(path)]
            if opened or set(paths) - set(showed):
                messages.info(request, _("Karena jawaban Anda, ada pertanyaan tambahan di halaman ini."))
                return redirect(request.get_full_path())
            return redirect(_next(request, asked, draft, here, entry))
        paths = [p for p in paths if p in showed]
    elif CHECK in request.GET:
        errors = asked.errors_at(paths)
    fields = asked.shown(
        paths, typed, errors, asks=len(here.page.fields) == 1 and here.page.kind == "question"
    )
    title = asked.title(here.page, entry)
    context = _frame(request, draft, asked, here, entry) | {
        "heading": f"{title} {'.'.join(map(str, entry))}" if entry and entry != (1,) else title,
        "hint": asked.page_hint(here.page),
        "fields": fields,
        "own_heading": any(field.asks for field in fields),
        "errors": summary(fields),
        "uploads": any(field.kind == "file" for field in fields),
        "refreshes": any(field.refresh for field in fields),
        "shown_name": SHOWN,
    }
    return render(request, "cases/draft_page.html", context)


def _fragment(request: HttpRequest) -> str:
    """The element that the button pressed belongs to, so that the page opens there again."""
    return quote(request.POST.get("perbarui", "")[:200])


def _frame(
    request: HttpRequest, draft: Draft, asked: Questionnaire, here: Step, entry: Entry = ()
) -> dict[str, Any]:
    """What stands around every page: where one is, the way back, the service and whether it goes on."""
    before, _after_it = asked.neighbours(here)
    back = reverse("catalogue:service", args=[draft.version.service.slug])
    if entry and len(asked.entries(here.page)) > 1:
        back = reverse("cases:draft_page", args=[draft.pk, here.at]) + _query(request, LIST)
    elif before is not None:
        back = reverse("cases:draft_page", args=[draft.pk, before.at])
    return {
        "draft": draft,
        "service": draft.version.service,
        "step": here,
        "steps": len(asked.steps) + 1,  # the review is the last one
        "back": back,
        "withdrawn": service_is_withdrawn(draft),
    }


def service_is_withdrawn(draft: Draft) -> bool:
    """Whether the service takes no new applications any more; those begun go on with their version."""
    service = draft.version.service
    return not (service.active and service.online)


def typed_answers(request: HttpRequest, asked: Asked, showed: list[str]) -> dict[str, str]:
    """What was typed into the questions that the page showed."""
    typed: dict[str, str] = {}
    for path in showed:
        field = asked.field(path)
        if field.kind not in (*UPLOADS, "note") and not asked.is_readonly(path):
            digits = asked.about.get(plain_path(path)) in DIGITS
            typed[path] = read_answer(field, request.POST, path, digits=digits)
    return typed


def _take_files(
    request: HttpRequest, draft: Draft, asked: Questionnaire, showed: list[str]
) -> dict[str, str]:
    """Attach what was uploaded; a good file stays even when another answer of the page does not fit."""
    errors: dict[str, str] = {}
    for path in showed:
        upload = request.FILES.get(path)
        if asked.field(path).kind in UPLOADS and isinstance(upload, UploadedFile):
            try:
                good = clean_upload(asked.field(path), upload)
                drafts.attach(draft.pk, path, good.upload, now=timezone.now(), drawn=good.drawn)
            except Refused as refused:
                errors[path] = str(refused)
    return errors


def _next(request: HttpRequest, asked: Questionnaire, draft: Draft, here: Step, entry: Entry) -> str:
    if not entry:
        return _after(request, asked, draft, here.at)
    (*outer, number) = entry
    if asked.counts_itself(here.page) and number < asked.count(here.page, tuple(outer)):
        following = reverse("cases:draft_repeat", args=[draft.pk, here.at, (*outer, number + 1)])
        return following + _query(request)
    return reverse("cases:draft_page", args=[draft.pk, here.at]) + _query(request, LIST)


def _after(request: HttpRequest, asked: Questionnaire, draft: Draft, at: int) -> str:
    """The next page. Who came from the review goes back to it, by way of the pages that do not fit any more."""
    if FROM_REVIEW in request.GET:
        lacking = asked.first_open_step()
        if lacking is not None:
            return reverse("cases:draft_page", args=[draft.pk, lacking.at]) + _query(request, CHECK)
        return reverse("cases:draft_review", args=[draft.pk])
    following = asked.after(at)
    if following is None:
        return reverse("cases:draft_review", args=[draft.pk])
    return reverse("cases:draft_page", args=[draft.pk, following.at])


def _query(request: HttpRequest, *names: str) -> str:
    """The query of an address with these names in it; it keeps that somebody came from the review."""
    kept = (*names, FROM_REVIEW) if FROM_REVIEW in request.GET else names
    return "?" + "&".join(f"{name}=1" for name in kept) if kept else ""
