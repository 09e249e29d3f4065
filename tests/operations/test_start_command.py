"""`manage.py start` as a person runs it: a process of its own, on a port of its own, in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.operations import startup
from helpdesk.operations.serving import STOP_SECONDS
from tests.serving import bring_first_start


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def environ(tmp_path, free_port):
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "PORT": str(free_port),
        "WEB_CONCURRENCY": "2",
        "PYTHONWARNINGS": "error::ResourceWarning",
    }


@pytest.fixture
def prepared(environ, tmp_path):
    """The same for a portal that was started before."""
    (tmp_path / "data").mkdir()
    bring_first_start(tmp_path / "data")
    return environ


def start(project, environ):
    return subprocess.Popen(
        [sys.executable, "manage.py", "start"],
        cwd=project,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # So that a signal to the group reaches all its processes, as Ctrl-C in a terminal does, and not the tests.
        start_new_session=True,
    )


def fetch(environ, path, seconds=180):
    """Return status and text of the response, once there is one."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{environ['PORT']}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except ConnectionError:
            pass
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
        assert time.monotonic() < until, "the portal does not answer"
        time.sleep(0.1)


@contextmanager
def serving(project, environ):
    process = start(project, environ)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def test_first_and_second_start(project, environ):
    with serving(project, environ) as process:
        assert fetch(environ, "/healthz") == (200, "ok\n")
        assert fetch(environ, "/")[0] == 200
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "Loaded the first content: 2 guides, 22 situations, 14 FAQ entries.\n" in said
    assert re.findall(r"The password won.t be shown again:(?s:.*)\n +user +admin\n +password +\S{20}\n", said)
    assert said.endswith(f"\nLogin help is at http://127.0.0.1:{environ['PORT']}/ (Ctrl-C stops it)\n")

    with serving(project, environ) as process:
        assert fetch(environ, "/healthz") == (200, "ok\n")
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert said == f"Login help is at http://127.0.0.1:{environ['PORT']}/ (Ctrl-C stops it)\n"


@pytest.mark.parametrize("at", ["its workers' first moment", "work"])
def test_port_is_free_after_the_main_process_was_killed(project, prepared, at):
    with serving(project, prepared) as process:
        wait_for_workers(process.pid)
        if at == "work":
            fetch(prepared, "/healthz")
        process.kill()
        process.communicate(timeout=60)  # the workers hold its output, too
    startup.refuse_busy_port("127.0.0.1", int(prepared["PORT"]))


def test_ctrl_c_while_preparing_ends_without_a_traceback(project, environ, tmp_path):
    with serving(project, environ) as process:
        until = time.monotonic() + 120
        while not (tmp_path / "data" / "start.lock").exists():  # it begins with the database then
            assert time.monotonic() < until
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode in (0, -signal.SIGINT)
    assert "Traceback" not in said


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_stop_in_the_first_moment_of_the_workers_ends_all_of_them(project, prepared, told):
    with serving(project, prepared) as process:
        workers = wait_for_workers(process.pid)
        process.send_signal(told)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "Traceback" not in said
    assert not any(is_running(pid) for pid in workers)


def test_server_gives_its_workers_less_than_three_seconds_to_stop():
    assert STOP_SECONDS == 2


def wait_for_workers(pid):
    """The process IDs of the workers, as soon as there is one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    until = time.monotonic() + 120
    while not (workers := children.read_text().split()):
        assert time.monotonic() < until, "no worker was started"
        time.sleep(0.001)
    return workers


def is_running(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number from 1 to 65535, not “eighty”.\n"),
        (
            {"DATA_DIR": "/dev/null/data"},
            "DATA_DIR: cannot write in /dev/null/data (Not a directory). Choose another folder.\n",
        ),
        (
            {"PUBLIC_URL": "https://help.example.com"},
            "PUBLIC_URL is https, so a proxy stands in front: set TRUSTED_PROXIES=1, or how many do.\n",
        ),
        (
            {"PORT": "8123", "METRICS_PORT": "8123"},
            "METRICS_PORT must be another port than PORT: visitors would get what it says.\n",
        ),
        (
            {"CACHE_URL": "redis://127.0.0.1:1/0"},
            "CACHE_URL: the cache doesn't answer (Error 111 connecting to 127.0.0.1:1. Connection refused.).\n",
        ),
        (
            {"DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal"},
            'DATABASE_URL: the database doesn\'t answer (connection failed: connection to server at "127.0.0.1", '
            "port 1 failed: Connection refused).\n",
        ),
    ],
)
def test_wrong_setting_stops_the_start_with_one_line(project, environ, variables, sentence):
    with serving(project, environ | variables) as process:
        said = process.communicate(timeout=60)[0]
    assert (process.returncode, said) == (1, sentence)


def test_busy_port_stops_the_start_before_anything_is_made(project, environ, tmp_path):
    with socket.create_server(("127.0.0.1", int(environ["PORT"]))), serving(project, environ) as process:
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert said.startswith(f"Port {environ['PORT']} is in use. ")
    assert said.count("\n") == 1
    assert not (tmp_path / "data" / "portal.sqlite3").exists()
