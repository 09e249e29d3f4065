"""Lookup of guides and symptoms by the slugs of an address, former slugs included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from helpdesk.addresses.former import current_slugs
from helpdesk.contacts.lookup import attach_lines
from helpdesk.content.audience import Audience
from helpdesk.content.compiled_query import CompiledQuery, Param
from helpdesk.guides.models import Cause, Check, Guide, Symptom
from helpdesk.guides.models.symptoms import LIST_ORDER
from helpdesk.redirects.lookup import raise_outcome

# No symptom has nearly as many checks; a longer list in an address is not looked up any further.
MOST_SLUGS = 40
SLUG = re.compile(r"[a-z0-9-]{1,80}")


_guide = CompiledQuery(lambda audience: Guide.objects.visible_to(audience).filter(slug=Param("slug")))
_guides = CompiledQuery(
    lambda audience: (
        Guide.objects.visible_to(audience)
        .annotate(symptom_count=Symptom.objects.visible_to(audience).count_in_guide())
        .only("slug", "title", "introduction", "icon")
    )
)
_situations = CompiledQuery(
    lambda audience: (
        Symptom.objects.visible_to(audience)
        .filter(guide_id=Param("guide"))
        .select_related("group")
        .order_by(*LIST_ORDER)
        .only("slug", "number", "title", "message", "keywords", "group__title")
    )
)
_symptom = CompiledQuery(
    lambda audience: (
        Symptom.objects.visible_to(audience)
        .select_related("guide", "leads_to")
        .filter(guide__slug=Param("guide"), slug=Param("slug"))
        .order_by()
    )
)
_checks = CompiledQuery(lambda audience: Check.objects.for_page().filter(symptom_id=Param("symptom")))


def _entries_about_symptom(audience: Audience) -> QuerySet[Model]:
    # The FAQ builds on the guides, so its entries are reached through the relation.
    faq_entry: Any = Symptom.faq_entries.rel.related_model
    about = faq_entry.objects.visible_to(audience).filter(related_symptoms=Param("symptom"))
    return about.only("slug", "question")


_entries = CompiledQuery(_entries_about_symptom)


def find_guide(audience: Audience, slug: str) -> Guide:
    """Return the guide with this slug. One query. Raises Renamed, Moved, Gone, Http404."""
    found = _guide.first(audience, slug=slug)
    if found is None:
        raise_outcome(audience, Guide, guide=slug)
    return found


def guides_with_counts(audience: Audience) -> Sequence[Guide]:
    """Return the guides in order, each with its `symptom_count`. One query."""
    return _guides.all(audience)


def situations_of(audience: Audience, guide: Guide) -> Sequence[Symptom]:
    """Return the symptoms of the guide in order. One query."""
    return _situations.all(audience, guide=guide.pk)


def find_symptom(audience: Audience, guide: str, symptom: str) -> Symptom:
    """Return the symptom at this address with all that its pages read. Three queries.

    Raises Renamed, Moved, Gone, Http404.
    """
    found = _symptom.first(audience, guide=guide, slug=symptom)
    if found is None:
        raise_outcome(audience, Symptom, guide=guide, symptom=symptom)
    found.checks_in_order = _checks.all(audience, symptom=found.pk)
    attach_contacts(found)
    return found


def attach_contacts(symptom: Symptom) -> None:
    """Give the contact points of a symptom's checks their lines, and the symptom all others with lines. One query."""
    named = [check.cause.resolution.contact_point for check in symptom.checks_in_order]
    symptom.other_contacts = attach_lines(contact for contact in named if contact is not None)


def entries_about(audience: Audience, symptom: Symptom) -> Sequence[Model]:
    """Return the FAQ entries that name the symptom, in the order of the FAQ. One query."""
    return _entries.all(audience, symptom=symptom.pk)


def renamed_causes(slugs: Iterable[str], symptom: Symptom) -> dict[str, str]:
    """Return the slug that took the place of each one that is none of the symptom's causes, or is in upper case.

    Either the cause itself had it before, or its check was about another cause, of which a copy was made for this
    symptom. No query if all are known.
    """
    known = symptom.check_slugs
    lower = {slug: slug.lower() for slug in slugs if slug not in known}
    unknown = [slug for slug in dict.fromkeys(lower.values()) if slug not in known and SLUG.fullmatch(slug)][
        :MOST_SLUGS
    ]
    renamed: dict[str, str] = {}
    if unknown:
        checks = {check.pk: check.cause.slug for check in symptom.checks_in_order}
        renamed = current_slugs(Cause, unknown) | replaced_causes(unknown, checks)
    present = {slug: renamed.get(plain, plain) for slug, plain in lower.items()}
    return {slug: now for slug, now in present.items() if now != slug}


def replaced_causes(slugs: Sequence[str], checks: dict[int, str]) -> dict[str, str]:
    """Return for each slug the cause that took its place in its check; `checks` has slugs by primary key. One query."""
    former = Check.history.filter(id__in=list(checks), cause__slug__in=slugs).order_by("history_date", "history_id")
    return {slug: checks[check] for slug, check in former.values_list("cause__slug", "id")}
