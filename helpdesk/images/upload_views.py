"""What the field of a Markdown text asks for: to take in a picture, and which ones there are already.

Answers are JSON. `text` is a sentence for the person in any case; `markdown` is the line that shows a picture.
"""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from helpdesk.images.forms import UploadForm, too_large
from helpdesk.images.models import Image, Stored

# So many are offered to choose from; a search finds the others.
OFFERED = 12
LONGEST_SEARCH = 100


def said(text: str, status: int) -> JsonResponse:
    return JsonResponse({"text": text}, status=status)


def upload(image_admin: ModelAdmin, request: HttpRequest) -> JsonResponse:
    """Takes in `file` under `description`. 400 with the reason where it cannot, 403 for who may not."""
    if request.method != "POST":
        return said(_("Pictures are sent here, not fetched."), 405)
    if not image_admin.has_add_permission(request):
        return said(_("Your account may not upload pictures."), 403)
    form = UploadForm(request.POST, request.FILES)
    stored = form.stored(request.user)
    if stored is None:
        return said(form.fault, 400)
    note(image_admin, request, stored)
    return JsonResponse({"text": said_of(stored), "markdown": stored.image.markdown})


def refused(request: HttpRequest) -> JsonResponse:
    """What too large a file is answered before it is read."""
    return said(too_large(), 413)


def offered(image_admin: ModelAdmin, request: HttpRequest) -> JsonResponse:
    """The newest pictures whose description or file name has the words of `q`. One query."""
    if not image_admin.has_view_permission(request):
        return said(_("Your account may not see pictures."), 403)
    words = request.GET.get("q", "").replace("\x00", " ")[:LONGEST_SEARCH].split()
    condition = Q()
    for word in words:
        condition &= Q(description__icontains=word) | Q(original_name__icontains=word)
    images = list(Image.objects.filter(condition)[:OFFERED])
    text = "" if images else _("No picture has these words.") if words else _("There are no pictures yet.")
    return JsonResponse({"text": text, "pictures": list(map(_offer, images))})


def _offer(image: Image) -> dict[str, str]:
    return {"description": image.description, "address": image.picture.thumbnail_url, "markdown": image.markdown}


def note(image_admin: ModelAdmin, request: HttpRequest, stored: Stored) -> None:
    """Has the log of the staff say who uploaded a picture."""
    if stored.is_new:
        image_admin.log_addition(request, stored.image, [{"added": {}}])


def said_of(stored: Stored) -> str:
    if stored.is_new:
        return _("The picture was uploaded.")
    return _("This picture was here already, as “%(description)s”. No second one was made.") % {
        "description": stored.image.description
    }
