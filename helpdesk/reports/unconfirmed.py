"""Contact points that nobody has confirmed for a year, for the work list."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from helpdesk.contacts.kinds import CONTACT_POINT
from helpdesk.contacts.publish_rules import CONFIRMED_FOR
from helpdesk.content.dates import day_in_words
from helpdesk.reports.work_filters import WorkFilters


def unconfirmed_contacts(filters: WorkFilters, part: slice) -> tuple[int, list[tuple[str, int, str]]]:
    """Find contact points, those confirmed the longest ago first: kind, key and reason. Two queries."""
    if CONTACT_POINT not in filters.kinds:
        return 0, []
    lately = timezone.localdate() - CONFIRMED_FOR
    points = filters.records_of_person(CONTACT_POINT).exclude(confirmed_on__gte=lately)
    shown = points.order_by(F("confirmed_on").asc(nulls_first=True), "name", "pk").values_list("pk", "confirmed_on")
    found = []
    for pk, day in shown[part]:
        text = gettext("Last confirmed on %(day)s") if day else gettext("Never confirmed")
        found.append((CONTACT_POINT.name, pk, text % {"day": day_in_words(day)} if day else text))
    return points.count(), found
