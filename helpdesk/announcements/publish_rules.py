"""Rules of the publish check for announcements, in addition to the common rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from helpdesk.addresses.link_checker import link_fault
from helpdesk.announcements.models import Announcement
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem
from helpdesk.publishcheck.rules import load_for_check, rules_for


def announced_from(announcement: Announcement) -> datetime | None:
    """Return the moment from which visitors read it; None once it has ended."""
    ended = announcement.ends_at is not None and announcement.ends_at <= timezone.now()
    return None if ended else announcement.starts_at


load_for_check(Announcement, public_from=announced_from)


@rules_for(Announcement)
def announcement_problems(announcement: Announcement, context: CheckContext) -> Iterator[Problem]:
    """Yield a link to a page of the portal that is not public."""
    fault = link_fault(announcement.link, context, anchors=frozenset()) if announcement.link else None
    if fault is not None:
        yield fault.message.on(announcement, "link", **fault.values)
