"""Views of the guides and of the walks through their symptoms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.addresses.former import Moved
from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.guides.models import Guide, Symptom
from helpdesk.guides.page_lookup import (
    entries_about,
    find_guide,
    find_symptom,
    renamed_causes,
    situations_of,
)
from helpdesk.guides.summary import summary
from helpdesk.guides.walk_view import WalkView
from helpdesk.web.urls import address


@require_safe
def guide_page(request: HttpRequest, guide: str) -> HttpResponse:
    found = find_guide(Audience.of(request), guide)
    context = {
        "guide": found,
        "situations": situations_of(Audience.of(request), found),
        "contacts": all_contacts(),
    }
    return render(request, "guides/guide.html", context)


def none_page(request: HttpRequest, guide: str, *, words: str = "", problem: str = "") -> HttpResponse:
    """Show the page for visitors whom no situation fits; `problem` says why their words were refused."""
    found = find_guide(Audience.of(request), guide)
    context = {
        "guide": found,
        "contacts": all_contacts(),
        "words": words,
        "problem": problem,
        "sent": "sent" in request.GET and not problem,
    }
    return render(request, "guides/none.html", context, status=422 if problem else 200)


@require_safe
def symptom_page(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    found = find_symptom(Audience.of(request), guide, symptom)
    if found.leads_to is not None:
        return onward_page(request, found, found.leads_to)
    walk = WalkView.read(request, found)
    if not walk.is_normal_for(request) or walk.answers.query:
        return HttpResponseRedirect(walk.url_next if walk.answers.query else request.path)
    walk = WalkView(request, found, walk.answers, walk.answers.next)
    context = {"walk": walk, "entries": entries_about(Audience.of(request), found)}
    return render(request, "guides/symptom.html", walk_context(walk) | context)


def onward_page(request: HttpRequest, symptom: Symptom, guide: Guide) -> HttpResponse:
    """Show a symptom that needs one more question: the situations of the guide it leads to."""
    context = {
        "symptom": symptom,
        "guide": guide,
        "situations": situations_of(Audience.of(request), guide),
        "contacts": symptom.other_contacts,
    }
    return render(request, "guides/onward.html", context)


def check_page(request: HttpRequest, guide: str, symptom: str, cause: str, *, problem: str = "") -> HttpResponse:
    """Show one check of a walk; `problem` says that the form was sent without an answer."""
    found = find_symptom(Audience.of(request), guide, symptom)
    if found.leads_to is not None:
        return HttpResponseRedirect(address(request, "symptom", guide, symptom))
    walk = WalkView.read(request, found, cause)
    if not walk.is_normal_for(request):
        return HttpResponseRedirect(walk.url_here)
    return render(
        request, "guides/check.html", walk_context(walk) | {"problem": problem}, status=422 if problem else 200
    )


@require_safe
def all_checks(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    found = find_symptom(Audience.of(request), guide, symptom)
    if found.leads_to is not None:
        return HttpResponseRedirect(address(request, "symptom", guide, symptom))
    return render(request, "guides/all.html", walk_context(WalkView.read(request, found)))


@require_safe
def fixed_page(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    found = find_symptom(Audience.of(request), guide, symptom)
    walk = WalkView.read(request, found)
    asked = request.GET.getlist("by")
    by = asked[0] if asked else None
    if by is not None and by not in walk.checks:
        present = renamed_causes([by], found).get(by)
        if present in walk.checks:
            raise Moved(walk.url_fixed(present))
        return HttpResponseRedirect(request.path)
    helped = walk.checks[by] if by else None
    return render(request, "guides/fixed.html", walk_context(walk) | {"helped": helped})


def contact_page(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    """Show the contacts and the summary of the walk."""
    walk = WalkView.read(request, find_symptom(Audience.of(request), guide, symptom))
    if not walk.is_normal_for(request):
        return HttpResponseRedirect(walk.url_here)
    contacts = walk.contacts or all_contacts()
    context = walk_context(walk) | {"contacts": contacts, "summary": summary(walk)}
    return render(request, "guides/contact.html", context)


@require_safe
def contact_points(request: HttpRequest) -> HttpResponse:
    """List all contact points."""
    return render(request, "guides/contact_points.html", {"contacts": all_contacts()})


def walk_context(walk: WalkView) -> dict[str, object]:
    """Return the context that the pages of a walk share."""
    return {"walk": walk, "symptom": walk.symptom, "guide": walk.symptom.guide}
