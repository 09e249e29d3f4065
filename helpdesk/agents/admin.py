"""Where staff come to the links for tickets from."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.adminkit.extensions import StaffLink, index_links, record_links
from helpdesk.guides.models import Symptom


@record_links
def link_of_record(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    if isinstance(record, Symptom) and Symptom.objects.published().filter(pk=record.pk).exists():
        yield StaffLink(_("Link for a ticket"), reverse("ticket", args=[record.number]))


@index_links
def link_on_index(request: HttpRequest) -> Iterator[StaffLink]:
    yield StaffLink(
        _("Links for tickets"),
        reverse("tickets"),
        _("Find the page for a customer, tick what was tried, copy the link."),
    )
