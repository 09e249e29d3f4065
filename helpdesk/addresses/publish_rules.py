"""Rules of the publish check about addresses: where links lead, and what a slug may be."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.addresses.link_checker import fault_of
from helpdesk.addresses.models import Addressed, refuse_reserved_slug
from helpdesk.addresses.page_index import directory
from helpdesk.content.kinds import kind_named
from helpdesk.publishcheck.problems import Problem
from helpdesk.publishcheck.text_rules import long_sentences, picture_problems
from helpdesk.text import readability


def text_problems(
    record: Model, *fields: str, at: datetime | None, together: Set[int] = frozenset()
) -> Iterator[Problem]:
    """All that can be wrong with Markdown fields: links, pictures, long sentences."""
    for field in fields:
        yield from link_problems(record, field, at=at, together=together)
        yield from picture_problems(record, field)
        yield from long_sentences(record, field)


def link_problems(record: Model, field: str, *, at: datetime | None, together: Set[int]) -> Iterator[Problem]:
    """Links and pictures in a Markdown field that lead nowhere from a moment on, or by a way that may change."""
    found = readability.parts(getattr(record, field))
    moment = at or timezone.now()
    addresses = {picture.src for picture in found.pictures}
    for link in found.links:
        if link.href is None:
            text = _("The link “%(words)s” has an address that is not allowed, so it leads nowhere.")
            yield Problem("dead-link", text % {"words": link.words}, record, field)
        else:
            addresses.add(link.href)
    for href in sorted(addresses):
        fault = fault_of(href, directory(), moment, anchors=found.anchors, together=together)
        if fault is not None:
            yield Problem(fault.rule, fault.text, record, field, fault.severity)


def slug_problems(record: Addressed) -> Iterator[Problem]:
    """A slug that is a word of the address scheme, or that old links to something else still use."""
    try:
        refuse_reserved_slug(record.slug)
    except ValidationError as refused:
        yield Problem("reserved-slug", " ".join(refused.messages), record, "slug")
    parent: Any = getattr(record, record.address_scope) if record.address_scope else None
    kind, scope = record.address_kind, parent.number if parent else 0
    owners = [number for number in directory().former_owners(kind, record.slug, scope) if number != record.number]
    if owners:
        yield Problem("promised-slug", _promise(kind, record.slug, owners[0]), record, "slug")


def _promise(kind: str, slug: str, owner: int) -> str:
    page = directory().by_number(kind, owner)
    words = {"slug": slug, "kind": kind_named(kind).label, "number": owner, "name": page.name if page else ""}
    if page:
        text = _(
            "“%(slug)s” was the address of the %(kind)s “%(name)s” (help no. %(number)d), and old links still use it. "
            "Choose another one, or first end that redirect under “Former addresses”."
        )
    else:
        text = _(
            "“%(slug)s” was the address of a %(kind)s that is gone (help no. %(number)d), and old links still use it. "
            "Choose another one, or first end its former address under “Former addresses”."
        )
    return text % words
