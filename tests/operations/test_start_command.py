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

import pytest

from helpdesk.environment import WrongSetting
from helpdesk.operations import startup


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


def fetch(environ, path, seconds=60):
    """The answer's status and text, once there is one."""
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
        said = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert "Loaded the first content: 2 guides, 22 symptoms, 14 FAQ entries.\n" in said
    assert re.findall(r"The password is shown only now:(?s:.*)\n +user +admin\n +password +\S{20}\n", said)
    assert said.endswith(f"\nLogin help is at http://127.0.0.1:{environ['PORT']}/ (Ctrl-C stops it)\n")

    with serving(project, environ) as process:
        assert fetch(environ, "/healthz") == (200, "ok\n")
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert said == f"Login help is at http://127.0.0.1:{environ['PORT']}/ (Ctrl-C stops it)\n"


def test_port_is_free_after_the_main_process_was_killed(project, environ):
    with serving(project, environ) as process:
        fetch(environ, "/healthz")
        process.kill()
        process.communicate(timeout=30)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                startup.refuse_busy_port("127.0.0.1", int(environ["PORT"]))
                return
            except WrongSetting:
                time.sleep(0.1)
    pytest.fail("the workers still listen")


def test_ctrl_c_while_preparing_ends_without_a_traceback(project, environ):
    with serving(project, environ) as process:
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=30)[0]
    assert process.returncode in (0, -signal.SIGINT)
    assert "Traceback" not in said


def test_stop_right_after_the_start_takes_no_time(project, environ):
    waits = []
    for number in range(6):
        with serving(project, environ) as process:
            while "Ctrl-C stops it" not in process.stdout.readline():
                assert process.poll() is None
            # The workers branch off in the moments that follow.
            fetch(environ, "/healthz") if number % 2 else time.sleep(number * 0.1)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
            waits.append(time.monotonic() - began)
            assert process.returncode in (0, -signal.SIGTERM)
    # One that is deaf is waited for during ten seconds.
    assert max(waits) < 8


def test_worker_ends_when_it_is_told_to_in_its_first_moment(project):
    code = """
import os, signal, threading
from helpdesk.operations import serving
signal.signal(signal.SIGTERM, lambda *arguments: None)
serving.let_workers_stop()
for _ in range(50):
    if worker := os.fork():
        os.kill(worker, signal.SIGTERM)
        assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 7
        continue
    serving._hear_when_it_serves()
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *arguments: told.set())
    told.wait()
    os._exit(7)
os.kill(os.getpid(), signal.SIGTERM)
print("goes on")
"""
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=variables,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "goes on\n"), done.stderr


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
            "CACHE_URL: the cache does not answer (Error 111 connecting to 127.0.0.1:1. Connection refused.).\n",
        ),
        (
            {"DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal"},
            'DATABASE_URL: the database does not answer (connection failed: connection to server at "127.0.0.1", '
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
