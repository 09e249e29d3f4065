"""Short form that starts an announcement: title, severity, where, until."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpdesk.announcements.models import Announcement, AnnouncementSeverity
from helpdesk.announcements.writing import start
from helpdesk.guides.models import Guide, Symptom

PORTAL = "portal"
HOURS = (1, 2, 4, 8, 24)


class StartForm(forms.Form):
    """The form; `record` is the guide or symptom that it is opened from, and is chosen in advance."""

    title = forms.CharField(
        label=_("What visitors read"),
        max_length=120,
        help_text=_("One sentence that says what doesn't work: “Logins in Europe are slow.”"),
    )
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=AnnouncementSeverity,
        initial=AnnouncementSeverity.PROBLEM,
        widget=forms.RadioSelect,
    )
    where = forms.ChoiceField(label=_("Where"), initial=PORTAL)
    hours = forms.TypedChoiceField(label=_("Until"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, record: Guide | Symptom | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Guide | Symptom] = {value_of(guide): guide for guide in Guide.objects.all()}
        if record is not None:
            self.places[value_of(record)] = record
            self.fields["where"].initial = value_of(record)
        where: Any = self.fields["where"]
        where.choices = [
            (PORTAL, gettext("The whole portal")),
            *((key, place_name(at)) for key, at in self._in_order()),
        ]
        until: Any = self.fields["hours"]
        until.choices = [("", gettext("Until someone ends it")), *((hours, hours_text(hours)) for hours in HOURS)]

    def _in_order(self) -> list[tuple[str, Guide | Symptom]]:
        """Return the situation before the guides."""
        return sorted(self.places.items(), key=lambda place: isinstance(place[1], Guide))

    def start(self) -> Announcement:
        """Start what a valid form says."""
        given = self.cleaned_data
        place = self.places.get(given["where"])
        return start(
            title=given["title"],
            severity=given["severity"],
            guides=[place] if isinstance(place, Guide) else [],
            symptoms=[place] if isinstance(place, Symptom) else [],
            lasts=timedelta(hours=given["hours"]) if given["hours"] else None,
        )


def value_of(record: Guide | Symptom) -> str:
    """Return what stands for a place in the form, "guide-12"."""
    return f"{record._meta.model_name}-{record.pk}"


def place_name(record: Guide | Symptom) -> str:
    """Return the name of a place: a guide's title, or a situation's after its guide's."""
    if isinstance(record, Symptom):
        return gettext("Situation: %(guide)s › %(name)s") % {"guide": record.guide.short_title, "name": record.title}
    return gettext("Guide: %(name)s") % {"name": record.title}


def hours_text(hours: int) -> str:
    return ngettext("For %(hours)d hour", "For %(hours)d hours", hours) % {"hours": hours}
