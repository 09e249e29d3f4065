"""`python -m tests.bench.inprocess ROUNDS [path …]`: CPU time of the Django application itself, without a server.

Each page is asked for in turn with the bare view, in one process, with the page cache off and all middleware on; the
figures are medians of the rounds. "Anew" is with nothing kept of what was rendered before, but for Markdown, which is
kept under the text. "Never seen" are symptoms that this process shows for the first time, with their Markdown. Prints
JSON: {name: [us, us anew]}.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import process_time
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest

# In one go, and so often in a round: short turns, so that what else the machine does falls on all alike.
REQUESTS, TURNS = 10, 4
LONGEST = 100_000.0  # microseconds
BARE = "bare"
NEVER_SEEN = "never seen"


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


def ask(application: Any, path: str, *, anew: bool = False) -> None:
    """Asks for a page."""
    said: list[str] = []
    answered = application(environ_for(path), lambda status, headers, *rest: said.append(status))
    b"".join(answered)
    answered.close()
    if said != ["200 OK"]:
        raise RuntimeError(f"{path}: {said}")


class Bare(WSGIHandler):
    """The bare view in this process, which has the portal's map of the site."""

    def resolve_request(self, request: HttpRequest) -> Any:
        request.urlconf = "tests.bench.bare"  # type: ignore[attr-defined]
        return super().resolve_request(request)


def microseconds(ask_once: Callable[[], None], requests: int) -> float:
    started = process_time()
    for _ in range(requests):
        ask_once()
    return (process_time() - started) / requests * 1e6


def in_turn(ways: dict[str, Callable[[], None]], rounds: int, requests: int) -> dict[str, float]:
    """The median for each way to ask for something, all in turn in each round; of slow ones fewer in a round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            one = microseconds(way, 1)
            taken[name].append(microseconds(way, max(1, min(requests, int(LONGEST / one)))))
    return {name: median(figures) for name, figures in taken.items()}


def measured(paths: list[str], rounds: int) -> dict[str, list[float]]:
    from django.test import override_settings

    portal = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        bare = Bare()

    def way(application: Any, path: str, *, anew: bool) -> Callable[[], None]:
        return lambda: ask(application, path, anew=anew)

    found = {}
    for anew, requests in ((False, REQUESTS), (True, REQUESTS // 4)):
        ways = {BARE: way(bare, "/", anew=anew)} | {path: way(portal, path, anew=anew) for path in paths}
        found[anew] = in_turn(ways, rounds * TURNS, requests)
    result = {name: [found[False][name], found[True][name]] for name in (BARE, *paths)}
    if never_seen := generated_symptoms(rounds * REQUESTS):
        each = iter(never_seen)
        ask(portal, next(each))
        figures = [microseconds(lambda: ask(portal, next(each)), REQUESTS) for _ in range(rounds)]
        result[NEVER_SEEN] = [median(figures), median(figures)]
    return result


def generated_symptoms(number: int) -> list[str]:
    """The addresses of so many generated symptoms and one more, from all over; none where there are fewer."""
    from helpdesk.guides.models import Symptom

    made = Symptom.objects.filter(slug__startswith="bench-").select_related("guide").order_by("slug")
    paths = [symptom.get_absolute_url() for symptom in made[: number + 1]]
    return paths if len(paths) > number else []


def main(arguments: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()
    gc.collect()
    gc.freeze()  # as the portal does when it starts
    print(json.dumps(measured(arguments[1:], int(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
