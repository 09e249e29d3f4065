"""Admin base class of pages with a public life: state, actions, permission to publish, links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import state_badge
from helpdesk.content.publishing import Publishable
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.contentadmin.page_links import page_links
from helpdesk.contentadmin.publishing_actions import archive_now, back_to_draft, publish_now
from helpdesk.contentadmin.publishing_filter import StateFilter
from helpdesk.permissions.rules import PUBLICATION_FIELDS

PUBLISHING_FIELDSET = (
    _("Publishing"),
    {
        "fields": ("state_line", PUBLICATION_FIELDS, "review_by"),
        "description": _("A page without a publication date is a draft. Only staff can see it, in the preview."),
    },
)


class PublishingAdmin(ContentAdmin):
    """Admin of a page: drafts are for users who may write, public pages for users who may publish."""

    actions = [publish_now, back_to_draft, archive_now]
    readonly_fields = ("state_line",)

    class Media:
        js = ["staff/copy-link.js"]

    # State

    @admin.display(description=_("state"), ordering="publish_at")
    def state(self, page: Publishable) -> SafeString:
        return state_badge(page)

    @admin.display(description=_("State"))
    def state_line(self, page: Publishable) -> str | Promise:
        if page.pk is None:
            return gettext("Draft until you set a publication date")
        reason = self.hidden_because(page)
        if not reason:
            return state_badge(page)
        return format_html("{} {}", state_badge(page), reason)

    def hidden_because(self, page: Any) -> str:
        """Return why visitors do not see a page that is published itself; empty where they do."""
        return ""

    def get_list_filter(self, request: HttpRequest) -> tuple[object, ...]:
        return (StateFilter, *super().get_list_filter(request))

    # Permissions

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if self.has_publish_permission(request) else (*fields, *PUBLICATION_FIELDS)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list; its fields are editable only for users who may change every row of it."""
        changelist = super().get_changelist_instance(request)
        if not self.has_publish_permission(request):
            changelist.list_editable = ()
        return changelist

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if not self.has_publish_permission(request):
            # An older version has its own moments, and they are not in this user's form.
            obj.publish_at = obj.archive_at = None
        super().save_model(request, obj, form, change)

    # Links

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: object, **kwargs: object
    ) -> HttpResponse:
        page = context.get("original")
        if page is not None:
            context["page_links"] = page_links(
                request, page, public=self.is_public(page), moments=self.moments_of(page)
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def moments_of(self, page: Any) -> list[datetime | None]:
        """Return the moments at which visitors begin or cease to see something of the page."""
        return [page.publish_at, page.archive_at]

    def is_public(self, page: Publishable) -> bool:
        """Return whether visitors see the page now. One query."""
        return self.model._default_manager.published().filter(pk=page.pk).exists()
