"""Public pages that show the records of guides, for the preview of unsaved forms."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom

Shared = Cause | Resolution | ContactPoint


def symptom_path(symptom: Symptom) -> str:
    """Return the symptom below its guide: "I cannot log in › Nothing happens"."""
    return f"{symptom.guide} › {symptom}"


def page_of(name: str, symptom: Symptom, **slugs: str) -> str:
    """Return the public address of one of a symptom's pages."""
    return reverse(f"help:{name}", kwargs={"guide": symptom.guide.slug, "symptom": symptom.slug, **slugs})


def pages_of_guide(guide: Guide) -> list[PreviewPage]:
    card = PreviewPage(gettext("Card on the home page"), reverse("help:home"))
    return [PreviewPage(str(guide), guide.get_absolute_url()), card]


def pages_of_symptom(symptom: Symptom) -> list[PreviewPage]:
    here = PreviewPage(str(symptom), symptom.get_absolute_url())
    list_of_guide = PreviewPage(gettext("List of situations in the guide"), symptom.guide.get_absolute_url())
    if symptom.leads_to_id:
        return [here, list_of_guide]
    more = [
        PreviewPage(gettext("All checks on one page"), page_of("all", symptom)),
        PreviewPage(gettext("Contact us"), page_of("contact", symptom)),
    ]
    return [here, *more, list_of_guide]


def pages_of_cause(cause: Cause, changed: set[str]) -> list[PreviewPage]:
    """Return each check of the cause and, where it has a text on prevention, the page after "That fixed it".

    That page comes first where only that text has changed.
    """
    stored = checks_of(cause)
    checks = stored or [example_of_cause(cause)]
    pages = pages_of_checks(checks, is_example=not stored)
    if cause.question:
        pages += pages_of_fixes(checks, is_example=not stored)
    if not cause.prevention and "prevention" not in changed:
        return pages
    fixed = [
        PreviewPage(gettext("%(page)s, after “That fixed it”") % {"page": page.text}, fixed_page(check), page.note)
        for check, page in zip(checks, pages[: len(checks)], strict=True)
    ]
    return [*fixed, *pages] if changed == {"prevention"} else [*pages, *fixed]


def pages_of_resolution(resolution: Resolution) -> list[PreviewPage]:
    checks = checks_of(resolution)
    if checks:
        return pages_of_fixes(checks)
    cause = resolution.causes.first() or example_cause(resolution)
    return pages_of_fixes([example_of_cause(cause)], is_example=True)


def pages_of_contact_point(contact_point: ContactPoint) -> list[PreviewPage]:
    """Return the contact page of each symptom that names it, then the page with all contact points."""
    symptoms = dict.fromkeys(check.symptom for check in checks_of(contact_point))
    return [
        *(PreviewPage(symptom_path(symptom), page_of("contact", symptom)) for symptom in symptoms),
        PreviewPage(gettext("All ways to contact us"), reverse("help:contact-points")),
    ]


def checks_of(record: Shared) -> list[Check]:
    """Return the checks that show the record, in the order of the site, with all that their addresses need. One query.

    Checks of a cause refer to it as it is in memory, with a slug that may not be stored yet.
    """
    lookup = {Cause: "cause", Resolution: "cause__resolution", ContactPoint: "cause__resolution__contact_point"}
    order = ("symptom__guide__position", "symptom__guide__number", "symptom__position", "symptom__number", "position")
    found = Check.objects.filter(**{lookup[type(record)]: record.pk}).order_by(*order)
    checks = list(found.select_related("symptom__guide", "cause"))
    if isinstance(record, Cause):
        for check in checks:
            check.cause = record
    return checks


def pages_of(record: Shared, changed: set[str]) -> dict[Symptom, str]:
    """Return the symptoms that show the record, in the order of the site, each with its page that shows the change."""
    pages: dict[Symptom, str] = {}
    for check in checks_of(record):
        if isinstance(record, ContactPoint):
            page = page_of("contact", check.symptom)
        elif changed == {"prevention"}:
            page = fixed_page(check)
        else:
            page = fix_page(check) if isinstance(record, Resolution) or changed == {"resolution"} else check_page(check)
        pages.setdefault(check.symptom, page)
    return pages


def check_page(check: Check) -> str:
    return page_of("check", check.symptom, cause=check.cause.slug)


def fix_page(check: Check) -> str:
    """Return the page that shows what to do: the check itself where nothing is asked."""
    return page_of("fix" if check.cause.question else "check", check.symptom, cause=check.cause.slug)


def fixed_page(check: Check) -> str:
    return f"{page_of('fixed', check.symptom)}?by={check.cause.slug}"


def pages_of_checks(checks: Iterable[Check], *, is_example: bool = False) -> list[PreviewPage]:
    """Return the page of each check; an example is noted as such."""
    note = gettext("Not used on any page yet. This is an example page.") if is_example else ""
    return [PreviewPage(symptom_path(check.symptom), check_page(check), note) for check in checks]


def pages_of_fixes(checks: Iterable[Check], *, is_example: bool = False) -> list[PreviewPage]:
    """Return the page of each check that shows what to do; an example is noted as such."""
    note = gettext("Not used on any page yet. This is an example page.") if is_example else ""
    return [PreviewPage(fix_title(check), fix_page(check), note) for check in checks]


def fix_title(check: Check) -> str:
    path = symptom_path(check.symptom)
    return gettext("%(page)s, after “Yes”") % {"page": path} if check.cause.question else path


def example_cause(resolution: Resolution) -> Cause:
    """Create an example cause for a resolution without one, to be rolled back."""
    text = gettext("How to find out.")
    return Cause.objects.create(
        slug="example-cause-of-the-preview", title=gettext("Example check"), how_to_check=text, resolution=resolution
    )


def example_of_cause(cause: Cause) -> Check:
    """Create an example page around a cause without one, to be rolled back."""
    title = gettext("Example guide")
    guide = Guide.objects.create(slug="example-guide-of-the-preview", title=title, short_title=title)
    symptom = Symptom.objects.create(guide=guide, slug="example", title=gettext("Example situation"))
    return Check.objects.create(symptom=symptom, cause=cause, position=1)
