"""Uses of causes and resolutions by symptoms."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from helpdesk.adminkit.html import record_link, state_badge
from helpdesk.guides.admin.preview_paths import symptom_path
from helpdesk.guides.admin.reuse import ReuseAdmin
from helpdesk.guides.models import Symptom


def symptom_line(symptom: Symptom) -> SafeString:
    """Return a link to the symptom below its guide, with its state."""
    return format_html("{} {}", record_link(symptom, symptom_path(symptom)), state_badge(symptom))


def symptoms_with(**lookup: Any) -> QuerySet[Symptom]:
    """Return the symptoms that use something, each once, in the order of the site, with their guides."""
    return Symptom.objects.filter(**lookup).select_related("guide").distinct()


class SharedAdmin(ReuseAdmin):
    """Admin of a shared record of which a separate copy can be made."""

    can_copy = True

    def symptoms_of(self, record: Any) -> QuerySet[Symptom]:
        """Return the symptoms on whose pages the record stands."""
        raise NotImplementedError
