"""Permission rules of groups, checks, causes and resolutions."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from helpdesk.contacts.models import ContactLine
from helpdesk.guides.models import Cause, Check, Resolution, SituationGroup
from helpdesk.permissions.enforcement import register_rule

PUBLISH = "guides.publish_symptom"


def connect() -> None:
    register_rule(Check, part_of="symptom")
    register_rule(SituationGroup, part_of="guide")
    register_rule(ContactLine, part_of="contact_point")
    register_rule(Cause, public=lambda: is_shown_on_a_page("checks__symptom__"), publish=PUBLISH)
    register_rule(Resolution, public=lambda: is_shown_on_a_page("causes__checks__symptom__"), publish=PUBLISH)


def is_shown_on_a_page(prefix: str) -> Q:
    """The condition "a symptom shows it to visitors, or will" on a row that the prefix leads from to its symptoms."""
    lasting = Q(**{f"{prefix}archive_at": None}) | Q(**{f"{prefix}archive_at__gt": timezone.now()})
    return Q(**{f"{prefix}publish_at__isnull": False}) & lasting
