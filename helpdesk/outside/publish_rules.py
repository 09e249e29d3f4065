"""Rules of the publish check for links to outside pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from helpdesk.content.markdown_field import MarkdownField
from helpdesk.outside.models import OutsidePage
from helpdesk.publishcheck.context import CheckContext, cached_per_context
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.publishcheck.rules import common_rule
from helpdesk.text import readability
from helpdesk.text.outside_links import SCHEME

UNKNOWN = ProblemMessage(
    "dead-link",
    _("No outside page is called “%(key)s”. Correct the link “%(words)s”, or add the outside page."),
    variant="outside",
)
ADDRESS_MISSING = ProblemMessage(
    "address-missing", _("Address missing: %(name)s. Visitors see only the words of the link."), Severity.WARNING
)


@cached_per_context
def outside_pages() -> dict[str, OutsidePage]:
    """Return all outside pages by key. One query."""
    return {page.slug: page for page in OutsidePage.objects.all()}


@common_rule
def outside_link_problems(record: Model, context: CheckContext) -> Iterator[Problem]:
    """Yield links of any text to outside pages that do not exist, or that have no address."""
    for field in record._meta.fields:
        if isinstance(field, MarkdownField):
            yield from problems_in(record, field.name, context)


def problems_in(record: Model, field: str, context: CheckContext) -> Iterator[Problem]:
    for link in readability.parts(getattr(record, field)).links:
        if link.href is None or not link.href.startswith(SCHEME):
            continue
        key = link.href.removeprefix(SCHEME)
        page = outside_pages(context).get(key)
        if page is None:
            yield UNKNOWN.on(record, field, key=key, words=link.words)
        elif not page.address:
            yield ADDRESS_MISSING.on(record, field, name=page.name)
