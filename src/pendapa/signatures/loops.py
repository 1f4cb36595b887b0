"""pyHanko runs an event loop of its own, which a thread with a running loop (a notebook, an ASGI server) refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def outside_loop(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call here, or in a thread of its own where an event loop already runs in this one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call(*args, **kwargs)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(call, *args, **kwargs).result()
