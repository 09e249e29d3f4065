"""Which records of the FAQ staff may change: what is public, or will be, needs the right to publish."""

from __future__ import annotations

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.permission_rules import is_page
from helpdesk.permissions.enforcement import register_rule


def connect() -> None:
    register_rule(FaqCategory)
    register_rule(FaqEntry, public=is_page, publish="faq.publish_faqentry")
