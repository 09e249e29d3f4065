"""Admin base class of causes and resolutions, with the symptoms that use a record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import block_list, record_link, state_badge
from helpdesk.guides.admin.preview_paths import symptom_path
from helpdesk.guides.admin.reuse import ReuseAdmin
from helpdesk.guides.models import Symptom


def symptom_line(symptom: Symptom) -> SafeString:
    """Return a link to the symptom below its guide, with its state."""
    return format_html("{} {}", record_link(symptom, symptom_path(symptom)), state_badge(symptom))


def symptoms_with(**lookup: object) -> QuerySet[Symptom]:
    """Return the symptoms that use something, each once, in the order of the site, with their guides."""
    return Symptom.objects.filter(**lookup).select_related("guide").distinct()


class SharedAdmin(ReuseAdmin):
    """Admin of a shared record of which a separate copy can be made; its queryset has `symptom_count`."""

    can_copy = True
    # Lookup from symptoms to the record.
    symptom_lookup: ClassVar[str]

    @admin.display(description=_("used on"), ordering="symptom_count")
    def uses(self, record: Any) -> int:
        return record.symptom_count

    @admin.display(description=_("Used on"))
    def used_on(self, record: Model) -> SafeString:
        symptoms = symptoms_with(**{self.symptom_lookup: record}) if record.pk else ()
        return block_list(map(symptom_line, symptoms), empty=gettext("Not used yet."))
