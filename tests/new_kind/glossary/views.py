"""Page of a term."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.content.audience import Audience
from helpdesk.faq.views import follow
from tests.new_kind.glossary.models import Term


@require_safe
def term_page(request: HttpRequest, term: str) -> HttpResponse:
    audience = Audience.of(request)
    terms = Term.objects.visible_to(audience)
    found = terms.filter(slug=term).first()
    if found is None:
        follow(audience, Term, term, terms)
    return render(request, "glossary/term.html", {"term": found})
