"""Page of a legal text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.legal.models import LegalText
from helpdesk.redirects.lookup import raise_outcome


@require_safe
def text_page(request: HttpRequest, legal: str) -> HttpResponse:
    """Show a legal text."""
    audience = Audience.of(request)
    found = LegalText.objects.visible_to(audience).filter(slug=legal).first()
    if found is None:
        raise_outcome(audience, LegalText, legal=legal)
    return render(request, "legal/text.html", {"legal": found, "contacts": all_contacts()})
