"""`python -m tests.bench.inprocess ROUNDS [path …]`: CPU time of the Django application itself, without a server.

Each page is asked for in turn with the bare view, in one process, with the page cache off and all middleware on; the
figures are medians of the rounds. "Anew" is with nothing kept of what was rendered before: the page as after a change
of every text on it, but for Markdown, which is kept under the text. Prints JSON: {name: [us, us anew]}.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import process_time
from typing import Any

REQUESTS = 40
BARE = "bare"


def environ_for(path: str) -> dict[str, Any]:
    """A browser's request, as the page cache hands it on."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "HTTP_ACCEPT": "text/html,application/xhtml+xml",
        "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.5",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }


def ask(application: Any, path: str) -> None:
    said: list[str] = []
    answered = application(environ_for(path), lambda status, headers, *rest: said.append(status))
    b"".join(answered)
    answered.close()
    if said != ["200 OK"]:
        raise RuntimeError(f"{path}: {said}")


def microseconds(ask_once: Callable[[], None], requests: int) -> float:
    started = process_time()
    for _ in range(requests):
        ask_once()
    return (process_time() - started) / requests * 1e6


def measured(paths: list[str], rounds: int) -> dict[str, list[float]]:
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from helpdesk import pieces

    portal = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        bare = WSGIHandler()
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in (BARE, *paths)}
    for _ in range(rounds):
        with override_settings(ROOT_URLCONF="tests.bench.bare"):
            ask(bare, "/page/")
            figure = microseconds(lambda: ask(bare, "/page/"), 4 * REQUESTS)
        taken[BARE][0].append(figure)
        taken[BARE][1].append(figure)
        for path in paths:
            ask(portal, path)
            taken[path][0].append(microseconds(lambda path=path: ask(portal, path), REQUESTS))  # type: ignore[misc]

            def anew(path: str = path) -> None:
                pieces.shelf.clear()
                ask(portal, path)

            taken[path][1].append(microseconds(anew, REQUESTS // 4))
    return {name: [median(kept), median(fresh)] for name, (kept, fresh) in taken.items()}


def main(arguments: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()
    print(json.dumps(measured(arguments[1:], int(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
