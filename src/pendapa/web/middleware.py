"""Small middleware of the whole site."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation

from pendapa.web.errors import page

Answer = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


class LimitRequestSize:
    """Refuse what is too large by its announced length, before a byte of it is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_LIMIT_BYTES:
            with translation.override(chosen_language(request)):
                answer = page(request, 413)
            answer["Connection"] = "close"
            return answer
        return self.get_response(request)


class CompressPages(GZipMiddleware):
    """Send pages and drawings compressed: a third of the bytes on a weak signal. Files are compressed already.

    Django pads what it compresses by a random length, so that secrets in a page cannot be guessed by its size.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith(("text/", "image/svg+xml")):
            return response
        return super().process_response(request, response)


def chosen_language(request: HttpRequest) -> str:
    """The language of the cookie if it is one of ours, else Indonesian, whatever the phone is set to."""
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wanted if wanted in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)


class ChosenLanguage:
    """Activate the language a person chose."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class TroubleInPlainWords:
    """Say plainly that the database is away or the disk is full, and that nothing was stored."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        full = (isinstance(exception, OSError) and exception.errno in {errno.ENOSPC, errno.EDQUOT}) or (
            isinstance(exception, OperationalError)
            and getattr(exception.__cause__, "sqlstate", "") == "53100"
        )
        if full:
            logger.error("disk full: %s", exception)
            return render(request, "507.html", status=507)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("database away: %s", exception)
            return page(request, 503)
        return None
