"""A backup while visitors write, put back elsewhere, and compared with where it came from row by row."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import PROJECT
from tests.survival import killing
from tests.survival.visitors import Crowd

# What visitors write. Rows of these come while the backup is made, and are not changed afterwards.
WRITTEN = ("feedback_handoff", "feedback_outcome", "feedback_unmatchedwords")
# The index of the search as its engine keeps it, and what a restore changes on purpose.
NOT_COMPARED = ("search_fts", "search_search", "pagecache_contentversion", "portal_cache", "sqlite_", "links_dead")


@dataclass(frozen=True)
class Drill:
    """What came of it; `wrong` names what is not as it should be."""

    wrong: list[str]
    rows: int
    written_before: int
    written_in_all: int
    backup_seconds: float
    restore_seconds: float
    megabytes: float
    slowest_visitor: float


def manage(
    folder: Path, database: str, *arguments: str | Path, largest_file: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command as an operator would, on the portal of this folder; its files can grow to `largest_file` bytes."""
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DATABASE_MAY_FORGET": "1"}
    if database:
        environ["DATABASE_URL"] = database
    command = [sys.executable, "manage.py", *map(str, arguments)]
    if largest_file is not None:
        command = ["prlimit", f"--fsize={largest_file}", *command]
    return subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def must(folder: Path, database: str, *arguments: str | Path) -> str:
    """What the command says; raises AssertionError when it does not end well."""
    done = manage(folder, database, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def connected(folder: Path, database: str) -> Iterator[Any]:
    connection: Any
    if database:
        import psycopg

        connection = psycopg.connect(database.replace("postgres://", "postgresql://", 1))
    else:
        import sqlite3

        connection = sqlite3.connect(folder / "portal.sqlite3")
    with closing(connection):
        yield connection


def all_rows(folder: Path, database: str) -> dict[str, Counter[str]]:
    """Every row of every table that is compared, as text."""
    with connected(folder, database) as connection:
        names = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if database
            else "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        tables = [name for (name,) in connection.execute(names).fetchall() if not name.startswith(NOT_COMPARED)]
        return {name: Counter(map(repr, connection.execute(f'SELECT * FROM "{name}"').fetchall())) for name in tables}


class Place:
    """A portal's folder and database, for commands and for looking past them."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database

    def manage(self, *arguments: str | Path) -> tuple[int, str]:
        done = manage(self.folder, self.database, *arguments)
        return done.returncode, done.stdout + done.stderr

    def must(self, *arguments: str | Path) -> str:
        return must(self.folder, self.database, *arguments)

    def rows(self) -> dict[str, Counter[str]]:
        return all_rows(self.folder, self.database)

    def execute(self, statement: str) -> None:
        with connected(self.folder, self.database) as connection:
            connection.execute(statement)
            connection.commit()

    def version(self) -> str:
        with connected(self.folder, self.database) as connection:
            return str(connection.execute("SELECT number FROM pagecache_contentversion").fetchone()[0])


def drill(portal: killing.Supervisor, other: Path, other_database: str, *, posts: int) -> Drill:
    """Back the portal up in the middle of so many acknowledged posts, and restore it into the other, empty place."""
    crowd = Crowd(portal.address, killing.FORMS)
    crowd.begin()
    try:
        crowd.wait_for_posts(posts // 2)
        with crowd.lock:
            before = sum(map(len, crowd.kept.values()))
        began = time.monotonic()
        file = Path(must(portal.folder, portal.database, "backup").splitlines()[0])
        backup_seconds = time.monotonic() - began
        crowd.wait_for_posts(posts // 2)
    finally:
        crowd.end()
    must(other, other_database, "restore", "--verify", file)
    began = time.monotonic()
    must(other, other_database, "restore", file)
    restore_seconds = time.monotonic() - began
    source, copy = all_rows(portal.folder, portal.database), all_rows(other, other_database)
    return Drill(
        wrong=list(what_is_wrong(source, copy, before, file)),
        rows=sum(rows.total() for rows in copy.values()),
        written_before=before,
        written_in_all=len(crowd.writes),
        backup_seconds=round(backup_seconds, 1),
        restore_seconds=round(restore_seconds, 1),
        megabytes=round(file.stat().st_size / 1e6, 1),
        slowest_visitor=round(max(answer.answered - answer.pressed for answer in [*crowd.writes, *crowd.reads]), 2),
    )


def what_is_wrong(
    source: dict[str, Counter[str]], copy: dict[str, Counter[str]], before: int, file: Path
) -> Iterator[str]:
    if source.keys() != copy.keys():
        yield f"other tables: {source.keys() ^ copy.keys()}"
    for name in copy:
        if copy[name] - source[name]:
            yield f"{name}: rows that never were: {sorted((copy[name] - source[name]).elements())[:2]}"
        if name not in WRITTEN and source[name] - copy[name]:
            yield f"{name}: rows that are missing: {sorted((source[name] - copy[name]).elements())[:2]}"
    written = sum(copy[name].total() for name in WRITTEN)
    if written < before:
        yield f"{before - written} posts that were acknowledged before the backup are missing"
    said = manifest_of(file)["tables"]
    if any(said[name][0] != copy[name].total() for name in copy.keys() & said.keys()):
        yield "the list of contents counts other rows"


def manifest_of(file: Path) -> dict[str, Any]:
    with tarfile.open(file) as archive:
        content = archive.extractfile("manifest.json")
        assert content is not None
        return json.load(content)
