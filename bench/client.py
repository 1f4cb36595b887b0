"""A small HTTP/1.1 client that keeps many connections busy from one thread and takes little of the processor."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came back: seconds of each answer, how many had which status, the wall time, and some answers whole."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    took: float = 0.0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.took

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


@dataclass
class _Line:
    socket: socket.socket
    begun: float = 0.0
    received: bytes = b""


def request(
    method: str, path: str, host: str, cookies: str = "", body: bytes = b"", accept: str = ""
) -> bytes:
    """One request as it goes over the line, with keep-alive."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if accept:
        lines.append(f"Accept-Encoding: {accept}")
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def drive(port: int, requests: Iterable[bytes], connections: int, *, keep: int = 0) -> Load:
    """Send all requests over so many connections, one at a time on each, and wait for every answer.

    `keep` answers are kept whole. Raises ConnectionError when the server hangs up.
    """
    waiting = iter(requests)
    load = Load()
    selector = selectors.EpollSelector()
    begun = time.perf_counter()
    open_lines = 0
    for _ in range(connections):
        line = _Line(socket.create_connection(("127.0.0.1", port)))
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _next(line, waiting):
            selector.register(line.socket, selectors.EVENT_READ, line)
            open_lines += 1
    while open_lines:
        for key, _events in selector.select():
            line = key.data
            part = line.socket.recv(1 << 17)
            if not part:
                raise ConnectionError("the server closed the connection before its answer was complete")
            line.received += part
            if not _complete(line.received):
                continue
            load.seconds.append(time.perf_counter() - line.begun)
            status = int(line.received[9:12])
            load.statuses[status] = load.statuses.get(status, 0) + 1
            if len(load.bodies) < keep:
                load.bodies.append(line.received)
            if not _next(line, waiting):
                selector.unregister(line.socket)
                line.socket.close()
                open_lines -= 1
    load.took = time.perf_counter() - begun
    return load


def _next(line: _Line, waiting: Iterator[bytes]) -> bool:
    following = next(waiting, None)
    if following is None:
        return False
    line.received, line.begun = b"", time.perf_counter()
    line.socket.sendall(following)
    return True


def _complete(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return False
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        return len(body) >= int(lower[at + 15 :].split(b"\r\n", 1)[0])
    if b"transfer-encoding: chunked" in lower:
        return body.endswith(b"0\r\n\r\n")
    return True
