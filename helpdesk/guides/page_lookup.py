"""Lookup of guides and symptoms by the slugs of an address, former slugs included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from django.db.models import Model, QuerySet

from helpdesk.addresses.former import Gone, Renamed, current_slugs, first_public
from helpdesk.addresses.models import FormerAddress
from helpdesk.content.audience import VISITOR, Audience
from helpdesk.content.compiled_query import CompiledQuery, Param
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Symptom
from helpdesk.redirects.resolver import dead_end, go_on, is_no_secret, led_on

# No symptom has nearly as many checks; a longer list in an address is not looked up any further.
MOST_SLUGS = 40
SLUG = re.compile(r"[a-z0-9-]{1,80}")


_guide = CompiledQuery(lambda audience: Guide.objects.visible_to(audience).filter(slug=Param("slug")))
_guides = CompiledQuery(
    lambda audience: (
        Guide.objects.visible_to(audience)
        .annotate(symptom_count=Symptom.objects.visible_to(audience).count_in_guide())
        .only("slug", "title", "introduction")
    )
)
_situations = CompiledQuery(
    lambda audience: (
        Symptom.objects.visible_to(audience)
        .filter(guide_id=Param("guide"))
        .order_by("position", "number")
        .only("slug", "title", "message")
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
_contacts = CompiledQuery(lambda audience: ContactPoint.objects.all())


def find_guide(audience: Audience, slug: str) -> Guide:
    """Return the guide with this slug. One query. Raises Renamed, Moved, Gone, Http404."""
    found = _guide.first(audience, slug=slug)
    if found is None:
        follow_guide(audience, slug)
    return found


def guides_with_counts(audience: Audience) -> Sequence[Guide]:
    """Return the guides in order, each with its `symptom_count`. One query."""
    return _guides.all(audience)


def situations_of(audience: Audience, guide: Guide) -> Sequence[Symptom]:
    """Return the symptoms of the guide in order. One query."""
    return _situations.all(audience, guide=guide.pk)


def find_symptom(audience: Audience, guide: str, symptom: str) -> Symptom:
    """Return the symptom at this address with all that its pages read. Two queries.

    Raises Renamed, Moved, Gone, Http404.
    """
    found = _symptom.first(audience, guide=guide, slug=symptom)
    if found is None:
        follow_symptom(audience, guide, symptom)
    found.checks_in_order = _checks.all(audience, symptom=found.pk)
    return found


def entries_about(audience: Audience, symptom: Symptom) -> Sequence[Model]:
    """Return the FAQ entries that name the symptom, in the order of the FAQ. One query."""
    return _entries.all(audience, symptom=symptom.pk)


def all_contacts() -> Sequence[ContactPoint]:
    """Return all contact points in order. One query."""
    return _contacts.all(VISITOR)


def follow_guide(audience: Audience, slug: str) -> NoReturn:
    """Raise what an address without a visible guide means: Renamed, Moved, Gone or Http404."""
    owners = guide_owners(slug)
    guide = first_public(Guide, owners, Guide.objects.visible_to(audience))
    if guide is not None:
        raise Renamed(guide=guide.slug)
    go_on(audience, led_on(Guide, owners))
    ended = FormerAddress.objects.ended("guide", slug.lower())
    dead_end(Guide, owners, ended, at=audience.as_of)


def follow_symptom(audience: Audience, guide: str, symptom: str) -> NoReturn:
    """Raise what an address without a visible symptom means: Renamed, Moved, Gone or Http404.

    A guide's old slug counts as well as a symptom's, and a slug counts in each guide that ever had it, the
    present owner first: so it does not matter whether a page was renamed, moved, or two changed places.
    """
    slug = symptom.lower()
    guides = guide_owners(guide)
    owners = symptom_owners(guides, slug)
    found = first_public(Symptom, owners, Symptom.objects.visible_to(audience).select_related("guide"))
    if found is not None:
        raise Renamed(guide=found.guide.slug, symptom=found.slug)
    go_on(audience, led_on(Symptom, owners))
    live_guide = first_public(Guide, guides, Guide.objects.visible_to(audience))
    if live_guide is None:
        go_on(audience, led_on(Guide, guides))
        if is_no_secret(Guide, FormerAddress.objects.ended("guide", guide.lower())):
            raise Gone
    ended = FormerAddress.objects.ended("symptom", slug, scopes=guides)
    dead_end(Symptom, owners, ended, record=live_guide, at=audience.as_of)


def guide_owners(slug: str) -> list[int]:
    """Return the help numbers of the guides that have or had this slug, today's owner first. Two queries."""
    slug = slug.lower()
    today = Guide.objects.filter(slug=slug).values_list("number", flat=True)
    return [*today, *FormerAddress.objects.owners("guide", slug)]


def symptom_owners(guides: Sequence[int], slug: str) -> list[int]:
    """Return the help numbers of the symptoms that have or had this slug in these guides, by guide. Two queries."""
    today = Symptom.objects.filter(guide__number__in=guides, slug=slug).values_list("guide__number", "number")
    former = FormerAddress.objects.active().filter(kind=Symptom.address_kind, slug=slug, scope__in=guides)
    owners = [*today, *former.order_by("-until", "-pk").values_list("scope", "number")]
    return [number for guide in guides for scope, number in owners if scope == guide]


def renamed_causes(slugs: Iterable[str], symptom: Symptom) -> dict[str, str]:
    """Return the slug that took the place of each one that is none of the symptom's causes.

    Either the cause itself had it before, or its check was about another cause, of which a copy was made for this
    symptom. No query if all are known.
    """
    known = symptom.check_slugs
    unknown = [slug for slug in slugs if slug not in known and SLUG.fullmatch(slug)][:MOST_SLUGS]
    if not unknown:
        return {}
    checks = {check.pk: check.cause.slug for check in symptom.checks_in_order}
    return current_slugs(Cause, unknown) | replaced_causes(unknown, checks)


def replaced_causes(slugs: Sequence[str], checks: dict[int, str]) -> dict[str, str]:
    """Return for each slug the cause that took its place in its check; `checks` has slugs by primary key. One query."""
    former = Check.history.filter(id__in=list(checks), cause__slug__in=slugs).order_by("history_date", "history_id")
    return {slug: checks[check] for slug, check in former.values_list("cause__slug", "id")}
