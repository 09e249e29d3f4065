"""Long work that shows how far it is."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils.html import format_html
from django.utils.safestring import SafeString

from helpdesk.adminkit.progress import ProgressStep, progress_page
from tests.accounts.staff_people import make_user

pytestmark = pytest.mark.django_db


def pieces(work: Any, rf: RequestFactory) -> Generator[str]:
    request = rf.get("/admin/")
    request.user = make_user(superuser=True)
    for piece in progress_page(request, work, title="Counting <b>"):
        yield piece.decode()


def test_steps_come_one_after_the_other_and_the_result_last(rf: RequestFactory) -> None:
    def work() -> Generator[ProgressStep, None, SafeString]:
        yield ProgressStep(1, 2, "pages")
        return format_html("<p>Done: {}</p>", "<b>")

    before, step, result = pieces(work(), rf)
    assert "Counting &lt;b&gt;" in before
    assert "1 of 2 pages" in step
    assert "<p>Done: &lt;b&gt;</p>" in result
    assert result.rstrip().endswith("</html>")


def test_error_is_said_at_the_end_and_raised(rf: RequestFactory) -> None:
    def work() -> Generator[ProgressStep, None, SafeString]:
        yield ProgressStep(1, 0, "pages")
        raise ValueError("secret")

    sent: list[str] = []
    with pytest.raises(ValueError, match="secret"):
        sent.extend(pieces(work(), rf))


def test_work_is_ended_when_the_person_leaves(rf: RequestFactory) -> None:
    ended: list[bool] = []

    def work() -> Generator[ProgressStep, None, SafeString]:
        try:
            while True:
                yield ProgressStep(1, 0, "pages")
        finally:
            ended.append(True)

    sending = pieces(work(), rf)
    next(sending), next(sending)
    sending.close()
    assert ended == [True]
