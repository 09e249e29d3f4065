"""The publish check of the Technical FAQ."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from helpdesk.publishcheck.problems import Severity
from helpdesk.publishcheck.rules import problems_of
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import save
from tests.factories import make_faq_category, make_faq_entry, make_symptom
from tests.publishcheck.planted import (
    LIVE,
    Fault,
    assert_fault_is_kept_from_visitors_until_mended,
    change,
    form_codes,
)

pytestmark = pytest.mark.django_db


def dead_link() -> Fault:
    entry = make_faq_entry(published=False, answer="[Here](/f/9999/)")
    return entry, change(entry, answer="Yes.")


def picture() -> Fault:
    entry = make_faq_entry(published=False, answer="![ ](/static/favicon.svg)")
    return entry, change(entry, answer="![A lamp](/static/favicon.svg)")


def promised_slug() -> Fault:
    make_faq_entry(slug="old").delete()
    entry = make_faq_entry(published=False, slug="old")
    return entry, change(entry, slug="own")


FAULTS = {dead_link: "dead-link", picture: "picture-without-description", promised_slug: "promised-slug"}


@pytest.mark.parametrize(("plant", "rule"), FAULTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_fault_is_kept_from_visitors_until_it_is_mended(plant: Callable[[], Fault], rule: str) -> None:
    assert_fault_is_kept_from_visitors_until_mended(editor(), plant(), rule)


def test_reserved_slug_is_refused_at_its_field() -> None:
    response = save(editor(), make_faq_entry(published=False), slug="topic", **LIVE)
    assert list(response.context["adminform"].form.errors) == ["slug"]


def test_category_with_public_questions_takes_no_new_fault() -> None:
    category, empty = make_faq_category(), make_faq_category()
    make_faq_entry(category=category)
    client = editor()
    assert form_codes(save(client, category, introduction="[Here](/f/9999/)")) == {"dead-link"}
    assert save(client, empty, introduction="[Here](/f/9999/)").status_code == 302


def test_link_to_a_category_is_dead_without_public_questions() -> None:
    category = make_faq_category()
    entry = make_faq_entry(answer=f"[Topic]({category.get_absolute_url()})", keywords="x")
    assert [one.rule for one in problems_of(entry)] == ["dead-link", "no-review-date"]
    make_faq_entry(category=category)
    assert [one.rule for one in problems_of(entry)] == ["no-review-date"]


def test_entry_may_name_its_own_category_before_it_is_public(client: Client) -> None:
    entry = make_faq_entry(published=False)
    change(entry, answer=f"[Topic]({entry.category.get_absolute_url()}) [Me]({entry.short_url})")()
    assert save(editor(), entry, **LIVE).status_code == 302


def test_warnings_do_not_keep_an_entry_from_visitors() -> None:
    hidden = make_symptom(published=False, title="Hidden")
    entry = make_faq_entry(published=False, related_symptoms=[hidden, make_symptom()])
    found = problems_of(entry)
    assert [(one.rule, one.severity) for one in found] == [
        ("hidden-related-symptom", Severity.WARNING),
        ("no-keywords", Severity.WARNING),
        ("no-review-date", Severity.WARNING),
    ]
    assert "“Hidden”" in found[0].text
    assert save(editor(), entry, **LIVE).status_code == 302
