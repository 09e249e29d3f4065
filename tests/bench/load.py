"""The other side of the wire: asks for one page as often as it can, on a core of its own."""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import subprocess
import time
from urllib.parse import urlsplit

CONNECTIONS = 16
SECONDS_TO_ANSWER = 60


def requests_in(url: str, seconds: float, core: int, headers: dict[str, str], status: int) -> float:
    """How many answers came in a second. Raises RuntimeError where one has another status."""
    if shutil.which("wrk"):
        return with_wrk(url, seconds, core, headers)
    return with_sockets(url, seconds, headers, status)


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "our own generator (wrk is not installed)"


def with_wrk(url: str, seconds: float, core: int, headers: dict[str, str]) -> float:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = [
        "taskset",
        "-c",
        str(core),
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        *given,
        url,
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found[1])


def is_complete(head: bytes, body: bytes) -> bool:
    """Tell whether the whole body has arrived, by its length or chunk by chunk."""
    if not re.search(rb"(?i)^transfer-encoding: chunked", head, re.MULTILINE):
        length = re.search(rb"(?i)^content-length: (\d+)", head, re.MULTILINE)
        return len(body) >= (int(length[1]) if length else 0)
    while True:
        size, found, rest = body.partition(b"\r\n")
        if not found or len(rest) < int(size, 16) + 2:
            return False
        if int(size, 16) == 0:
            return True
        body = rest[int(size, 16) + 2 :]


class Connection:
    """One connection that asks again as soon as it has the whole answer."""

    def __init__(self, host: str, port: int, asked: bytes, status: int) -> None:
        self.asked = asked
        self.status = f"HTTP/1.1 {status} ".encode()
        self.socket = socket.create_connection((host, port))
        self.buffer = b""
        self.answers = 0

    def ask(self) -> None:
        self.socket.sendall(self.asked)

    def read(self) -> None:
        received = self.socket.recv(65536)
        if not received:
            raise RuntimeError("the server closed the connection")
        self.buffer += received
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        if not head.startswith(self.status):
            raise RuntimeError(head.decode("latin-1"))
        if is_complete(head, body):
            self.buffer = b""
            self.answers += 1
            self.ask()


def with_sockets(url: str, seconds: float, headers: dict[str, str], status: int) -> float:
    address = urlsplit(url)
    host, port = address.hostname or "", address.port or 80
    lines = [f"GET {address.path} HTTP/1.1", f"Host: {address.netloc}"]
    asked = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
    connections = [Connection(host, port, asked, status) for _ in range(CONNECTIONS)]
    selector = selectors.DefaultSelector()
    try:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        started, answers = time.monotonic(), 0
        # A server on a busy machine may need longer for its first answer, and is given that time.
        while (taken := time.monotonic() - started) < (seconds if answers else SECONDS_TO_ANSWER):
            for ready, _ in selector.select(timeout=1):
                ready.data.read()
            answers = sum(connection.answers for connection in connections)
        return answers / taken
    finally:
        for connection in connections:
            connection.socket.close()
