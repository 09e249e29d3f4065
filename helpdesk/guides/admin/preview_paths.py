"""The public pages on which guides' records stand, for the preview of what is not saved yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.contentadmin.preview import Place
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom

Shared = Cause | Resolution | ContactPoint


def symptom_path(symptom: Symptom) -> str:
    """The symptom below its guide: "I cannot log in › Nothing happens"."""
    return f"{symptom.guide} › {symptom}"


def page_of(name: str, symptom: Symptom, **slugs: str) -> str:
    """The public address of one of a symptom's pages."""
    return reverse(f"help:{name}", kwargs={"guide": symptom.guide.slug, "symptom": symptom.slug, **slugs})


def places_of_guide(guide: Guide) -> list[Place]:
    return [Place(str(guide), guide.get_absolute_url()), Place(_("Its card on the home page"), reverse("help:home"))]


def places_of_symptom(symptom: Symptom) -> list[Place]:
    here = Place(str(symptom), symptom.get_absolute_url())
    list_of_guide = Place(_("In the list of its guide"), symptom.guide.get_absolute_url())
    if symptom.leads_to_id:
        return [here, list_of_guide]
    more = [
        Place(_("All checks on one page"), page_of("all", symptom)),
        Place(_("Talk to a person"), page_of("contact", symptom)),
    ]
    return [here, *more, list_of_guide]


def places_of_cause(cause: Cause, changed: set[str]) -> list[Place]:
    """Each check of the cause and, where it says how to avoid it, the page after "This fixed it".

    That page comes first where nothing but the way to avoid it has changed.
    """
    stored = checks_of(cause)
    checks = stored or [example_of_cause(cause)]
    pages = places_of_checks(checks, is_example=not stored)
    if not cause.prevention and "prevention" not in changed:
        return pages
    fixed = [
        Place(_("%(page)s, after “This fixed it”") % {"page": page.text}, fixed_page(check), page.note)
        for check, page in zip(checks, pages, strict=True)
    ]
    return [*fixed, *pages] if changed == {"prevention"} else [*pages, *fixed]


def places_of_resolution(resolution: Resolution) -> list[Place]:
    checks = checks_of(resolution)
    if checks:
        return places_of_checks(checks)
    cause = resolution.causes.first() or example_cause(resolution)
    return places_of_checks([example_of_cause(cause)], is_example=True)


def places_of_contact_point(contact_point: ContactPoint) -> list[Place]:
    """The contact page of each symptom that names it, then the page with all of them."""
    symptoms = dict.fromkeys(check.symptom for check in checks_of(contact_point))
    return [
        *(Place(symptom_path(symptom), page_of("contact", symptom)) for symptom in symptoms),
        Place(_("All ways to contact us"), reverse("help:contact-points")),
    ]


def checks_of(record: Shared) -> list[Check]:
    """The checks on whose pages the record stands, in the order of the site, with what their addresses are made of.

    One query. Those of a cause have it as it is in memory, under an address that may not be stored yet.
    """
    way = {Cause: "cause", Resolution: "cause__resolution", ContactPoint: "cause__resolution__contact_point"}
    order = ("symptom__guide__position", "symptom__guide__number", "symptom__position", "symptom__number", "position")
    found = Check.objects.filter(**{way[type(record)]: record.pk}).order_by(*order)
    checks = list(found.select_related("symptom__guide", "cause"))
    if isinstance(record, Cause):
        for check in checks:
            check.cause = record
    return checks


def pages_of(record: Shared, changed: set[str]) -> dict[Symptom, str]:
    """The symptoms that show the record, in the order of the site, each with its page that shows what has changed."""
    pages: dict[Symptom, str] = {}
    for check in checks_of(record):
        if isinstance(record, ContactPoint):
            page = page_of("contact", check.symptom)
        elif changed == {"prevention"}:
            page = fixed_page(check)
        else:
            page = check_page(check)
        pages.setdefault(check.symptom, page)
    return pages


def check_page(check: Check) -> str:
    return page_of("check", check.symptom, cause=check.cause.slug)


def fixed_page(check: Check) -> str:
    return f"{page_of('fixed', check.symptom)}?by={check.cause.slug}"


def places_of_checks(checks: Iterable[Check], *, is_example: bool = False) -> list[Place]:
    """The page of each check; one that was made up says so."""
    note = _("It stands on no page yet. This is an example page around it.") if is_example else ""
    return [Place(symptom_path(check.symptom), check_page(check), note) for check in checks]


def example_cause(resolution: Resolution) -> Cause:
    """A cause for a resolution that answers none yet; stored, to be taken back."""
    text = _("Here stands how to check it.")
    return Cause.objects.create(
        slug="example-cause-of-the-preview", title=_("Example check"), how_to_check=text, resolution=resolution
    )


def example_of_cause(cause: Cause) -> Check:
    """A page around a cause that stands on none yet; stored, to be taken back."""
    title = _("Example guide")
    guide = Guide.objects.create(slug="example-guide-of-the-preview", title=title, short_title=title)
    symptom = Symptom.objects.create(guide=guide, slug="example", title=_("Example situation"))
    return Check.objects.create(symptom=symptom, cause=cause, position=1)
