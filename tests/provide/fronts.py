"""What stands in front of portals, from the files in deploy/: nginx and Caddy, at ports of their own, without root."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.provide import caddy, nginx
from tests.serving import PROJECT, free_port

NAME = "help.example.com"
SECONDS_TO_START = 300


@dataclass(frozen=True)
class Front:
    """Where it listens, on 127.0.0.1, for the site `localhost`."""

    kind: str
    https: int
    http: int

    @property
    def address(self) -> str:
        return f"https://localhost:{self.https}"


Start = Callable[[Path, Sequence[int]], AbstractContextManager[Front]]


@contextmanager
def with_nginx(folder: Path, portals: Sequence[int]) -> Iterator[Front]:
    """nginx with deploy/nginx.conf, in front of the portals at these ports."""
    front = Front("nginx", free_port(), free_port())
    certificate, key = make_certificate(folder)
    # The first portal's line is the one that stands there.
    line = "server 127.0.0.1:8000 max_fails=1 fail_timeout=1s;"
    servers = replaced(
        (PROJECT / "deploy" / "nginx.conf").read_text(),
        {
            line: "\n    ".join(line.replace("8000", str(portal)) for portal in portals),
            "listen 80 default_server;": f"listen 127.0.0.1:{front.http} default_server;",
            "listen [::]:80 default_server;": "",
            "listen 443 ssl http2 default_server;": f"listen 127.0.0.1:{front.https} ssl http2 default_server;",
            "listen [::]:443 ssl http2 default_server;": "",
            f"https://{NAME}$": "https://localhost$",
            "listen 80;": f"listen 127.0.0.1:{front.http};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{front.https} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
            f"server_name {NAME};": "server_name localhost;",
        },
    )
    with nginx.running(folder, servers):
        wait(front, folder / "log")
        yield front


@contextmanager
def with_caddy(folder: Path, portals: Sequence[int]) -> Iterator[Front]:
    """Caddy with deploy/Caddyfile, in front of the portals at these ports."""
    front = Front("caddy", free_port(), free_port())
    certificate, key = make_certificate(folder)
    site = "\n{$SITE:help.example.com} {"
    options = ["admin off", "default_bind 127.0.0.1", f"http_port {front.http}", f"https_port {front.https}"]
    caddyfile = replaced(
        (PROJECT / "deploy" / "Caddyfile").read_text(),
        {
            "{\n\tservers {": "\n\t".join(["{", *options, "servers {"]),
            site: f"{site}\n\ttls {certificate} {key}",
        },
    )
    variables = {"SITE": "localhost", "PORTALS": " ".join(f"127.0.0.1:{portal}" for portal in portals)}
    with caddy.running(folder, caddyfile, variables):
        wait(front, folder / "log")
        yield front


KINDS: dict[str, Start] = {"nginx": with_nginx, "caddy": with_caddy}


def replaced(text: str, changes: dict[str, str]) -> str:
    """The text with these changes; each has to have something to change, so that none is forgotten."""
    for old, new in changes.items():
        assert old in text, f"deploy/ has no “{old}” any more"
        text = text.replace(old, new)
    return text


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody knows, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def wait(front: Front, log: Path) -> None:
    """Returns when it listens for both; raises RuntimeError with its log when it does not come to that."""
    until = time.monotonic() + SECONDS_TO_START
    for port in (front.https, front.http):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise RuntimeError(f"{front.kind} did not start:\n{log.read_text()[-2000:]}") from None
                time.sleep(0.05)
