"""Keep the processes of a site alive: start them, restart the dead with back-off, stop them in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from pendapa.web.database import EmbeddedServer
from pendapa.web.database.account import end_with_parent

FIRST_PAUSE = 0.25  # seconds before a dead process is started again; doubles with each early death
LONGEST_PAUSE = 5.0
LONG_LIFE = 30.0  # a process that lived this long died of something new: begin with FIRST_PAUSE again
PATIENCE = 6.0  # seconds that web and worker get to finish what they are doing
TICK = 0.2


class Child:
    """One process of the site, with its own process group, started again when it dies."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = list(command)
        self.process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._due = 0.0

    def start(self) -> None:
        """Start the process. Its group is its own, so that Ctrl-C reaches the supervisor alone."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )

    def is_alive(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def restart_if_dead(self, say: Callable[[str], None]) -> None:
        """Start the process again when it died and its pause is over."""
        if self.is_alive():
            return
        now = time.monotonic()
        if self.process is not None:
            self.kill_group()  # granian's own workers may outlive it and keep the port
            if now - self._started > LONG_LIFE:
                self._pause = FIRST_PAUSE
            code = self.process.returncode
            say(f"{self.name} ended with code {code}; starting it again in {self._pause:g} s.")
            self.process = None
            self._due = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        elif now >= self._due:
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until the process ended, then end what is left of its group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """End every process of the group at once."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class StopAsked(BaseException):
    """Raised out of whatever runs when a stop is asked for while the site is still being prepared."""


class StopRequest:
    """Set when SIGINT, SIGTERM or SIGHUP asks the site to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.interrupts = True  # until there are processes to stop in order, what runs is simply broken off
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        first = not self._asked.is_set()
        self._asked.set()
        if first and self.interrupts:
            raise StopAsked

    def is_set(self) -> bool:
        """Whether somebody asked."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until somebody asks, at most so long; return whether somebody did."""
        return self._asked.wait(seconds)


def supervise(children: Sequence[Child], server: EmbeddedServer | None, stop: StopRequest) -> None:
    """Keep children and embedded database alive until `stop`; then stop the children, not the database."""
    try:
        while not stop.wait(TICK):
            if server is not None and not server.is_running():
                say("The database ended; starting it again.")
                server.start()
            for child in children:
                child.restart_if_dead(say)
    finally:
        stop_all(children)


def stop_all(children: Sequence[Child]) -> None:
    """Ask all children to stop at once and wait for each, at most PATIENCE seconds together."""
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait(deadline)


def say(sentence: str) -> None:
    """Tell the operator something, on standard error."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - this is the operator's console
