"""Long work in the admin: a page that shows how far it has come while it runs, without JavaScript.

The page is sent piece by piece. Each piece replaces the one before it on the screen (the style sheet shows only the
last step), and the result comes last. When the person leaves, the work is ended where it stands, so work that must
be done whole or not at all runs in one transaction.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from time import monotonic

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Steps come faster than anybody can read; so many a second are shown.
STEPS_A_SECOND = 4

# Stands in the page's template where the steps and the result go.
_MARK = "<!--progress-->"


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work has come, "1200 of 10000 pages"; `of` is 0 where nobody knows."""

    done: int
    of: int
    what: str


# Yields steps, and returns what the page says at the end, as HTML.
Work = Generator[Step, None, SafeString]


def progress_page(request: HttpRequest, work: Work, *, title: str, **context: object) -> StreamingHttpResponse:
    """Does the work while the page is being sent. An error ends the page with a sentence, and is raised for the log."""
    from django.contrib import admin

    page = render_to_string(
        "admin/progress.html", {**admin.site.each_context(request), "title": title, **context}, request
    )
    before, _, after = page.partition(_MARK)
    response = StreamingHttpResponse(_pieces(before, work, after))
    response.headers["Cache-Control"] = "private, no-store, no-transform"
    # A proxy that collects the whole page first would show nothing until the end (nginx reads this header).
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _pieces(before: str, work: Work, after: str) -> Iterator[str]:
    yield before
    try:
        result = yield from _steps(work)
    except Exception:
        yield render_to_string("admin/_progress_failed.html") + after
        raise
    yield format_html('<div class="progress-result" role="status">{}</div>', result) + after


def _steps(work: Work) -> Generator[str, None, SafeString]:
    shown_at = 0.0
    try:
        while True:
            step = next(work)
            if monotonic() - shown_at >= 1 / STEPS_A_SECOND:
                shown_at = monotonic()
                yield render_to_string("admin/_progress_step.html", {"step": step})
    except StopIteration as end:
        return end.value or SafeString()
    finally:
        work.close()
