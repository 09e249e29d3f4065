"""Admin views: start an announcement with the short form, and end one."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from helpdesk.adminkit.return_url import return_url
from helpdesk.announcements.models import Announcement
from helpdesk.announcements.start_form import StartForm
from helpdesk.announcements.writing import end
from helpdesk.contentadmin.content_admin import is_key
from helpdesk.guides.models import Guide, Symptom
from helpdesk.permissions.rules import require
from helpdesk.web.urls import SeeOther

LIST = "admin:announcements_announcement_changelist"


def start_view(request: HttpRequest) -> HttpResponse:
    """Show the short form, or start what it says and return to the page that it was opened from."""
    require(request.user, "add", Announcement)
    form = StartForm(request.POST or None, record=record_of(request), label_suffix="")
    if request.method == "POST" and form.is_valid():
        announcement = form.start()
        messages.success(request, gettext("Now shown to visitors: “%(title)s”") % {"title": announcement})
        return back(request)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Announce a problem"),
        "form": form,
        "next": return_url(request) or request.GET.get("next", ""),
    }
    return TemplateResponse(request, "admin/announcements/start.html", context)


def record_of(request: HttpRequest) -> Guide | Symptom | None:
    """Return the guide or the symptom that the address names. Raises Http404."""
    if pk := request.GET.get("guide"):
        return get_object_or_404(Guide, pk=key(pk))
    if pk := request.GET.get("symptom"):
        return get_object_or_404(Symptom.objects.select_related("guide"), pk=key(pk))
    return None


def key(text: str) -> str:
    """Return a text that can be the key of a record. Raises Http404."""
    if not is_key(text):
        raise Http404
    return text


@require_POST
def end_view(request: HttpRequest, pk: int) -> HttpResponse:
    """End an announcement now. Of two presses, by one or two people, the first counts."""
    announcement = get_object_or_404(Announcement, pk=pk)
    require(request.user, "change", announcement)
    if end(pk):
        messages.success(request, gettext("“%(title)s” has ended.") % {"title": announcement})
    else:
        messages.info(request, gettext("“%(title)s” had already ended.") % {"title": announcement})
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """Redirect to the page that the form was on, by default the list."""
    return SeeOther(return_url(request) or reverse(LIST))
