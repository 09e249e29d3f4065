"""`python -m tests.pagecache.junk [ROUNDS]`: what requests cost a started portal that ask for a page in odd ways.

Prints the CPU time of the server for each, as a multiple of a hit (aim: 1.2 at most), and the growth of its memory.
All are asked for in short turns, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import socket
import sys
from itertools import count
from os import sysconf
from pathlib import Path

from tests.serving import server

PORTS = 60_000
REQUESTS = 500
WALK = "/guides/trading-platform-login/invalid-username-password/"
# By what they are: the address and the host, "#" stands for a number that is another one each time.
WAYS = {
    "hit": ("/", "127.0.0.1"),
    "/?sent=": ("/?sent=#", "127.0.0.1"),
    "/faq/?by=": ("/faq/?by=x#", "127.0.0.1"),
    "unreadable query": ("/?no=%FF#&%ZZ", "127.0.0.1"),
    "100 fields": ("/?" + "#=x&" * 100, "127.0.0.1"),
    "other port": ("/", "127.0.0.1:#"),
    "other case": ("/", "LocalHost"),
    "hit of a walk": (WALK, "127.0.0.1"),
    "walk, unreadable": (WALK + "?no=%FF#&skip=%00", "127.0.0.1"),
}


def worker_of(main: int) -> Path:
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return Path("/proc", children[-1])


def cpu_ticks(process: Path) -> int:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def resident_kib(process: Path) -> int:
    return int((process / "statm").read_text().split()[1]) * sysconf("SC_PAGE_SIZE") // 1024


def ask(connection: socket.socket, requests: list[bytes]) -> None:
    """Send the requests one by one over a kept connection; each is answered with 304, so nothing has to be read."""
    for request in requests:
        connection.sendall(request)
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += connection.recv(65536)
        if not answer.startswith(b"HTTP/1.1 304"):
            raise RuntimeError(answer[:200])


def request(way: tuple[str, str], number: int) -> bytes:
    address, host = (part.replace("#", str(number % PORTS)) for part in way)
    return f"GET {address} HTTP/1.1\r\nHost: {host}\r\nIf-None-Match: *\r\n\r\n".encode()


def measure(rounds: int) -> None:
    taken: dict[str, list[int]] = {name: [] for name in WAYS}
    number = count(1)
    with server() as portal:
        worker = worker_of(portal.process.pid)
        with socket.create_connection(("127.0.0.1", int(portal.environ["PORT"]))) as connection:
            for current in range(rounds + 1):
                for name, way in WAYS.items():
                    before = cpu_ticks(worker)
                    ask(connection, [request(way, next(number)) for _ in range(REQUESTS)])
                    if current:  # the first round makes the pages
                        taken[name].append(cpu_ticks(worker) - before)
                if current == 1:
                    room = resident_kib(worker)
            print(
                f"memory of the worker: {resident_kib(worker) - room:+} KiB in {rounds * len(WAYS) * REQUESTS} requests"
            )
    for name, ticks in taken.items():
        base = taken["hit of a walk" if "walk" in name else "hit"]
        print(f"{name:18} {sum(ticks) / sum(base):.2f} hits")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
