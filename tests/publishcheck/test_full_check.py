"""The check over everything, as a command and as a page, and the block on each record's form."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.adminkit.progress import ProgressStep
from helpdesk.faq.models import FaqEntry
from helpdesk.publishcheck.full_check import CheckReport, check_everything
from helpdesk.publishcheck.validation import UnpublishableError, known_errors, validate_publishable
from tests.accounts.staff_people import author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import save, url_of
from tests.factories import (
    make_cause,
    make_contact_point,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)
from tests.publishcheck.planted import LIVE, change, checked

pytestmark = pytest.mark.django_db

PAGE = "/admin/check/"
NASTY = "<script>alert(1)</script>"
DEAD = "[Here](/nowhere/)"


@pytest.fixture(autouse=True)
def people() -> None:
    make_contact_point()


def report_of(**options: Any) -> tuple[CheckReport, list[ProgressStep]]:
    work, steps = check_everything(**options), []
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            return end.value, steps


def read(client: Client, query: str = "") -> str:
    """The whole page, as it is after the work."""
    response: Any = client.get(PAGE + query)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def without_seconds(said: str) -> list[str]:
    return re.sub(r"in [\d.]+ seconds", "in … seconds", said).splitlines()


def test_first_content_lacks_only_what_nobody_has_told_us(first_content: None) -> None:
    """The addresses of outside pages are unknown, and the contact points are confirmed before going live."""
    said = without_seconds(checked("--warnings", "--drafts"))

    assert Counter(re.findall(r"\[([a-z-]+)\]$", "\n".join(said), re.MULTILINE)) == {
        "address-missing": 9,
        "contact-not-confirmed": 3,
    }
    assert said[-1].endswith("0 errors in public or scheduled content, 12 warnings.")


def test_command_names_each_problem_once_with_where_to_mend_it() -> None:
    cause = make_cause(title="Shared", how_to_check=DEAD)
    one, two = make_symptom(causes=[cause]), make_symptom(causes=[cause])
    assert {one.checks.count(), two.checks.count()} == {1}
    assert without_seconds(checked()) == [
        f"Cause “Shared”  {url_of(cause)}",
        "  error, how to find out: “/nowhere/” is a dead link: the page doesn't exist. [dead-link]",
        "failed: 7 records checked in … seconds: 1 error in public or scheduled content.",
    ]


def test_command_looks_at_drafts_when_told_and_does_not_fail_for_them() -> None:
    draft = make_faq_entry(published=False, answer=DEAD, question="Draft?")
    make_faq_entry(publish_at=timezone.now() - timedelta(2), archive_at=timezone.now() - timedelta(1), answer=DEAD)
    assert without_seconds(checked()) == ["5 records checked in … seconds: 0 errors in public or scheduled content."]
    assert without_seconds(checked("--drafts")) == [
        f"FAQ entry “Draft?” (not public)  {url_of(draft)}",
        "  error, answer: “/nowhere/” is a dead link: the page doesn't exist. [dead-link]",
        "5 records checked in … seconds: 0 errors in public or scheduled content, 1 error in drafts.",
    ]


def test_scheduled_page_counts_as_public() -> None:
    make_faq_entry(publish_at=timezone.now() + timedelta(1), answer=DEAD)
    assert "failed: " in checked()


def test_errors_come_first_and_warnings_only_when_wanted() -> None:
    entry = make_faq_entry(answer=DEAD)
    make_faq_entry(category=entry.category)
    assert [len(one.problems) for one in report_of(warnings=False)[0].found] == [1]
    found = report_of()[0].found
    assert [[problem.rule for problem in one.problems] for one in found] == [
        ["dead-link", "no-keywords", "no-review-date"],
        ["no-keywords", "no-review-date"],
    ]


def test_check_has_a_fixed_number_of_queries_and_says_how_far_it_is() -> None:
    def content() -> None:
        resolution = make_resolution(contact_point=make_contact_point(details="[FAQ](/faq/)"))
        target = make_guide()
        link = f"[Here]({target.short_url}) [Old](/guides/old/) [Topic](/faq/topic/x/)"
        causes = [make_cause(resolution=resolution, how_to_check=link), make_cause(how_to_check=link)]
        symptom = make_symptom(causes=causes, introduction=link)
        make_symptom(guide=symptom.guide, leads_to=target)
        make_faq_entry(related_symptoms=[symptom], answer=f"[S]({symptom.short_url}) [F](/f/1/)")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            report_of(drafts=True)
        return len(captured)

    content()
    one = queries()
    content(), content()
    assert queries() == one
    steps = report_of()[1]
    assert (steps[0].done, {step.of for step in steps}) == (0, {report_of()[0].records})


def test_error_that_was_there_before_is_no_reason_to_refuse() -> None:
    entry = make_faq_entry(answer=DEAD)
    known = known_errors(entry)
    validate_publishable(entry, known=known)
    change(entry, answer=f"{DEAD} [There](/elsewhere/)")()
    with pytest.raises(UnpublishableError) as refused:
        validate_publishable(entry, known=known)
    assert [problem.text for problem in refused.value.problems] == [
        "“/elsewhere/” is a dead link: the page doesn't exist."
    ]


# The page


def test_page_shows_what_the_command_says() -> None:
    entry = make_faq_entry(answer=DEAD, question=NASTY)
    content = read(editor())
    assert "1 error in public or scheduled content." in content
    assert f'<a href="{url_of(entry)}">&lt;script&gt;alert(1)&lt;/script&gt;</a>' in content
    assert ("“/nowhere/” is a dead link" in content, "No keywords" in content, NASTY in content) == (True, False, False)


def test_page_shows_warnings_and_drafts_when_wanted() -> None:
    make_faq_entry(published=False, answer=DEAD)
    client = editor()
    assert "/nowhere/" not in read(client)
    content = read(client, "?warnings=on&drafts=on")
    assert ("“/nowhere/” is a dead link" in content, "No keywords" in content) == (True, True)
    assert "1 in drafts." in content


def test_page_names_only_records_that_the_user_may_look_at() -> None:
    entry = make_faq_entry(answer=DEAD, question="Mine?")
    symptom = make_symptom(introduction=DEAD, title="Not mine")
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_faqentry"))
    content = read(signed_in(user))
    assert (entry.question in content, symptom.title in content) == (True, False)
    assert "1 record was checked." in content


def test_page_is_for_staff_with_something_to_look_at(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert without_rights().get(PAGE).status_code == 403
    assert editor().post(PAGE).status_code == 405
    assert "No errors in public or scheduled content." in read(author())


def test_start_page_links_to_it_for_those_who_may() -> None:
    link = f'<a href="{PAGE}">Check everything</a>'
    assert [link in who.get("/admin/").content.decode() for who in (editor(), author(), without_rights())] == [
        True,
        True,
        False,
    ]


def test_page_ends_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.publishcheck.views.MOST_RECORDS", 1)
    first = make_faq_entry(answer=DEAD)
    make_faq_entry(answer=DEAD, category=first.category)
    assert "1 more record has problems" in read(editor())


# The block on a record's form


def panel(record: Any) -> str:
    """The text of the block on the record's form."""
    content = editor().get(url_of(record)).content.decode()
    start = content.find('<section class="check-panel')
    return content[start : content.find("</section>", start)] if start >= 0 else ""


@pytest.fixture
def ready() -> FaqEntry:
    return make_faq_entry(published=False, keywords="x", review_by=timezone.localdate())


def test_draft_that_is_ready_says_so_calmly(ready: FaqEntry) -> None:
    shown = panel(ready)
    assert ("check-well" in shown, "Before you publish" in shown, "Ready to publish." in shown) == (
        True,
        True,
        True,
    )


def test_draft_lists_what_is_missing_with_where_to_mend_it() -> None:
    resolution = make_resolution(title=NASTY, body=DEAD)
    symptom = make_symptom(published=False, causes=[make_cause(resolution=resolution)], introduction=DEAD)
    shown = panel(symptom)
    assert "The page can be published once this is fixed:" in shown
    assert shown.count("is a dead link") == 2
    assert f'<a href="{url_of(resolution)}">&lt;script&gt;alert(1)&lt;/script&gt;</a>: “/nowhere/”' in shown
    assert "2 warnings" in shown


def test_public_page_with_a_fault_says_it_can_be_mended_bit_by_bit() -> None:
    assert "This page is public and has errors." in panel(make_faq_entry(answer=DEAD))


def test_shared_record_has_the_block_and_an_archived_page_has_none() -> None:
    assert "No problems found." in panel(make_resolution())
    archived = make_faq_entry(publish_at=timezone.now() - timedelta(2), archive_at=timezone.now() - timedelta(1))
    assert panel(archived) == ""


def test_block_gives_way_to_the_errors_of_a_refused_form(ready: FaqEntry) -> None:
    content = save(editor(), ready, answer=DEAD, **LIVE).content.decode()
    assert ("check-panel" in content, content.count("is a dead link")) == (False, 1)
