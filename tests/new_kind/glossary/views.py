"""Page of a term."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.content.audience import Audience
from helpdesk.redirects.lookup import raise_outcome
from tests.new_kind.glossary.models import Term


@require_safe
def term_page(request: HttpRequest, term: str) -> HttpResponse:
    audience = Audience.of(request)
    found = Term.objects.visible_to(audience).filter(slug=term).first()
    if found is None:
        raise_outcome(audience, Term, term=term)
    return render(request, "glossary/term.html", {"term": found})
