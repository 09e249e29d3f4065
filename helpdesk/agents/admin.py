"""Links from the admin to the links for tickets."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from helpdesk.adminkit.extensions import StaffLink, index_links, record_links
from helpdesk.guides.models import Symptom


@record_links
def link_of_record(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    """Yield the link for a ticket of a public symptom. One query."""
    if isinstance(record, Symptom) and Symptom.objects.published().filter(pk=record.pk).exists():
        yield StaffLink(gettext("Ticket link"), reverse("ticket", args=[record.number]))


@index_links
def link_on_index(request: HttpRequest) -> Iterator[StaffLink]:
    """Yield the link on the start page."""
    yield StaffLink(
        gettext("Ticket links"),
        reverse("tickets"),
        gettext("Find the customer's situation, mark what they've checked, copy the link."),
    )
