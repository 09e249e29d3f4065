"""Export into an empty portal and export again: the same site, the same file to the byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.addresses.models import FormerAddress
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Guide, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.search import index
from helpdesk.transfer.bundle_reader import read_bundle
from helpdesk.transfer.bundle_writer import bundle_text
from helpdesk.transfer.snapshot import selection, stored_content
from tests.factories import make_faq_entry, make_guide, make_symptom
from tests.transfer.portals import CONTENT, empty_the_portal, exported, imported, planned, site, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(first_content: None) -> None:
    """First content with some changes after it."""
    symptom = Symptom.objects.get(number=1101)
    symptom.introduction = "From a browser\r\nwith its line ends.  \r\n\r\n  - and a list\r\n"
    symptom.keywords = "null"
    symptom.save()
    guide = Guide.objects.get(number=1002)
    guide.slug = "account-management"
    guide.save()
    moved = Symptom.objects.filter(guide=guide).first()
    moved.slug = "renamed"
    moved.save()
    text = exported()
    entry = next(entry for entry in FaqEntry.objects.all() if f"/f/{entry.number}/" not in text)
    entry.archive_at = timezone.now() - timedelta(hours=1)
    entry.save()
    make_guide(published=False, title="A draft: not “yet”", slug="draft")
    make_faq_entry(category=entry.category, published=False, publish_at=datetime(2030, 1, 1, tzinfo=UTC))


def test_all_content_makes_the_same_site_and_the_same_file(portal: None) -> None:
    before, pages = exported(), site()
    counts = {model: model.objects.count() for model in CONTENT}
    empty_the_portal()
    assert exported().splitlines()[-1] == "helpdesk bundle: 2"
    result = imported(before)
    assert result.waiting == 0
    assert {model: model.objects.count() for model in CONTENT} == counts
    assert exported() == before
    after = site()
    assert len(pages) > 80
    assert after.keys() == pages.keys()
    assert {path for path in pages if pages[path] != after[path]} == set()
    assert list(index.drift()) == []


def test_second_import_has_nothing_to_do(portal: None) -> None:
    _content, plan = planned(exported())
    assert {str(row.state) for row in plan.rows} == {"same"}
    before = exported(), Symptom.history.count()
    assert imported(exported()).is_nothing
    assert (exported(), Symptom.history.count()) == before


def test_old_links_work_in_the_new_portal(portal: None, client: Client) -> None:
    text = exported()
    empty_the_portal()
    assert client.get("/guides/account-management-login/").status_code == 404
    imported(text)
    response = client.get("/guides/account-management-login/")
    assert (response.status_code, response.headers["Location"]) == (301, "/guides/account-management/")
    assert client.get("/g/1002/").status_code == 302


def test_former_address_that_staff_ended_stays_ended(portal: None, client: Client) -> None:
    living = exported()
    moment = datetime(2026, 11, 2, 9, tzinfo=UTC)
    FormerAddress.objects.filter(slug="account-management-login").update(ended_at=moment)
    text = exported()
    assert set(text.splitlines()) - set(living.splitlines()) == {"        ended: 2026-11-02 09:00:00+00:00"}
    empty_the_portal()
    imported(text)
    assert FormerAddress.objects.get(slug="account-management-login").ended_at == moment
    assert exported() == text
    assert client.get("/guides/account-management-login/").status_code == 410
    # A bundle of the time before does not know of the end, and revives nothing.
    assert states(planned(living)[1]) == {}


def test_end_of_a_former_address_is_taken_over_with_its_page(portal: None) -> None:
    living = exported()
    FormerAddress.objects.filter(slug="account-management-login").update(ended_at=timezone.now())
    text = exported()
    empty_the_portal()
    imported(living)
    assert states(planned(text)[1]) == {"guide:account-management": "changed"}
    assert FormerAddress.objects.get(slug="account-management-login").ended_at is None
    imported(text, ["*"])
    assert exported().count("ended: ") == 1


def test_every_record_has_its_history(portal: None) -> None:
    text = exported()
    empty_the_portal()
    imported(text)
    for model in CONTENT:
        rows = model.history.values_list("history_type", "history_change_reason")
        assert set(rows) == {("+", Reason.IMPORTED.of("test.yaml"))}
        assert len(rows) == model.objects.count()
    entry = FaqEntry.objects.filter(related_symptoms__isnull=False).first()
    related = [link.symptom_id for link in entry.history.first().related_symptoms.all()]
    assert sorted(related) == sorted(entry.related_symptoms.values_list("pk", flat=True))


def test_guide_goes_with_all_that_belongs_to_it(portal: None) -> None:
    content = selection(stored_content(), ["trading-platform-login"])
    symptoms = Symptom.objects.filter(guide__slug="trading-platform-login")
    assert list(content.of("guide")) == ["trading-platform-login"]
    assert len(content.of("symptom")) == symptoms.count()
    assert set(content.of("cause")) == set(Cause.objects.filter(symptoms__in=symptoms).values_list("slug", flat=True))
    entries = FaqEntry.objects.filter(related_symptoms__in=symptoms)
    assert set(content.of("FAQ entry")) == set(entries.values_list("slug", flat=True))
    text = bundle_text(content)
    assert bundle_text(read_bundle(text)) == text
    empty_the_portal()
    # Its texts link to pages that stay behind, so it cannot be public at once.
    imported(text, as_drafts=True)
    assert list(Guide.objects.values_list("slug", flat=True)) == ["trading-platform-login"]


def test_guides_that_are_led_to_go_along_unless_left_out(db: Any) -> None:
    further = make_guide(slug="further")
    make_symptom(guide=make_guide(slug="first"), leads_to=further)
    content = stored_content()
    assert set(selection(content, ["first"]).of("guide")) == {"first", "further"}
    assert list(selection(content, ["first"], onward=False).of("guide")) == ["first"]


def test_export_needs_the_same_number_of_queries_whatever_there_is(
    first_content: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(20):
        stored_content()
    make_symptom()
    make_symptom()
    with django_assert_num_queries(20):
        stored_content()
