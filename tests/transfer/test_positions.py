"""Places of imported records: those of the file, or after all that is here."""

from __future__ import annotations

import pytest

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import ContactLine, ContactPoint, Guide, Symptom
from tests.factories import (
    make_contact_line,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_symptom,
)
from tests.transfer.portals import empty_the_portal, exported, imported, planned

pytestmark = pytest.mark.django_db

BUNDLE = """\
helpdesk bundle: {format}
contact points:
  - slug: desk
    name: Desk
    for what: All.
    lines:
      - {{slug: old-line, number: "+44 20 7710 5600", position: 4}}
      - {{slug: b-line, number: "+44 20 7710 5600"}}
      - {{slug: a-line, number: "+44 20 7710 5600"}}
  - {{slug: b, name: B, for what: All., email: b@example.com}}
  - {{slug: a, name: A, for what: All., email: a@example.com{position}}}
guides:
  - slug: login
    number: {guide}
    title: Login
    short title: Login
    symptoms:
      - {{slug: new, title: New}}
  - {{slug: later, title: Later, short title: Later}}
FAQ:
  - slug: old
    title: Old
    entries:
      - {{slug: one, question: One?, answer: One.}}
      - {{slug: two, question: Two?, answer: Two.}}
  - {{slug: new, title: New}}
"""


def test_records_without_a_position_come_last_in_the_order_of_the_file() -> None:
    desk = make_contact_point(slug="desk", name="Desk", purpose="All.", number="", position=3)
    make_contact_line(contact_point=desk, slug="old-line", position=4)
    guide = make_guide(slug="login", title="Login", published=False, position=2)
    make_symptom(guide=guide, slug="there", published=False, position=7)
    category = make_faq_category(slug="old", title="Old", position=5)
    make_faq_entry(category=category, slug="zero", published=False, position=1)
    text = BUNDLE.format(format=2, guide=guide.number, position="")
    imported(text)
    assert list(ContactPoint.objects.values_list("slug", "position")) == [("desk", 3), ("b", 4), ("a", 5)]
    assert list(ContactLine.objects.values_list("slug", "position")) == [("old-line", 4), ("b-line", 5), ("a-line", 6)]
    assert list(Guide.objects.values_list("slug", "position")) == [("login", 2), ("later", 3)]
    assert list(Symptom.objects.order_by("position").values_list("slug", "position")) == [("there", 7), ("new", 8)]
    assert list(FaqCategory.objects.values_list("slug", "position")) == [("old", 5), ("new", 6)]
    assert list(FaqEntry.objects.order_by("position").values_list("slug", "position")) == [
        ("zero", 1),
        ("one", 2),
        ("two", 3),
    ]
    assert [row.id for row in planned(text)[1].rows if "position" in row.changed] == [], "what it does not say stays"


def test_position_of_the_file_stays_and_others_come_after_it() -> None:
    imported(BUNDLE.format(format=2, guide=1, position=", position: 9"))
    assert list(ContactPoint.objects.values_list("slug", "position")) == [("a", 9), ("desk", 10), ("b", 11)]


def test_first_position_that_version_1_left_out_stays_the_first() -> None:
    make_contact_point(slug="here", position=5)
    imported(BUNDLE.format(format=1, guide=1, position=", position: 1"))
    assert list(ContactPoint.objects.values_list("slug", "position")) == [("b", 0), ("desk", 0), ("a", 1), ("here", 5)]


def test_first_place_goes_along() -> None:
    make_guide(slug="second", published=False, position=1)
    make_guide(slug="first", published=False, position=0)
    text = exported()
    assert "position: 0" in text
    empty_the_portal()
    imported(text)
    assert exported() == text
