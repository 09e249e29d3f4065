"""Views of the guides and of the walks through their symptoms."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.guides.calendar_file import calendar_file
from helpdesk.guides.models import Guide, Resolution, Symptom
from helpdesk.guides.page_lookup import (
    entries_about,
    find_guide,
    situations_of,
)
from helpdesk.guides.summary import summary
from helpdesk.guides.walk import Answer
from helpdesk.guides.walk_view import WalkView, symptom_at
from helpdesk.web.urls import address, whole_address


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
    found = symptom_at(request, guide, symptom)
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
    found = symptom_at(request, guide, symptom, cause)
    if found.leads_to is not None:
        return HttpResponseRedirect(address(request, "symptom", guide, symptom))
    walk = WalkView.read(request, found, cause)
    if not walk.is_normal_for(request):
        return HttpResponseRedirect(walk.url_here)
    context = walk_context(walk) | {"problem": problem}
    return render(request, "guides/check.html", context, status=422 if problem else 200)


def fix_page(request: HttpRequest, guide: str, symptom: str, cause: str, *, problem: str = "") -> HttpResponse:
    """Show what to do about a cause whose question was answered with yes."""
    found = symptom_at(request, guide, symptom, cause)
    if found.leads_to is not None:
        return HttpResponseRedirect(address(request, "symptom", guide, symptom))
    walk = WalkView.read(request, found, cause)
    if walk.check is None or not walk.asks(walk.check.cause.slug):
        return HttpResponseRedirect(walk.url_here)
    if not walk.is_normal_for(request):
        return HttpResponseRedirect(walk.url_here)
    context = walk_context(walk) | {"problem": problem}
    return render(request, "guides/fix.html", context, status=422 if problem else 200)


@require_safe
def all_checks(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    found = symptom_at(request, guide, symptom)
    if found.leads_to is not None:
        return HttpResponseRedirect(address(request, "symptom", guide, symptom))
    return render(request, "guides/all.html", walk_context(WalkView.read(request, found)))


@require_safe
def fixed_page(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    walk = WalkView.read(request, symptom_at(request, guide, symptom))
    if "by" in request.GET and walk.found is None:
        return HttpResponseRedirect(request.path)
    return render(request, "guides/fixed.html", walk_context(walk))


@require_safe
def found_page(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    """Show what happens now that the cause is found and time or people must act: the page to come back to."""
    walk = WalkView.read(request, symptom_at(request, guide, symptom))
    check = walk.found_check
    if check is None:
        return HttpResponseRedirect(walk.url_symptom)
    if check.cause.resolution.ending == Resolution.Ending.FIX:
        return HttpResponseRedirect(walk.after(check.cause.slug, Answer.APPLIES))
    return render(request, "guides/found.html", walk_context(walk))


@never_cache
@require_safe
def reminder(request: HttpRequest, guide: str, symptom: str, cause: str) -> HttpResponse:
    """Return a calendar file that reminds of coming back, once the time that solves the problem is over."""
    walk = WalkView.read(request, symptom_at(request, guide, symptom, cause), cause)
    if walk.check is None or not walk.check.cause.resolution.has_reminder:
        raise Http404
    url = whole_address(request, walk.url_found)
    text = calendar_file(walk.symptom.title, walk.check.cause.resolution, url=url, now=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="reminder.ics"', "X-Robots-Tag": "noindex"}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


def contact_page(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    """Show the contacts and the summary of the walk."""
    walk = WalkView.read(request, symptom_at(request, guide, symptom))
    if not walk.is_normal_for(request):
        return HttpResponseRedirect(walk.url_here)
    return render(request, "guides/contact.html", walk_context(walk) | {"summary": summary(walk)})


@require_safe
def contact_points(request: HttpRequest) -> HttpResponse:
    """List the contact points that visitors can reach; a preview also shows those that they can't reach yet."""
    is_preview = Audience.of(request).is_preview
    contacts = [contact for contact in all_contacts() if is_preview or contact.is_reachable]
    return render(request, "guides/contact_points.html", {"contacts": contacts})


def walk_context(walk: WalkView) -> dict[str, object]:
    """Return the context that the pages of a walk share."""
    return {
        "walk": walk,
        "symptom": walk.symptom,
        "guide": walk.symptom.guide,
        "contacts": walk.contacts,
        "people": walk.people,
    }
