"""Which records of the FAQ staff may change: what is public, or will be, needs the right to publish."""

from __future__ import annotations

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.permission_rules import is_page
from helpdesk.permissions.rules import govern


def connect() -> None:
    govern(FaqCategory)
    govern(FaqEntry, public=is_page, publish="faq.publish_faqentry")
