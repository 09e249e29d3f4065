"""`python -m tests.attacks.hostile [how many]`: hostile requests against the real server, good visitors between them.

Nobody may get an answer of 5xx, or wait longer than two seconds; good visitors get exactly what they got before; and
the server's memory stays what it was after the first part. Prints what came, and ends with 1 where that is not so.
DATABASE_URL says on which PostgreSQL; the portal gets a database of its own there. Without it, SQLite.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.attacks import memory, wire
from tests.attacks.kinds import Hostile, hostile
from tests.attacks.payloads import ELSEWHERE, MARK
from tests.attacks.visitors import Visitor
from tests.serving import Server, bring_first_start, free_port
from tests.survival.places import own_database

LONGEST = 2.0
AT_ONCE = 6
VISITORS = 2
# So much of it is warming up: whatever is loaded or kept at first use is there after that.
WARM_UP = 0.25
MOST_GROWTH = 1.10


@dataclass
class Report:
    """What came of it; `faults` is empty where all was well."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    good: int = 0
    memory_before: int = 0
    memory_after: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        slowest = sorted(self.slowest.items(), key=lambda pair: -pair[1])[:5]
        return "\n".join(
            [
                f"{self.statuses.total()} hostile requests in {self.seconds:.0f} s, and {self.good} of good visitors",
                "answers: " + ", ".join(f"{status or 'closed'}: {n}" for status, n in sorted(self.statuses.items())),
                "slowest: " + ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in slowest),
                f"memory: {self.memory_before / 1024:.1f} MB warmed up, {self.memory_after / 1024:.1f} MB at the end",
                *self.faults[:40],
                f"{len(self.faults)} faults",
            ]
        )


@contextmanager
def server() -> Iterator[tuple[Server, Path]]:
    """The portal as operators run it, with two processes; and the file with what it says."""
    folder_of_its_own = tempfile.TemporaryDirectory(prefix="portal-")
    with folder_of_its_own as folder, own_database(filled=True) as database:
        bring_first_start(Path(folder))
        portal = Server(folder, free_port(), "manage.py", "start")
        portal.environ |= {"WEB_CONCURRENCY": "2"}
        if database:
            portal.environ |= {"DATABASE_URL": database, "DATABASE_MAY_FORGET": "1"}
        said = Path(folder, "said")
        with said.open("wb") as portal.errors:
            portal.start()
            try:
                yield portal, said
            finally:
                portal.stop()


def attack(portal: Server, many: int, seed: int = 0) -> Report:
    """Sends that many, and returns what came."""
    report, stop = Report(), threading.Event()
    visitors = [Visitor(portal.address, number) for number in range(VISITORS)]
    threads = [threading.Thread(target=visitor.walk_until, args=(stop,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    began, warm = time.monotonic(), int(many * WARM_UP)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for part in (range(warm), range(warm, many)):
            for request, answer in pool.map(lambda number: _ask(portal.address, number, seed), part):
                _judge(report, request, answer)
            report.memory_before = report.memory_before or memory.of_tree(portal.process.pid)
    report.memory_after = memory.of_tree(portal.process.pid)
    report.seconds = time.monotonic() - began
    stop.set()
    for thread in threads:
        thread.join()
    report.good = sum(visitor.served for visitor in visitors)
    report.faults += [fault for visitor in visitors for fault in visitor.faults]
    return report


def _ask(address: str, number: int, seed: int) -> tuple[Hostile, wire.Answer]:
    """From one of many addresses, as the portal stops who sends too much from one."""
    request, source = hostile(number, seed), f"127.1.{number % 5}.{number % 200 + 1}"
    return request, wire.send(address, request.pieces, pause=request.pause, source=source, is_head=request.is_head)


def _judge(report: Report, request: Hostile, answer: wire.Answer) -> None:
    report.statuses[answer.status] += 1
    report.slowest[request.kind] = max(report.slowest.get(request.kind, 0.0), answer.seconds)
    for fault in faults(answer):
        report.faults.append(f"{request.kind}: {fault}: {request.pieces[0][:150]!r}")


def faults(answer: wire.Answer) -> Iterator[str]:
    """Problem with an answer to a hostile request."""
    if answer.status >= 500:
        yield f"status {answer.status}"
    if answer.silent:
        yield "no answer"
    elif answer.seconds > LONGEST:
        yield f"{answer.seconds:.1f} s"
    if MARK.encode() in answer.body:
        yield "markup came through"
    if any(ELSEWHERE in place.partition("?")[0] for place in answer.headers.get("location", [])):
        yield f"led away to {answer.headers['location']}"
    if "x" in answer.headers or any(cookie.startswith("zx9=") for cookie in answer.headers.get("set-cookie", [])):
        yield "a header came through"


def main(arguments: list[str]) -> int:
    many = int(arguments[0]) if arguments else 20_000
    with server() as (portal, said):
        report = attack(portal, many)
        text = said.read_text(errors="replace")
    print(report)
    if report.memory_after > report.memory_before * MOST_GROWTH:
        report.faults.append("memory grew")
        print("memory grew")
    if "Traceback" in text:
        report.faults.append("tracebacks")
        print(text[-6_000:])
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
