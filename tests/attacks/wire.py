"""Requests as bytes, sent as they are: what no HTTP library would send. And answers, read as they come."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Longer than anything may take; who waits longer is not served.
PATIENCE = 15.0


@dataclass
class Answer:
    """`status` is 0 where the server closed the connection, or said nothing in time (then `silent`)."""

    status: int
    head: str = ""
    body: bytes = b""
    seconds: float = 0.0
    silent: bool = False
    headers: dict[str, list[str]] = field(default_factory=dict)


def send(
    address: str,
    pieces: tuple[bytes, ...],
    *,
    pause: float = 0.0,
    source: str = "127.0.0.1",
    is_head: bool = False,
    patience: float = PATIENCE,
) -> Answer:
    """Sends the pieces with a pause between them; the seconds count from when the last one is out."""
    place = urlsplit(address)
    began = time.monotonic()
    try:
        with socket.create_connection((place.hostname, place.port), PATIENCE, (source, 0)) as connection:
            connection.settimeout(patience)
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(pause)
                began = time.monotonic()
                try:
                    connection.sendall(piece)
                except OSError:
                    break  # refused before it was all there; what the server says of it may still be read
            answer = _read(connection, is_head=is_head)
    except TimeoutError:
        answer = Answer(0, silent=True)
    except OSError:
        answer = Answer(0)
    answer.seconds = time.monotonic() - began
    return answer


def _read(connection: socket.socket, *, is_head: bool) -> Answer:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (more := connection.recv(65536)):
            return Answer(0)
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    answer = Answer(int(first.split(" ")[1]), head.decode("latin-1"))
    for line in lines:
        name, _, value = line.partition(":")
        answer.headers.setdefault(name.strip().lower(), []).append(value.strip())
    if is_head or answer.status in (204, 304) or answer.status < 200:
        return answer
    answer.body = _read_body(connection, body, answer.headers)
    return answer


def _read_body(connection: socket.socket, body: bytes, headers: dict[str, list[str]]) -> bytes:
    if "content-length" in headers:
        length = int(headers["content-length"][0])
        complete = lambda: len(body) >= length  # noqa: E731
    elif "transfer-encoding" in headers:
        complete = lambda: body.endswith(b"0\r\n\r\n")  # noqa: E731
    else:
        complete = lambda: False  # noqa: E731
    while not complete():
        try:
            more = connection.recv(65536)
        except ConnectionResetError:
            break
        if not more:
            break
        body += more
    return body
