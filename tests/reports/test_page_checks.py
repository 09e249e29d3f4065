"""Problems of many pages: kept, looked for again where something changed, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Guide, Symptom
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.publishcheck.rules import rules_for
from helpdesk.reports.models import PageCheck
from helpdesk.reports.page_checks import catch_up, check_all, unchecked
from tests.accounts.staff_people import editor, without_rights
from tests.contentadmin.forms import url_of
from tests.factories import make_cause, make_faq_entry, make_guide, make_symptom
from tests.reports.test_work import WORK, rows_of, sections

pytestmark = pytest.mark.django_db

WRONG = ProblemMessage("wrong", "It is <b>wrong</b>.")
WRONG_CAUSE = ProblemMessage("wrong", "Its cause is wrong.", variant="cause")
ODD = ProblemMessage("odd", "It is odd.", Severity.WARNING)


@pytest.fixture(autouse=True)
def rules(without_rules: None) -> None:
    """Rules of our own in place of the portal's: "wrong" in a title is an error, "odd" a warning."""

    @rules_for(Symptom, Guide, FaqEntry)
    def own(page: Any, context: CheckContext) -> Iterator[Problem]:
        if "wrong" in str(page):
            yield WRONG.on(page)
        if "odd" in str(page):
            yield ODD.on(page)
        if isinstance(page, Symptom):
            for check in page.checks.select_related("cause"):
                if "wrong" in check.cause.title:
                    yield WRONG_CAUSE.on(check.cause)


def kept() -> dict[tuple[str, int], tuple[int, int]]:
    return {(row.kind, row.object_id): (row.errors, row.warnings) for row in PageCheck.objects.all()}


def test_looking_at_the_work_list_checks_what_is_new_and_what_changed() -> None:
    cause = make_cause(title="wrong cause")
    symptom = make_symptom(title="odd and wrong", causes=[cause])
    entry = make_faq_entry(question="odd")
    assert sections(editor(), kind="symptom") == {"problems": ["odd and wrong"]}
    guide = symptom.guide
    expected = {("symptom", symptom.pk): (2, 1), ("guide", guide.pk): (0, 0), ("entry", entry.pk): (0, 1)}
    assert kept() == expected
    row = rows_of("problems")[0]
    assert [problem.text for problem in (*row.errors, *row.warnings)] == [
        "It is <b>wrong</b>.",
        "Its cause is wrong.",
        "It is odd.",
    ]
    page = editor().get(WORK).content.decode()
    assert "It is &lt;b&gt;wrong&lt;/b&gt;." in page
    assert url_of(cause) in page
    assert [str(row.record) for row in rows_of("warnings")] == ["odd"]

    symptom.title = "right"
    symptom.save()
    cause.title = "right"
    cause.save()
    assert "problems" not in sections(editor())
    assert kept() == expected | {("symptom", symptom.pk): (0, 0)}


def test_change_of_a_resolution_is_a_change_of_its_symptoms() -> None:
    symptom = make_symptom()
    catch_up()
    assert unchecked() == 0
    symptom.checks.get().cause.resolution.save()
    assert unchecked() == 1


def test_only_so_many_are_checked_in_passing_the_latest_first() -> None:
    guide = make_guide()
    pages = [make_symptom(guide=guide, title=str(number)) for number in range(5)]
    catch_up(most=2)
    assert set(kept()) == {("symptom", page.pk) for page in pages[-2:]}
    assert unchecked() == 4


def test_catching_up_with_a_guide_leaves_others_alone() -> None:
    one, other = make_symptom(), make_symptom()
    catch_up(guide=one.guide.number)
    assert set(kept()) == {("symptom", one.pk), ("guide", one.guide_id)}
    assert other.guide_id != one.guide_id


def test_all_pages_are_checked_with_progress_and_those_that_are_gone_forgotten() -> None:
    for number in range(3):
        make_symptom(title=f"wrong {number}")
    archived = make_symptom(title="wrong", archive_at=timezone.now() - timedelta(days=1))
    PageCheck.objects.create(kind="entry", object_id=999, errors=1, warnings=0, problems=[], checked_at=timezone.now())
    answer = editor().post(f"{WORK}check/")
    page = b"".join(answer.streaming_content).decode()
    assert "7 of 7 pages" in page
    assert "7 pages checked, 3 with errors." in page
    assert len(kept()) == 7
    assert ("symptom", archived.pk) not in kept()
    assert without_rights().post(f"{WORK}check/").status_code == 403
    assert Client().post(f"{WORK}check/").status_code == 302


def test_checking_all_finds_what_a_change_did_to_other_pages() -> None:
    symptom = make_symptom(causes=[make_cause(title="right")])
    catch_up()
    Cause.objects.update(title="wrong")  # by no way that notes the moment
    catch_up()
    assert kept()[("symptom", symptom.pk)] == (0, 0)
    list(check_all())
    assert kept()[("symptom", symptom.pk)] == (1, 0)


def test_problem_whose_record_is_not_stored_has_no_link() -> None:
    @rules_for(Symptom)
    def unstored(page: Symptom, context: CheckContext) -> Iterator[Problem]:
        yield ProblemMessage("new", "None.").on(Cause(title="New"))

    make_symptom()
    assert [problem.url for problem in rows_of("problems")[0].errors] == [""]
