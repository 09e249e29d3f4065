"""JSON views for the Markdown editor: upload of a picture, and a choice of stored ones.

`text` is a sentence for the person in any case; `markdown` is the line that shows a picture.
"""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext

from helpdesk.images.forms import UploadForm, too_large_message
from helpdesk.images.models import Image, UploadResult

# The others are found by a search.
CHOICES_SHOWN = 12
MAX_SEARCH_LENGTH = 100


def message_response(text: str, status: int) -> JsonResponse:
    return JsonResponse({"text": text}, status=status)


def upload(image_admin: ModelAdmin, request: HttpRequest) -> JsonResponse:
    """Store `file` under `description`. 400 with the reason for a rejection, 403 without the permission."""
    if request.method != "POST":
        return message_response(gettext("Use this address to upload pictures only."), 405)
    if not image_admin.has_add_permission(request):
        return message_response(gettext("You don't have permission to upload pictures."), 403)
    form = UploadForm(request.POST, request.FILES)
    result = form.save(request.user)
    if result is None:
        return message_response(form.first_error, 400)
    log_upload(image_admin, request, result)
    return JsonResponse({"text": result_message(result), "markdown": result.image.markdown})


def too_large(request: HttpRequest) -> JsonResponse:
    """Answer 413 to a request that is too large, before its body is read."""
    return message_response(too_large_message(), 413)


def choices(image_admin: ModelAdmin, request: HttpRequest) -> JsonResponse:
    """List the newest pictures whose description or file name has the words of `q`. One query."""
    if not image_admin.has_view_permission(request):
        return message_response(gettext("You don't have permission to view pictures."), 403)
    words = request.GET.get("q", "").replace("\x00", " ")[:MAX_SEARCH_LENGTH].split()
    condition = Q()
    for word in words:
        condition &= Q(description__icontains=word) | Q(original_name__icontains=word)
    images = list(Image.objects.filter(condition)[:CHOICES_SHOWN])
    text = "" if images else gettext("No matches.") if words else gettext("No pictures yet.")
    return JsonResponse({"text": text, "pictures": list(map(_choice, images))})


def _choice(image: Image) -> dict[str, str]:
    return {"description": image.description, "address": image.picture.thumbnail_url, "markdown": image.markdown}


def log_upload(image_admin: ModelAdmin, request: HttpRequest, result: UploadResult) -> None:
    """Log the upload of a new picture in the admin's log."""
    if result.is_new:
        image_admin.log_addition(request, result.image, [{"added": {}}])


def result_message(result: UploadResult) -> str:
    if result.is_new:
        return gettext("The picture was uploaded.")
    return gettext("This picture already exists as “%(description)s”. No copy was added.") % {
        "description": result.image.description
    }
