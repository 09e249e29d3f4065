"""Rules of the publish check for announcements, in addition to the common rules."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk.addresses.link_checker import link_fault
from helpdesk.announcements.models import Announcement
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem
from helpdesk.publishcheck.rules import rules_for


@rules_for(Announcement)
def announcement_problems(announcement: Announcement, context: CheckContext) -> Iterator[Problem]:
    """Yield a link to a page of the portal that is not public."""
    fault = link_fault(announcement.link, context, anchors=frozenset()) if announcement.link else None
    if fault is not None:
        yield fault.message.on(announcement, "link", **fault.values)
