"""Rate limits of pages, counted in the cache that all web processes share."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from pendapa.web.templatetags.pendapa import clock_time

_LOCKS = 715_002  # first half of the advisory lock: rate limits


def rate(request: HttpRequest, name: str, limit: int, seconds: int, key: str = "") -> HttpResponse | None:
    """Count one try; the page that says "too many" once there were more than `limit` in the window, else None.

    Counted per address of the visitor, or per `key` where one is given (a case number, say). The windows are fixed
    stretches of `seconds`. RATE_LIMIT_FACTOR of the settings multiplies every limit: drills and benchmarks send from
    one address what a whole regency sends.
    """
    allowed = limit * int(getattr(settings, "RATE_LIMIT_FACTOR", 1))
    if count(name, key or address(request), seconds) <= allowed:
        return None
    wait = seconds - int(time.time()) % seconds
    over = clock_time(timezone.now() + timedelta(seconds=wait + 60))
    words = {"plain": True, "way_out": _("Coba lagi setelah pukul %(time)s.") % {"time": over}}
    return HttpResponse(render_to_string("429.html", words), status=429, headers={"Retry-After": str(wait)})


def count(name: str, who: str, seconds: int) -> int:
    """Add one to the tries of `who` in the present window and return how many there are now. Atomic."""
    window = int(time.time()) // seconds
    # Hashed: the cache table should hold neither addresses nor case numbers.
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{name}:{who}".encode()).digest()
    key = f"rate:{digest[:12].hex()}:{window}"
    with transaction.atomic():
        # The database cache reads and then writes; the lock makes of the two one step for this key alone.
        with connection.cursor() as cursor:
            lock = int.from_bytes(digest[:4], "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, lock])
        tries = int(cache.get(key, 0)) + 1
        cache.set(key, tries, timeout=seconds * 2)
    return tries


def address(request: HttpRequest) -> str:
    """The visitor's address; behind our own proxy the last one it wrote down."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
