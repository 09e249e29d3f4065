"""Progress pages: long work in the admin that shows how far it has come while it runs, without JavaScript.

The page is sent in chunks. Each chunk replaces the one before it on the screen (the style sheet shows only the last
step), and the result comes last. When the person leaves, the work is ended where it is, so work that must be done
whole or not at all runs in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from django.contrib import admin
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Steps come faster than anybody can read; so many a second are shown.
STEPS_A_SECOND = 4

# Stands in the page's template where the steps and the result go.
_MARK = "<!--progress-->"


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """Progress of a work, "1200 of 10000 pages"; `of` is 0 where nobody knows."""

    done: int
    of: int
    what: str


_Result = TypeVar("_Result")

# Yields steps, and returns what the page shows at the end, as HTML.
Work = Generator[ProgressStep, None, SafeString]


def run_to_end(
    work: Generator[ProgressStep, None, _Result], report: Callable[[ProgressStep], object] = lambda step: None
) -> _Result:
    """Run a work, report each of its steps, and return its result."""
    while True:
        try:
            report(next(work))
        except StopIteration as end:
            return end.value


def progress_page(request: HttpRequest, work: Work, *, title: str, **context: object) -> StreamingHttpResponse:
    """Run the work while the page is being sent. An error ends the page with a sentence, and is raised for the log."""
    page = render_to_string(
        "admin/progress.html", {**admin.site.each_context(request), "title": title, **context}, request
    )
    before, _, after = page.partition(_MARK)
    response = StreamingHttpResponse(_chunks(before, work, after))
    response.headers["Cache-Control"] = "private, no-store, no-transform"
    # A proxy that collects the whole page first would show nothing until the end (nginx reads this header).
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _chunks(before: str, work: Work, after: str) -> Iterator[str]:
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
