"""Publish check of contact points: reachable, confirmed within a year, with numbers and hours that can be read."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from helpdesk.contacts.models import ContactPoint
from helpdesk.publishcheck.rules import problems_of
from tests.factories import make_contact_line, make_contact_point

pytestmark = pytest.mark.django_db


def codes(record) -> dict[str, str]:
    return {problem.message.code: problem.severity.value for problem in problems_of(record)}


def test_contact_point_nobody_can_reach_is_an_error_only_where_it_is_the_last_way() -> None:
    silent = make_contact_point(number="")
    assert codes(silent) == {"no-way-to-people": "error"}
    other = make_contact_point(number="", web_address="https://example.com/contact/")
    assert codes(silent) == {"contact-out-of-reach": "warning"}
    assert codes(other) == {}


def test_contact_point_is_to_be_confirmed_within_a_year() -> None:
    today = timezone.localdate()
    assert codes(make_contact_point(confirmed_on=today - timedelta(days=365))) == {}
    assert codes(make_contact_point(confirmed_on=today - timedelta(days=366))) == {
        "contact-not-confirmed.long-ago": "warning"
    }
    assert codes(make_contact_point(confirmed_on=None)) == {"contact-not-confirmed.never": "warning"}


def test_number_and_hours_that_cannot_be_read_are_warned_of() -> None:
    line = make_contact_line(number="0203 000 0000", hours="Always", time_zone="UTC")
    line.contact_point.confirmed_on = timezone.localdate()
    assert codes(line.contact_point) == {"number-not-complete": "warning", "hours-not-readable": "warning"}


def test_contact_point_that_nobody_can_reach_is_not_on_the_contact_page(client) -> None:
    make_contact_point(name="Phone desk")
    make_contact_point(name="Silent desk", number="")
    page = client.get("/contact/").content.decode()
    assert "Phone desk" in page
    assert "Silent desk" not in page


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:,x", "//x.y"]
)
def test_address_that_is_none_of_the_web_is_refused_and_no_link_where_it_is_stored_already(client, address) -> None:
    contact = make_contact_point(name="Web desk", number="")
    contact.web_address = address
    with pytest.raises(ValidationError):
        contact.full_clean()
    ContactPoint.objects.filter(pk=contact.pk).update(web_address=address)
    assert "Web desk" not in client.get("/contact/").content.decode()
    ContactPoint.objects.filter(pk=contact.pk).update(email="desk@example.com")
    page = client.get("/contact/").content.decode()
    assert "Web desk" in page
    assert address not in page
    assert codes(ContactPoint.objects.get(pk=contact.pk)) == {}
    ContactPoint.objects.filter(pk=contact.pk).update(email="")
    assert codes(ContactPoint.objects.get(pk=contact.pk)) == {"no-way-to-people": "error"}


def test_marks_in_a_stored_address_stay_in_its_link(client) -> None:
    contact = make_contact_point(name="Web desk", number="")
    ContactPoint.objects.filter(pk=contact.pk).update(web_address='https://x.example/"><script>alert(1)</script>')
    page = client.get("/contact/").content.decode()
    assert 'href="https://x.example/&quot;&gt;&lt;script&gt;' in page
    assert "<script>alert(1)" not in page
