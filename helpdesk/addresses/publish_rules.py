"""Rules of the publish check that all content shares: links, texts, slug, keywords and review date."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.link_checker import link_fault
from helpdesk.addresses.models import RESERVED_SLUGS, Addressed
from helpdesk.addresses.page_index import page_index
from helpdesk.content.markdown_field import MarkdownField
from helpdesk.content.publishing import Publishable
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.markup_rules import markup_in_plain_text
from helpdesk.publishcheck.problems import Problem, ProblemMessage
from helpdesk.publishcheck.rules import common_rule
from helpdesk.publishcheck.text_rules import keyword_problems, long_sentences, picture_problems, review_problems
from helpdesk.text import readability

REFUSED_LINK = ProblemMessage(
    "dead-link", _("The address of the link “%(words)s” isn't allowed. Correct or remove the link."), variant="refused"
)
RESERVED_SLUG = ProblemMessage("reserved-slug", _("“%(slug)s” is reserved. Choose another slug."))
PROMISED_SLUG = ProblemMessage(
    "promised-slug",
    _(
        "“%(slug)s” is a former slug of the %(kind)s “%(name)s” (help no. %(number)d), and old "
        "links still use it. Choose another slug, or end it under “Former addresses” first."
    ),
)
PROMISED_SLUG_OF_DELETED = ProblemMessage(
    "promised-slug",
    _(
        "“%(slug)s” is a former slug of a deleted %(kind)s (help no. %(number)d), and old "
        "links still use it. Choose another slug, or end it under “Former addresses” first."
    ),
    variant="deleted",
)


@common_rule
def shared_problems(record: Model, context: CheckContext) -> Iterator[Problem]:
    """Yield what can be wrong with any record, by what it has: an address, texts, keywords, a public life."""
    if isinstance(record, Addressed):
        yield from slug_problems(record, context)
        context = context.along_with(record.number, record.scope)
    for field in record._meta.fields:
        if isinstance(field, MarkdownField):
            yield from link_problems(record, field.name, context)
            yield from picture_problems(record, field.name)
            yield from long_sentences(record, context, field.name)
    yield from markup_in_plain_text(record, context)
    if hasattr(record, "keywords"):
        yield from keyword_problems(record)
    if isinstance(record, Publishable):
        yield from review_problems(record)


def link_problems(record: Model, field: str, context: CheckContext) -> Iterator[Problem]:
    """Yield links and pictures of a Markdown field that lead nowhere, or by an address that may change."""
    found = readability.parts(getattr(record, field))
    addresses = {picture.src for picture in found.pictures}
    for link in found.links:
        if link.href is None:
            yield REFUSED_LINK.on(record, field, words=link.words)
        else:
            addresses.add(link.href)
    for href in sorted(addresses):
        fault = link_fault(href, context, anchors=found.anchors)
        if fault is not None:
            yield fault.message.on(record, field, **fault.values)


def slug_problems(record: Addressed, context: CheckContext) -> Iterator[Problem]:
    """Yield a slug that is a word of the address scheme, or that old links to another record still use."""
    if record.slug in RESERVED_SLUGS:
        yield RESERVED_SLUG.on(record, "slug", slug=record.slug)
    kind, pages = record.address_kind, page_index(context)
    owners = [one for one in pages.former_owners(kind, record.slug, record.scope) if one != record.number]
    if owners:
        page = pages.by_number(kind, owners[0])
        message = PROMISED_SLUG if page else PROMISED_SLUG_OF_DELETED
        name = page.name if page else ""
        yield message.on(record, "slug", slug=record.slug, kind=kind, name=name, number=owners[0])
