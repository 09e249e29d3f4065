"""The admin of pictures: upload, description, uses, and deletion of unused ones."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as ask_and_delete
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import block_list, record_link, record_url, state_badge
from helpdesk.content.publishing import Publishable
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.images import upload_views
from helpdesk.images.forms import UploadForm, limit_request_size, too_large_message
from helpdesk.images.models import Image
from helpdesk.images.usage import ImageUse, former_uses, unused_pks, uses
from helpdesk.permissions.groups import AUTHOR, EDITOR, grant_after_migrate

grant_after_migrate("images", {AUTHOR: {"image": "add change view"}, EDITOR: {"image": "add change delete view"}})


DELETE_UNUSED = _("Delete selected pictures that aren't used")


class UsageFilter(admin.SimpleListFilter):
    """Filter for pictures in use, or not used anywhere."""

    title = _("usage")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("no", gettext("Not used")), ("yes", gettext("Used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "no":
                return queryset.filter(pk__in=unused_pks())
            case "yes":
                return queryset.exclude(pk__in=unused_pks())
        return queryset


class ImageChangeList(ChangeList):
    """The list, with the number of records that use each picture."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = uses()
        self.result_list = list(self.result_list)
        for image in self.result_list:
            image.use_count = len({use.record for use in found.get(image.name, ())})


@admin.action(permissions=["delete"], description=DELETE_UNUSED)
def delete_unused(model_admin: ImageAdmin, request: HttpRequest, queryset: QuerySet[Image]) -> HttpResponseBase | None:
    """Delete unused pictures with Django's confirmation page, and name the reason for those that stay."""
    found = uses()
    for image in queryset:
        if image.name in found:
            messages.warning(request, format_html("{} {}", *reason_to_keep(image, found[image.name])))
    free = queryset.exclude(name__in=found)
    return ask_and_delete(model_admin, request, free) if free else None


def reason_to_keep(image: Image, found: Iterable[ImageUse]) -> tuple[str, SafeString]:
    links = format_html_join(", ", "{}", ((record_link(record),) for record in {use.record: None for use in found}))
    return gettext("“%(picture)s” wasn't deleted because it's used here:") % {"picture": image}, links


@admin.register(Image)
class ImageAdmin(ContentAdmin):
    has_page = False
    list_display = ("thumbnail", "description", "measures", "use_count", "uploader", "uploaded_at")
    list_display_links = ("description",)
    list_filter = (UsageFilter,)
    list_per_page = 50
    search_fields = ("description", "original_name", "name")
    search_help_text = _("Words of the description, or file name")
    readonly_fields = ("shown", "line", "used_on", "formerly", "measures", "uploader", "uploaded_at", "note")
    fieldsets = (
        (_("Picture"), {"fields": ("shown", "description", "line")}),
        (_("Where it's used"), {"fields": ("used_on", "formerly")}),
        (_("File"), {"fields": ("measures", "uploader", "uploaded_at", "note")}),
    )
    field_help = {
        "description": _(
            "One sentence for people who can't see the picture. It's added when you insert the "
            "picture into a text. Texts that already contain the picture keep their description."
        ),
    }

    class Media:
        css = {"all": ["staff/pictures.css", "staff/markdown-tools.css"]}
        js = ["staff/copy-link.js"]

    # URLs

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        upload, choices = partial(upload_views.upload, self), partial(upload_views.choices, self)
        own = {
            "add": limit_request_size(site(self.add_view), self.too_large),
            "upload": limit_request_size(site(upload), upload_views.too_large),
            "offered": site(choices),
        }
        return [*(path(f"{name}/", own[name], name=f"images_image_{name}") for name in own), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The upload form, which works without JavaScript; the picture's page has the line to copy into a text."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        result = form.save(request.user) if form.is_bound else None
        if result is None:
            return self._upload_page(request, form)
        upload_views.log_upload(self, request, result)
        messages.success(request, upload_views.result_message(result))
        return HttpResponseRedirect(record_url(result.image))

    def too_large(self, request: HttpRequest) -> HttpResponse:
        """Answer 413 to a request that is too large, before its body is read."""
        return self._upload_page(request, UploadForm(), refused=too_large_message(), status=413)

    def _upload_page(self, request: HttpRequest, form: UploadForm, status: int = 200, **more: object) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Upload a picture"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            **more,
        }
        return TemplateResponse(request, "admin/images/image/upload.html", context, status=status)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        return super().get_queryset(request).with_uploader()

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return ImageChangeList

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Replace Django's action under its own name, which the confirmation page sends back."""
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            name = "delete_selected"
            actions[name] = (delete_unused, name, DELETE_UNUSED)
        return actions

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', image.picture.thumbnail_url)

    @admin.display(description=_("size"), ordering="size")
    def measures(self, image: Image) -> str:
        return f"{image.width} × {image.height}, {filesizeformat(image.size)}"

    @admin.display(description=_("used by"))
    def use_count(self, image: Any) -> int:
        return image.use_count

    @admin.display(description=_("uploaded by"), ordering="uploader", empty_value="–")
    def uploader(self, image: Any) -> str | None:
        return image.uploader

    # One picture

    @admin.display(description=_("Picture"))
    def shown(self, image: Image) -> SafeString:
        return format_html(
            '<img class="whole-picture" src="{}" alt="{}" width="{}" height="{}">',
            image.picture.url,
            image.description,
            image.width,
            image.height,
        )

    @admin.display(description=_("Insert into a text"))
    def line(self, image: Image) -> SafeString:
        return format_html(
            '<code class="picture-line">{}</code> <button type="button" class="button" hidden data-copy-link="{}" '
            'data-copied="{}" data-failed="{}">{}</button> <span data-copy-status role="status"></span>',
            image.markdown,
            image.markdown,
            gettext("Copied."),
            gettext("Press Ctrl+C to copy the selected line."),
            gettext("Copy this line"),
        )

    @admin.display(description=_("Used in"))
    def used_on(self, image: Image) -> SafeString:
        return block_list(map(use_line, uses(image)[image.name]), empty=gettext("Not used in any text or draft."))

    @admin.display(description=_("Used only in older versions of"))
    def formerly(self, image: Image) -> SafeString:
        return block_list(map(record_link, only_formerly([image])), empty=gettext("None."))

    @admin.display(description=_("original file name"), empty_value="–")
    def note(self, image: Image) -> str:
        return image.original_name

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """Protect pictures in use, and name their uses. Older revisions do not protect, but are named."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        found = uses()
        protected = [use_line(use) for image in objs for use in found.get(image.name, ())] or protected
        former = [] if protected or "post" in request.POST else only_formerly(objs)
        if former:
            text = gettext("Older versions use it and couldn't show it once restored:")
            links = format_html_join(", ", "{}", ((record_link(record),) for record in former))
            messages.warning(request, format_html("{} {}", text, links))
        return deleted, counts, lacking, protected


def use_line(use: ImageUse) -> SafeString:
    """Link to a record that uses a picture, with the field and the state of a page."""
    state = state_badge(use.record) if isinstance(use.record, Publishable) else ""
    return format_html("{}: {} {}", record_link(use.record), capfirst(str(use.field.verbose_name)), state)


def only_formerly(images: Iterable[Image]) -> list[Model]:
    """Return the records that have one of these pictures in an older revision, and none of them now."""
    images = list(images)
    found = uses()
    current = {use.record for image in images for use in found.get(image.name, ())}
    return [record for record in former_uses(images) if record not in current]
