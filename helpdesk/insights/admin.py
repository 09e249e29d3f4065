"""What the work list and the map add to the admin pages of others."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.guides.models import Guide
from helpdesk.staff.additions import Link, record_tools


@record_tools
def map_link(request: HttpRequest, record: Model) -> Iterator[Link]:
    """The map, from the page of a guide."""
    if isinstance(record, Guide):
        help_text = _("The guide as a picture: situations, checks, resolutions, what helps and what is wrong")
        yield Link(_("Map"), reverse("guide-map", args=[record.pk]), help_text)
