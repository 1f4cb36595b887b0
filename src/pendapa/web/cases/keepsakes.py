"""Codes that a browser session holds for a while, sealed, because the database has only their fingerprints."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from pendapa.web.sealed import CannotUnseal, seal, unseal

_DRAFTS, _CASES = "draft_codes", "case_codes"
_MOST = 20
_CASE_CODE_LASTS = timedelta(hours=1)


def keep_draft_code(session: SessionBase, draft_id: uuid.UUID, code: str) -> None:
    """Remember the code of a draft, to show it when the person wants to go on later."""
    kept = session.get(_DRAFTS, {})
    kept[str(draft_id)] = _sealed(code)
    session[_DRAFTS] = dict(list(kept.items())[-_MOST:])


def draft_code(session: SessionBase, draft_id: uuid.UUID) -> str:
    """The code of a draft; empty when this browser does not have it."""
    return _opened(session.get(_DRAFTS, {}).get(str(draft_id), ""))


def keep_case_code(session: SessionBase, number: str, code: str, now: datetime) -> None:
    """Remember a new case's secret for its receipt, for an hour at most."""
    kept = session.get(_CASES, {})
    kept[number] = [_sealed(code), now.timestamp()]
    session[_CASES] = dict(list(kept.items())[-_MOST:])


def case_code(session: SessionBase, number: str, now: datetime) -> str:
    """The secret of a case just submitted; empty once the hour is over or it was put away."""
    text, kept_at = session.get(_CASES, {}).get(number, ["", 0.0])
    return _opened(text) if now.timestamp() - kept_at < _CASE_CODE_LASTS.total_seconds() else ""


def forget_case_code(session: SessionBase, number: str) -> None:
    """Put a case's secret away for good."""
    kept = session.get(_CASES, {})
    kept.pop(number, None)
    session[_CASES] = kept


def _sealed(code: str) -> str:
    return seal(code.encode(), "session.code").hex()


def _opened(text: str) -> str:
    try:
        return unseal(bytes.fromhex(text), "session.code").decode() if text else ""
    except (CannotUnseal, ValueError):
        return ""
