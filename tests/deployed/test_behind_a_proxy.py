"""nginx and Caddy with the files of deploy/ in front of real portals: two on PostgreSQL, one on SQLite."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from helpdesk.feedback.rate_limit import POSTS_A_MINUTE
from tests.deployed.asking import GUIDE, WORDS, Answer, Crowd, ask, send
from tests.provide import fronts, redis
from tests.provide.fronts import Front
from tests.serving import Server, bring_first_start, free_port
from tests.survival.places import own_database

pytestmark = pytest.mark.database

# A second is promised; the rest is for a machine that has more to do than to run this test.
SECONDS_TO_BE_SEEN = 1.0 + 0.5
# New connections go to a process by lot, so that so many miss none of four.
ENOUGH = 24
# So long nginx and Caddy leave a portal alone that did not answer: a second, which nginx counts as up to two.
SECONDS_TO_BE_BACK = 2.0 + 0.5
ONLY_ON_THE_LAST = "css/new.0123456789ab.css"
CALM = "<h1>Back in a moment</h1>"


@dataclass
class Portals:
    """Portals on one database, and the Redis that they share."""

    servers: list[Server]
    database: str
    redis: ExitStack
    start_redis: Any

    @property
    def ports(self) -> list[int]:
        return [int(server.environ["PORT"]) for server in self.servers]

    def execute(self, statement: str) -> None:
        """Changes the database past the portals."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as connection:
                connection.execute(statement)
            return
        file = sqlite3.connect(Path(self.servers[0].environ["DATA_DIR"]) / "portal.sqlite3", timeout=20)
        with file:
            file.execute(statement)
        file.close()


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portals]:
    with ExitStack() as stack:
        database, port = stack.enter_context(own_database(filled=True)), free_port()
        with_redis = stack.enter_context(ExitStack())

        def start_redis() -> None:
            with_redis.enter_context(redis.running(tmp_path_factory.mktemp("redis"), port))

        start_redis()
        variables = {
            "WEB_CONCURRENCY": "2",
            "CACHE_URL": f"redis://127.0.0.1:{port}/0",
            "PUBLIC_URL": "https://localhost",
            "TRUSTED_PROXIES": "1",
            "SECRET_KEY": "the-same-on-all-servers-" * 3,
            "DATABASE_MAY_FORGET": "1",  # the tests' PostgreSQL
        }
        servers = []
        for _ in range(2 if database else 1):
            folder = tmp_path_factory.mktemp("portal")
            bring_first_start(folder)
            server = Server(str(folder), free_port(), "manage.py", "start")
            server.environ |= variables | ({"DATABASE_URL": database} if database else {})
            servers.append(server)
        (folder / "static" / ONLY_ON_THE_LAST).write_text("body { color: black }\n")
        for server in servers:
            server.start()
            stack.callback(server.stop)
        yield Portals(servers, database, with_redis, start_redis)


@pytest.fixture(scope="module")
def all_fronts(portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Front]]:
    with ExitStack() as stack:
        yield {
            kind: stack.enter_context(start(tmp_path_factory.mktemp(kind), portals.ports))
            for kind, start in fronts.KINDS.items()
        }


@pytest.fixture(params=fronts.KINDS)
def front(request: pytest.FixtureRequest, all_fronts: dict[str, Front]) -> Front:
    return all_fronts[request.param]


def restart(server: Server) -> None:
    """As systemd does it: the main process is told, and started again when it has ended."""
    os.kill(server.process.pid, signal.SIGTERM)
    server.process.wait(timeout=30)
    server.start()


def is_calm(answer: Answer) -> bool:
    return answer.status == 503 and answer.headers["Retry-After"] == "5" and CALM in answer.text


def test_page_comes_by_https_and_http2(front: Front) -> None:
    page = ask(front, GUIDE)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Strict-Transport-Security" in page.headers

    command = ["curl", "--silent", "--insecure", "--http2", "--write-out", "%{http_version} %{http_code}"]
    curl = shutil.which("curl")
    if curl and "HTTP2" in subprocess.run([curl, "--version"], capture_output=True, text=True, check=True).stdout:
        said = subprocess.run(
            [*command, "--output", os.devnull, front.address + GUIDE], capture_output=True, text=True, check=True
        ).stdout
        assert said == "2 200"


def test_http_leads_to_https(front: Front) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(Stay).open(f"http://localhost:{front.http}{GUIDE}", timeout=30)
    with answer.value as moved:
        assert moved.code in (301, 308)
        assert re.fullmatch(rf"https://localhost(:\d+)?{GUIDE}", moved.headers["Location"])


def test_name_that_is_not_the_sites_gets_no_page(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.http), timeout=30) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert visitor.recv(1_000) == b""


def test_post_is_taken_and_a_forged_address_does_not_dodge_the_limit(front: Front) -> None:
    visitor, other = ("127.2.0.1", "127.2.0.2") if front.kind == "nginx" else ("127.2.0.3", "127.2.0.4")
    statuses = [
        send(front, WORDS, visitor=visitor, forged=f"192.0.2.{number}", words=f"It says {number}").status
        for number in range(2 * POSTS_A_MINUTE + 10)
    ]
    assert statuses[:POSTS_A_MINUTE] == [303] * POSTS_A_MINUTE
    # In two windows of a minute at most.
    assert statuses.count(429) >= 10
    # It is this visitor who waits, not everybody behind the proxy.
    assert send(front, WORDS, visitor=other, words="It says nothing").status == 303


def test_number_of_a_request_is_the_proxys_and_no_visitors(front: Front) -> None:
    numbers = {ask(front, "/healthz", headers={"X-Request-ID": "forged-by-anna"}).headers["X-Request-ID"] for _ in "ab"}
    assert len(numbers) == 2
    assert all(re.fullmatch("[0-9a-f-]{32,36}", number) for number in numbers)


def test_picture_of_the_largest_size_reaches_the_portal(front: Front) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": front.address}
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n%s\r\n--x--\r\n'
    body = part % (b"x" * 10_000_000)
    answer = ask(front, "/admin/images/image/upload/", method="POST", body=body, headers=headers)
    # The portal's own answer to somebody who has not signed in: only it has such a policy.
    assert (answer.status, "script-src 'self'" in answer.headers["Content-Security-Policy"]) == (403, True)


def test_large_post_of_a_visitor_is_refused(front: Front) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": front.address}
    assert ask(front, WORDS, method="POST", body=b"x" * 3_500_000, headers=headers).status == 413


def test_change_is_seen_on_every_server_within_a_second(front: Front, portals: Portals) -> None:
    title = f"Changed behind {front.kind}"
    for _ in range(ENOUGH):
        ask(front, GUIDE)
    portals.execute(f"UPDATE guides_guide SET title = '{title}'")
    time.sleep(SECONDS_TO_BE_SEEN)
    assert all(title in ask(front, GUIDE).text for _ in range(ENOUGH))


def test_static_file_is_kept_for_long(front: Front) -> None:
    path = re.search(r'href="(/static/css/site\.\w+\.css)"', ask(front, "/").text)
    assert path is not None
    style = ask(front, path[1])
    assert (style.status, style.headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")


def test_static_file_that_one_server_lacks_comes_from_the_other(front: Front) -> None:
    assert [ask(front, f"/static/{ONLY_ON_THE_LAST}").status for _ in range(12)] == [200] * 12
    assert ask(front, "/static/css/nobody-has-it.css").status == 404


@pytest.mark.parametrize("kind", fronts.KINDS)
def test_portal_that_is_gone_is_answered_for_calmly(kind: str, tmp_path: Path) -> None:
    with fronts.KINDS[kind](tmp_path, [free_port()]) as front:
        with ThreadPoolExecutor() as visitors:  # Caddy lets them wait for a moment
            answers = visitors.submit(ask, front, GUIDE), visitors.submit(send, front, WORDS, words="It says")
        page, sent = (answer.result() for answer in answers)
    assert is_calm(page)
    assert is_calm(sent)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"


def test_update_of_one_server_after_the_other_fails_nobody(front: Front, portals: Portals) -> None:
    with Crowd(front) as crowd:
        time.sleep(0.5)
        for server in portals.servers:
            restart(server)
            time.sleep(SECONDS_TO_BE_BACK)
    assert min(crowd.answers["read"], crowd.answers["write"]) > 5
    if len(portals.servers) > 1:
        assert crowd.wrong == []
        return
    # The one portal is away for a moment: who comes then reads the calm page, and nothing else.
    assert [found for found in crowd.wrong if "503 <!doctype html>" not in found] == []
    assert ask(front, GUIDE).status == 200


def test_pages_and_posts_go_on_without_redis(front: Front, portals: Portals) -> None:
    with Crowd(front) as crowd:
        time.sleep(0.5)
        portals.redis.close()
        time.sleep(1)
        portals.start_redis()
        time.sleep(0.5)
    assert crowd.wrong == []
    assert min(crowd.answers["read"], crowd.answers["write"]) > 10
