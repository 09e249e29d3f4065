"""What is answered when something is away: an editor's text, posts to count, a pool without connections."""

from __future__ import annotations

import html
import re
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from helpdesk.environment import WrongSetting
from helpdesk.feedback.models import UnmatchedWords
from helpdesk.operations import startup
from helpdesk.operations.outage import is_outage
from tests.accounts.staff_people import editor
from tests.factories import make_guide
from tests.provide import redis
from tests.serving import free_port


def fails(error: Exception) -> Any:
    def execute(*arguments: Any) -> None:
        raise error

    return execute


def test_editors_text_comes_back_while_the_database_is_away(db: None) -> None:
    guide = make_guide()
    client = editor()
    client.raise_request_exception = False
    path = f"/admin/guides/guide/{guide.pk}/change/"
    text = 'Half an hour of "work" <b>here</b>'
    with connection.execute_wrapper(fails(OperationalError("server closed the connection"))):
        response = client.post(path, {"title": text}, headers={"Origin": "http://testserver"})

    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert f'<form method="post" action="{path}">' in page
    sent = re.search(r'<input type="hidden" name="title" value="([^"]*)">', page)
    assert sent is not None
    assert html.unescape(sent[1]) == text


def test_mistakes_of_ours_are_no_outage(db: None) -> None:
    with pytest.raises(Exception) as caught, connection.cursor() as cursor:  # noqa: PT011 - another one on each database
        cursor.execute("SELECT nothing_like_it FROM guides_guide")
    assert not is_outage(caught.value)
    assert not is_outage(ValueError("NUL"))
    assert is_outage(OSError(28, "No space left on device"))


def test_posts_are_kept_without_redis_and_counted_again_with_it(db: None, tmp_path: Path) -> None:
    guide = make_guide(published=True)
    client, port = Client(), free_port()
    address = f"redis://127.0.0.1:{port}/0"
    cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}

    def send(number: int) -> int:
        return client.post(f"/guides/{guide.slug}/none/", {"words": f"It says {number}"}).status_code

    with override_settings(CACHES={"default": cache}):
        without = [send(number) for number in range(45)]
        with redis.running(tmp_path, port):
            counted = [send(number) for number in range(100, 190)]

    assert without == [303] * 45
    # In two windows of a minute at most, forty in each.
    assert counted.count(429) >= 10
    assert UnmatchedWords.objects.count() == 45 + counted.count(303)


def test_forgetful_database_is_refused_unless_allowed(db: None) -> None:
    # The tests' own databases wait for no disk.
    with pytest.raises(WrongSetting, match=r"may lose acknowledged posts in a power cut .* DATABASE_MAY_FORGET=1"):
        startup.refuse_forgetful_database()
    with override_settings(DATABASE_MAY_FORGET=True):
        startup.refuse_forgetful_database()


def test_pool_without_a_connection_left_answers_soon(transactional_db: None) -> None:
    database: Any = connection
    if database.vendor != "postgresql":  # SQLite has no pool
        return
    # A pool of its own, of which nobody else in this process holds a connection.
    database.close()
    database.close_pool()
    database.ensure_connection()  # opens it, and holds one
    statuses: list[int] = []

    def read() -> None:
        statuses.append(Client().get("/faq/").status_code)
        connection.close()

    with ExitStack() as taken:
        for _ in range(database.pool.max_size - 1):
            taken.enter_context(database.pool.connection(timeout=10))
        visitor = threading.Thread(target=read)
        visitor.start()
        visitor.join(timeout=8)
    assert statuses == [503]
