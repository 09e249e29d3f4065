"""Rules of the publish check for promised searches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.link_checker import link_fault
from helpdesk.contacts.models import ContactPoint
from helpdesk.outside.publish_rules import ADDRESS_MISSING, UNKNOWN, outside_pages
from helpdesk.publishcheck.context import CheckContext, cached_per_context
from helpdesk.publishcheck.problems import Problem, ProblemMessage
from helpdesk.publishcheck.rules import load_for_check, rules_for
from helpdesk.search.models import CONTACT_LINK, Promise
from helpdesk.text.outside_links import SCHEME

NO_CONTACT = ProblemMessage(
    "dead-link", _("No contact point is called “%(key)s”. Choose another page."), variant="contact"
)


def promised_from(promise: Promise) -> datetime:
    """Return the moment from which visitors find the page: a promise holds as soon as it is saved."""
    return timezone.now()


load_for_check(Promise, public_from=promised_from)


@cached_per_context
def contact_keys() -> set[str]:
    """Return the keys of all contact points. One query."""
    return set(ContactPoint.objects.values_list("slug", flat=True))


@rules_for(Promise)
def promise_problems(promise: Promise, context: CheckContext) -> Iterator[Problem]:
    """Yield a promised page that is gone or not public."""
    if promise.page.startswith(CONTACT_LINK):
        key = promise.page.removeprefix(CONTACT_LINK)
        if key not in contact_keys(context):
            yield NO_CONTACT.on(promise, "page", key=key)
    elif promise.page.startswith(SCHEME):
        yield from _outside_problems(promise, context)
    elif fault := link_fault(promise.page, context, anchors=frozenset()):
        yield fault.message.on(promise, "page", **fault.values)


def _outside_problems(promise: Promise, context: CheckContext) -> Iterator[Problem]:
    key = promise.page.removeprefix(SCHEME)
    page = outside_pages(context).get(key)
    if page is None:
        yield UNKNOWN.on(promise, "page", key=key, words=promise.page)
    elif not page.address:
        yield ADDRESS_MISSING.on(promise, "page", name=page.name)
