"""Views of the public forms. Each accepted form is answered with a redirect (303)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.announcements.current import current_for
from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.feedback import handoffs
from helpdesk.feedback.models import HandOff, UnmatchedWords
from helpdesk.feedback.outcomes import record
from helpdesk.feedback.rate_limit import is_over_limit, refusal
from helpdesk.feedback.visitors import public_post, today, visitor_mark
from helpdesk.guides import views as pages
from helpdesk.guides.models import Guide
from helpdesk.guides.page_lookup import attach_contacts, find_guide
from helpdesk.guides.walk import Answer
from helpdesk.guides.walk_view import WalkView, symptom_at
from helpdesk.web.qr import qr_code
from helpdesk.web.urls import SeeOther, address, whole_address

MOST_WORDS = 300


@public_post
def answer(request: HttpRequest, guide: str, symptom: str, cause: str) -> HttpResponse:
    """Store the answer to a check, and go on to its resolution, the next check, the fixed page, or the contacts.

    Over the rate limit the answer is not counted, and the visitor goes on all the same.
    """
    walk = WalkView.read(request, symptom_at(request, guide, symptom, cause), cause)
    if walk.check is None:  # the check was removed while the visitor read it
        return SeeOther(walk.url_next)
    try:
        said = Answer(request.POST.get("answer", ""))
    except ValueError:
        page = pages.fix_page if walk.is_fix and walk.asks(walk.check.cause.slug) else pages.check_page
        return page(request, guide, symptom, cause, problem=gettext("Choose one of the answers."))
    if not Audience.of(request).is_preview and not is_over_limit(request, "answers"):
        record(walk, walk.check, said, visitor=visitor_mark(request), way_in=request.POST.get("via", ""))
    return SeeOther(walk.after(walk.check.cause.slug, said))


@public_post
def none_of_these(request: HttpRequest, guide: str) -> HttpResponse:
    """Store a problem that no symptom of the guide describes, in the visitor's words."""
    found = find_guide(Audience.of(request), guide)
    thanks = address(request, "none", found.slug) + "?sent=1"
    return take_words(request, found, again=partial(pages.none_page, request, guide), thanks=thanks)


def take_words(
    request: HttpRequest, guide: Guide | None, *, again: Callable[..., HttpResponse], thanks: str
) -> HttpResponse:
    """Store the field `words` and go on to `thanks`.

    Invalid words are answered by `again`, a view that takes `words` and `problem`.
    """
    words = " ".join(request.POST.get("words", "").replace("\0", "").split())
    if not words:
        return again(problem=gettext("Describe in a few words what happens."))
    if len(words) > MOST_WORDS:
        problem = gettext("Shorten it to %(most)s characters. You've used %(used)s.") % {
            "most": MOST_WORDS,
            "used": len(words),
        }
        return again(words=words, problem=problem)
    if is_over_limit(request, "stored"):
        return refusal(request)
    if not Audience.of(request).is_preview:
        UnmatchedWords.objects.bulk_create(
            [
                UnmatchedWords(
                    guide=guide, words=words, visitor=visitor_mark(request), day=today(), recorded_at=timezone.now()
                )
            ],
            ignore_conflicts=True,
        )
    return SeeOther(thanks)


@public_post
def hand_off(request: HttpRequest, guide: str, symptom: str) -> HttpResponse:
    """Store the summary of the walk, and go on to its reference number."""
    walk = WalkView.read(request, symptom_at(request, guide, symptom))
    if Audience.of(request).is_preview:
        return SeeOther(walk.url_contact)
    if is_over_limit(request, "stored"):
        return refusal(request)
    return SeeOther(address(request, "handoff", handoffs.hand_off(request, walk).reference))


@never_cache
@require_safe
def handoff_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the reference number with the people to call, the way to go on, and the summary."""
    handoff = get_object_or_404(HandOff.objects.for_page(), reference=handoffs.normal(reference))
    symptom = handoff.symptom
    walk = WalkView(request, symptom, handoffs.walk_of(handoff), found=handoffs.found_of(handoff))
    attach_contacts(symptom)
    url = whole_address(request, address(request, "handoff", handoff.reference))
    context = {
        "handoff": handoff,
        "walk": walk,
        "goes_on": walk.url_before_end if walk.found else walk.url_next,
        "contacts": walk.contacts or all_contacts(),
        "before_reference": url.removesuffix(f"{handoff.reference}/"),
        "code": qr_code(url),
        "announcements": current_for(Audience.of(request), guide=symptom.guide.slug, symptom=symptom.slug),
    }
    return render(request, "feedback/handoff.html", context)
