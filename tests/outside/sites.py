"""Web sites for the tests of the link check, on addresses of this machine."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any


class Site(ThreadingHTTPServer):
    """A web site; remembers each request, and how long it stayed open."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Page)
        self.requests: list[tuple[str, str, str]] = []
        self.stopped = Event()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]}:{self.server_port}"

    def handle_error(self, *args: Any) -> None:
        """Say nothing: whoever asks may go away at any moment."""


class Page(BaseHTTPRequestHandler):
    """Answers by the path: `/301/to`, `/404`, `/get-only`, `/endless`, `/hangs`, `/drips`, `/nonsense`."""

    server: Site

    def do_GET(self) -> None:
        self.server.requests.append((self.command, self.path, self.headers.get("User-Agent", "")))
        _, first, *rest = self.path.split("/", 2)
        if first.isdecimal():
            self.send_response(int(first))
            if rest:
                self.send_header("Location", rest[0])
            self.end_headers()
        elif first == "get-only":
            self.send_response(200 if self.command == "GET" else 405)
            self.end_headers()
        else:
            getattr(self, first)()

    do_HEAD = do_GET

    def endless(self) -> None:
        self.send_response(200 if self.command == "GET" else 501)
        self.end_headers()
        while not self.server.stopped.is_set():
            self.wfile.write(b"x" * 65536)

    def hangs(self) -> None:
        self.server.stopped.wait()

    def drips(self) -> None:
        while not self.server.stopped.wait(0.05):
            self.wfile.write(b"H")

    def nonsense(self) -> None:
        self.wfile.write(b"Hello\r\n\r\n")

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def site(host: str = "127.0.0.1", certificate: Path | None = None) -> Iterator[Site]:
    server = Site(host)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()


def self_signed(folder: Path) -> Path:
    """Make a certificate that no browser trusts, with its key."""
    file = folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, "-keyout", file, "-out", folder / "c"], check=True, capture_output=True)
    file.write_text(file.read_text() + (folder / "c").read_text())
    return file


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
