"""What stands before a view: what is not a person's own answers as if it did not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from pendapa.web.accounts.models import User
from pendapa.web.cases.refusals import NotYours

View = Callable[..., HttpResponseBase]


def not_yours_is_404(view: View) -> View:
    """Answer NotYours as if the thing did not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotYours as error:
            raise Http404 from error

    return guarded


def for_kind(*kinds: str) -> Callable[[View], View]:
    """Only for people of these kinds; nobody is sent to sign in first, anyone else finds nothing there.

    What an expired session sent is not stored; the sign-in page says so (accounts.middleware.TellExpiredSession).
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if user.kind not in kinds:
                raise Http404
            return not_yours_is_404(view)(request, *args, **kwargs)

        return guarded

    return wrap


officers_only = for_kind(User.Kind.OFFICER)
administrators_only = for_kind(User.Kind.ADMINISTRATOR)
