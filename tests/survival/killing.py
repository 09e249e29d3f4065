"""`kill -9` while visitors write and read, and the count of what is in the database afterwards."""

from __future__ import annotations

import hmac
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.serving import PROJECT, bring_first_start, free_port
from tests.survival.visitors import Crowd, ask

# Between two kills the portal acknowledges so many posts; the suite has a smaller number.
POSTS_BETWEEN = 36
SECONDS_TO_START = 300
# Connections go to a process by lot: so many in a row miss none of two.
ENOUGH = 16

# What is killed, in turn: a worker; the main process, whose workers have to go by themselves; all at once.
KINDS = ("worker", "main process", "whole server")

TABLES = {
    "outcome": "feedback_outcome",
    "words": "feedback_unmatchedwords",
    "hand-off": "feedback_handoff",
}


_GUIDE = "/guides/trading-platform-login"
_SYMPTOM = f"{_GUIDE}/invalid-username-password"

# Each kind of post a visitor can make: its kind, its address, its fields.
FORMS = (
    ("outcome", f"{_SYMPTOM}/check/account-not-approved/", {"answer": "not-fixed", "via": ""}),
    ("words", f"{_GUIDE}/none/", {"words": "It says number {number}"}),
    ("hand-off", f"{_SYMPTOM}/contact/?no=account-not-approved", {}),
)


class Supervisor:
    """Runs `manage.py start` and starts it again whenever it ends, as systemd would."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.stopping = threading.Event()
        self.log = (folder / "log").open("ab")
        self.process = self._start()
        self.watch = threading.Thread(target=self._watch)
        self.watch.start()

    def _start(self) -> subprocess.Popen[bytes]:
        environ = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "TRUSTED_PROXIES": "1",
            "DATABASE_MAY_FORGET": "1",  # the tests' PostgreSQL
        }
        if self.database:
            environ["DATABASE_URL"] = self.database
        return subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=PROJECT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def _watch(self) -> None:
        while not self.stopping.is_set():
            self.process.wait()
            if not self.stopping.is_set():
                self.process = self._start()

    def wait(self) -> float:
        """The seconds until it answers; raises RuntimeError when it does not."""
        began = time.monotonic()
        while time.monotonic() - began < SECONDS_TO_START:
            try:
                if ask(self.address.partition("://")[2], "GET", "/readyz", None, {})[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the portal did not start:\n{(self.folder / 'log').read_text()[-2000:]}")

    def wait_until_all_are_well(self) -> None:
        """Returns when whichever process is asked can serve; raises RuntimeError when it does not come to that."""
        until, good = time.monotonic() + SECONDS_TO_START, 0
        while good < ENOUGH and time.monotonic() < until:
            self.wait()
            good = good + 1 if ask(self.address.partition("://")[2], "GET", "/readyz", None, {})[0] == 200 else 0
        if good < ENOUGH:
            raise RuntimeError("the portal did not recover")

    def workers(self) -> list[int]:
        pid = self.process.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [int(child) for child in children if b"resource_tracker" not in _command_line(int(child))]

    def kill(self, kind: str) -> None:
        """Kills without a warning."""
        if kind == "worker":
            os.kill(self.workers()[0], signal.SIGKILL)
        elif kind == "main process":
            os.kill(self.process.pid, signal.SIGKILL)
        else:
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        self.stopping.set()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.watch.join(timeout=60)
        self.log.close()


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@dataclass(frozen=True)
class Result:
    """What a run came to; `longest_wait` by what was killed, in seconds from the first press to the answer."""

    acknowledged: int
    lost: int
    doubled: int
    unanswered: int
    reads: int
    presses_again: dict[str, int]
    longest_wait: dict[str, float]
    kills: dict[str, int]


def run(folder: Path, database: str, kills: int) -> Result:
    """Kills so many times under 30 writes and 30 reads a second, and counts."""
    with serving(folder, database) as server:
        return under_fire(server, kills)


@contextmanager
def serving(folder: Path, database: str) -> Iterator[Supervisor]:
    """The portal, ready, in this folder and on this database."""
    bring_first_start(folder)
    server = Supervisor(folder, database)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def under_fire(server: Supervisor, kills: int, *, posts_between: int = POSTS_BETWEEN) -> Result:
    """The same with a portal that serves already."""
    crowd = Crowd(server.address, FORMS)
    killed: list[tuple[float, str]] = []
    crowd.begin()
    try:
        for _, kind in zip(range(kills), cycle(KINDS), strict=False):
            crowd.wait_for_posts(posts_between)
            killed.append((time.monotonic(), kind))
            server.kill(kind)
            time.sleep(0.1)
            server.wait()
        crowd.wait_for_posts(posts_between)
    finally:
        crowd.end()
    return _count(crowd, killed, server.folder, server.database)


def _count(crowd: Crowd, killed: list[tuple[float, str]], folder: Path, database: str) -> Result:
    lost = doubled = 0
    for kind, visitors in crowd.kept.items():
        rows = rows_of(kind, folder, database)
        marks = [mark_of(visitor, folder) for visitor in visitors]
        lost += sum(not any(rows[mark] for mark in of_visitor) for of_visitor in marks)
        doubled += sum(sum(rows[mark] for mark in of_visitor) > 1 for of_visitor in marks)
    longest: dict[str, float] = {}
    for answer in [*crowd.writes, *crowd.reads]:
        before = [kind for moment, kind in killed if moment <= answer.answered]
        kind = before[-1] if before else "nothing"
        longest[kind] = max(longest.get(kind, 0), round(answer.answered - answer.pressed, 2))
    return Result(
        acknowledged=len(crowd.writes),
        lost=lost,
        doubled=doubled,
        unanswered=crowd.unanswered,
        reads=len(crowd.reads),
        presses_again=dict(crowd.refused),
        longest_wait=longest,
        kills=dict(Counter(kind for _, kind in killed)),
    )


def mark_of(visitor: str, folder: Path) -> list[str]:
    """The marks the portal gives this visitor: of today, and of yesterday where midnight came between."""
    key = (folder / "secret_key").read_text().strip().encode()
    today = datetime.now(UTC).date()
    return [
        hmac.new(key, f"{day}|{visitor}|visitor".encode(), sha256).hexdigest()[:32]
        for day in (today, today - timedelta(days=1))
    ]


def rows_of(kind: str, folder: Path, database: str) -> Counter[str]:
    """How many rows each visitor has, asked past the portal."""
    statement = f"SELECT visitor, count(*) FROM {TABLES[kind]} GROUP BY visitor"
    connection: Any
    if database:
        import psycopg

        connection = psycopg.connect(database.replace("postgres://", "postgresql://", 1))
    else:
        import sqlite3

        connection = sqlite3.connect(folder / "portal.sqlite3")
    with closing(connection):
        return Counter(dict(connection.execute(statement).fetchall()))
