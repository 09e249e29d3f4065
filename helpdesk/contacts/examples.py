"""Made-up contact points for the style guide. They have keys, but are in no table."""

from __future__ import annotations

from django.utils import timezone

from helpdesk.contacts.lookup import with_lines
from helpdesk.contacts.models import ContactLine, ContactPoint

_DESK = {"slug": "example-desk", "name": "Technical help", "purpose": "When the platform does not start or connect."}
_MONEY = {"slug": "example-other", "name": "Customer service", "purpose": "Questions about your account."}


def example_contacts() -> list[ContactPoint]:
    """Return a contact point with every field and two lines, and one with the required fields only."""
    everything = ContactPoint(
        pk=1,
        **_DESK,
        email="help@example.com",
        web_address="https://example.com/contact/",
        preparation="Your user name\nThe message on the screen",
        details="Calls are **recorded**.",
        confirmed_on=timezone.localdate(),
    )
    return with_lines([everything, ContactPoint(pk=2, **_MONEY)], _example_lines())


def _example_lines() -> list[ContactLine]:
    america = ContactLine(
        contact_point_id=1,
        place="United States",
        number="+1 877 442 2757",
        toll_free=True,
        languages="English, Spanish",
        hours="Mon-Fri 09:00-20:00, Sun 16:00-20:00",
        time_zone="America/New_York",
        closed_days="2026-12-25, 2027-01-01",
    )
    london = ContactLine(
        contact_point_id=1,
        place="United Kingdom",
        number="+44 20 7710 5600",
        extension="12",
        cost="Local rate",
        hours="Mon-Fri 08:30-17:00",
        time_zone="Europe/London",
        note="Ask for the help desk.",
    )
    return [america, london]
