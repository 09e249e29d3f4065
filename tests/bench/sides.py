"""The servers that are measured: processes on one core, whose CPU time and memory can be read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import PROJECT, SECONDS_TO_START, free_port

TICKS = os.sysconf("SC_CLK_TCK")


class Side:
    """A server that answers at `address`."""

    def __init__(self, command: list[str], port: int, core: int, environ: dict[str, str] | None = None) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"]} | (environ or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Before it has children: they inherit it.
        os.sched_setaffinity(self.process.pid, {core})

    def wait(self) -> None:
        """Returns when it answers; raises RuntimeError when it does not get there."""
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/readyz", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"{self.process.args!r} did not start")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()  # it ends its workers itself
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def workers(self) -> list[int]:
        """The processes that answer: the children, or the process itself where it has none."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in found if not _is_helper(int(pid))] or [self.process.pid]

    def seconds(self) -> float:
        """The CPU time of its workers so far."""
        return sum(_seconds(pid) for pid in self.workers())

    def memory(self) -> float:
        """MB a worker takes (PSS): its own, and its share of what it has in common with others.

        The database's file, which SQLite maps, is left out: those pages are the system's cache, and go when others
        need the room.
        """
        sizes = [_pss(pid) for pid in self.workers()]
        return sum(sizes) / len(sizes)


def _is_helper(pid: int) -> bool:
    """Whether it is Python's own process that looks after shared memory."""
    return b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss(pid: int) -> float:
    total, is_database = 0, False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, _, value = line.partition(":")
        if " " in name:  # the head of a part: addresses, rights, file
            is_database = ".sqlite3" in line
        elif name == "Pss" and not is_database:
            total += int(value.split()[0])
    return total / 1024


def bare(core: int, workers: int = 1) -> Side:
    port = free_port()
    return Side([sys.executable, "-m", "tests.bench.serve_bare", str(port), str(workers)], port, core)


def portal(core: int, folder: Path, *, cache_mb: int, workers: int = 1) -> Side:
    """The portal as operators start it, with what is in the folder."""
    port = free_port()
    environ = {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        "PAGE_CACHE_MB": str(cache_mb),
    }
    return Side([sys.executable, "manage.py", "start"], port, core, environ)


def nginx_program() -> str | None:
    return shutil.which("nginx") or (path if Path(path := "/usr/sbin/nginx").exists() else None)


def nginx(core: int, folder: Path, page: bytes) -> Side:
    """Debian's nginx with one worker, and the page as a file at every address."""
    port = free_port()
    folder.mkdir()
    (folder / "page.html").write_bytes(page)
    settings = folder / "nginx.conf"
    settings.write_text(
        f"""
        daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
        {"user root;" if os.geteuid() == 0 else ""}
        events {{ worker_connections 256; }}
        http {{
            keepalive_requests 1000000000;
            access_log off; sendfile on; tcp_nopush on;
            client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
            uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
            types {{ text/html html; }}
            server {{ listen 127.0.0.1:{port}; root {folder}; location / {{ try_files /page.html =404; }} }}
        }}"""
    )
    program = nginx_program()
    assert program
    return Side([program, "-c", str(settings), "-p", str(folder)], port, core)


@contextmanager
def running(sides: dict[str, Side]) -> Iterator[dict[str, Side]]:
    """Waits for all to answer; nothing is left of them afterwards."""
    try:
        for side in sides.values():
            side.wait()
        yield sides
    finally:
        for side in sides.values():
            side.stop()
