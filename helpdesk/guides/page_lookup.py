"""The guide or symptom at an address, or where an old address leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from django.apps import apps
from django.http import HttpRequest

from helpdesk.addresses.former import Gone, Moved, current_slugs, first_public
from helpdesk.addresses.models import FormerAddress
from helpdesk.content.publishing import preview_moment
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Symptom
from helpdesk.redirects.resolver import dead_end, go_on, is_no_secret, led_on
from helpdesk.web.compiled_query import Prepared, Slot
from helpdesk.web.fragments import attach
from helpdesk.web.urls import same_page

# No symptom has nearly as many checks; a longer list in an address is not looked up any further.
MOST_SLUGS = 40
SLUG = re.compile(r"[a-z0-9-]{1,80}")

# What the public pages show of each, and the banner of the staff's preview.
_OF_PAGE = ("updated_at", "publish_at", "archive_at")
_OF_GUIDE = ("number", "slug", "title", "short_title", "prompt")
_OF_SYMPTOM = ("number", "slug", "title", "message", "introduction", "notice", "guide", "leads_to")
_OF_CAUSE = ("number", "slug", "title", "how_to_check", "minutes", "prevention", "resolution")
_OF_RESOLUTION = ("title", "body", "contact_point")
_OF_CONTACT = ("slug", "name", "purpose", "phone", "email", "hours", "preparation", "details")


def _below(prefix: str, names: Iterable[str]) -> list[str]:
    return [f"{prefix}__{name}" for name in names]


_guide = Prepared(
    lambda request: (
        Guide.objects.shown_to(request).filter(slug=Slot("slug")).only(*_OF_GUIDE, "introduction", *_OF_PAGE)
    )
)
_guides = Prepared(
    lambda request: Guide.objects.shown_to(request).with_symptom_count(request).only("slug", "title", "introduction")
)
_situations = Prepared(
    lambda request: (
        Symptom.objects.shown_to(request)
        .filter(guide_id=Slot("guide"))
        .order_by("position", "number")
        .only("slug", "title", "message")
    )
)
_symptom = Prepared(
    lambda request: (
        Symptom.objects.shown_to(request)
        .select_related("guide", "leads_to")
        .filter(guide__slug=Slot("guide"), slug=Slot("slug"))
        .only(*_OF_SYMPTOM, *_OF_PAGE, *_below("guide", _OF_GUIDE), *_below("leads_to", _OF_GUIDE))
        .order_by()
    )
)
_checks = Prepared(
    lambda request: (
        Check.objects.for_page()
        .filter(symptom_id=Slot("symptom"))
        .only(
            *("symptom", "position", "cause"),
            *_below("cause", _OF_CAUSE),
            *_below("cause__resolution", _OF_RESOLUTION),
            *_below("cause__resolution__contact_point", _OF_CONTACT),
        )
    )
)
_entries = Prepared(
    lambda request: (
        # The FAQ stands above the guides.
        apps.get_model("faq", "FaqEntry")
        .objects.shown_to(request)
        .filter(related_symptoms=Slot("symptom"))
        .only("slug", "question")
    )
)
_contacts = Prepared(lambda request: ContactPoint.objects.only(*_OF_CONTACT))


def find_guide(request: HttpRequest, slug: str) -> Guide:
    """The guide with this slug, as far as the request may see it; one query. Raises Moved, Gone, Http404."""
    found = _guide.first(request, slug=slug)
    if found is None:
        follow_guide(request, slug)
    return found


def guides_with_counts(request: HttpRequest) -> Sequence[Guide]:
    """The guides that the request may see, in order, each with its `symptom_count`. One query."""
    return _guides.all(request)


def situations_of(request: HttpRequest, guide: Guide) -> Sequence[Symptom]:
    """The guide's symptoms that the request may see, in order. One query."""
    return _situations.all(request, guide=guide.pk)


def find_symptom(request: HttpRequest, guide: str, symptom: str) -> Symptom:
    """The symptom at this address with all that its pages read; two queries. Raises Moved, Gone, Http404."""
    found = _symptom.first(request, guide=guide, slug=symptom)
    if found is None:
        follow_symptom(request, guide, symptom)
    attach(found, checks_in_order=_checks.all(request, symptom=found.pk))
    return found


def entries_about(request: HttpRequest, symptom: Symptom) -> Sequence[Any]:
    """The FAQ's entries that have to do with the symptom, in its order. One query."""
    return _entries.all(request, symptom=symptom.pk)


def all_contacts(request: HttpRequest) -> Sequence[ContactPoint]:
    """All people to turn to, in order. One query."""
    return _contacts.all(request)


def follow_guide(request: HttpRequest, slug: str) -> NoReturn:
    """Raises what an address without a live guide means."""
    owners = guide_owners(slug)
    guide = first_public(Guide, owners, Guide.objects.shown_to(request))
    if guide is not None:
        raise Moved(same_page(request, guide=guide.slug))
    go_on(request, led_on(Guide, owners))
    ended = FormerAddress.objects.ended("guide", slug.lower())
    dead_end(Guide, owners, ended, at=preview_moment(request))


def follow_symptom(request: HttpRequest, guide: str, symptom: str) -> NoReturn:
    """Raises what an address without a live symptom means.

    A guide's old slug counts as well as a symptom's, and a slug counts in each guide that ever had it, the
    present owner first: so it does not matter whether a page was renamed, moved, or two changed places.
    """
    slug = symptom.lower()
    guides = guide_owners(guide)
    owners: list[int] = []
    for number in guides:
        owners += Symptom.objects.filter(guide__number=number, slug=slug).values_list("number", flat=True)
        owners += FormerAddress.objects.owners("symptom", slug, scope=number)
    found = first_public(Symptom, owners, Symptom.objects.shown_to(request).select_related("guide"))
    if found is not None:
        raise Moved(same_page(request, guide=found.guide.slug, symptom=found.slug))
    go_on(request, led_on(Symptom, owners))
    live_guide = first_public(Guide, guides, Guide.objects.shown_to(request))
    if live_guide is None:
        go_on(request, led_on(Guide, guides))
        if is_no_secret(Guide, FormerAddress.objects.ended("guide", guide.lower())):
            raise Gone
    ended = FormerAddress.objects.ended("symptom", slug, scopes=guides)
    dead_end(Symptom, owners, ended, record=live_guide, at=preview_moment(request))


def guide_owners(slug: str) -> list[int]:
    """The numbers of the guides that have or had this slug, today's owner first. Two queries."""
    slug = slug.lower()
    today = Guide.objects.filter(slug=slug).values_list("number", flat=True)
    return [*today, *FormerAddress.objects.owners("guide", slug)]


def renamed_causes(slugs: list[str], symptom: Symptom) -> dict[str, str]:
    """For each slug that is none of the symptom's causes (fetched before), the one that stands in its place now.

    Either the cause itself had it before, or its check was about another cause, of which a copy was made for this
    symptom. No query if all are known.
    """
    known = symptom.check_slugs
    unknown = [slug for slug in slugs if slug not in known and SLUG.fullmatch(slug)][:MOST_SLUGS]
    if not unknown:
        return {}
    checks = {check.pk: check.cause.slug for check in symptom.checks_in_order}
    return current_slugs(Cause, unknown) | replaced_causes(unknown, checks)


def replaced_causes(slugs: list[str], checks: dict[int, str]) -> dict[str, str]:
    """For each of these slugs the one of the cause that took its place in the same check (its row). One query."""
    former = Check.history.filter(id__in=list(checks), cause__slug__in=slugs).order_by("history_date", "history_id")
    return {slug: checks[check] for slug, check in former.values_list("cause__slug", "id")}
