"""What the admin pages of all content share: Markdown with preview, edit conflicts, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, router, transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.staff.conflicts import ContentForm, Difference, differences
from helpdesk.staff.fields import with_plain_choice
from helpdesk.staff.markdown_widget import MarkdownWidget

MARKDOWN_FIELDS = frozenset({"introduction", "notice", "how_to_check", "prevention", "body", "answer", "details"})


def removed_with_its_record(admin_class: type[admin.ModelAdmin]) -> type[admin.ModelAdmin]:
    """Marks the admin of rows that nobody deletes by hand, but that go when the record they are about goes."""
    admin_class.goes_with_its_record = True  # type: ignore[attr-defined]
    return admin_class


class ContentAdmin(SimpleHistoryAdmin):
    """The admin of a record that visitors read."""

    form = ContentForm
    change_form_template = "admin/content_change_form.html"
    object_history_list_template = "admin/content_history_list.html"
    object_history_form_template = "admin/content_history_form.html"
    view_on_site = False  # Django's goes a long way round; the pages have direct links of their own
    save_on_top = True
    # Help at fields whose model has none, or none that tells staff enough.
    field_help: ClassVar[Mapping[str, Any]] = {}

    class Media:
        css = {"all": ["staff/admin.css"]}

    # Fields

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name in MARKDOWN_FIELDS:
            kwargs["widget"] = MarkdownWidget
        if db_field.name in self.field_help:
            kwargs["help_text"] = self.field_help[db_field.name]
        if db_field.verbose_name == "slug":
            kwargs["label"] = _("Last part of the address")
        return with_plain_choice(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fieldsets, with the moment that the editor has seen hidden in the first one."""
        fieldsets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        if obj is not None and self.has_change_permission(request, obj):
            fieldsets[0][1]["fields"] = (*fieldsets[0][1]["fields"], "seen")
        return fieldsets

    # Saving

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record; when it is about to be saved, its row stays locked until the end of that."""
        found = super().get_object(request, object_id, from_field)
        connection = transaction.get_connection(router.db_for_write(self.model))
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        self.model._default_manager.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Saves what the editor may change as it is stored, whatever way the form came (page, list, older version)."""
        stored = self.stored(obj)
        allowed = self.has_change_permission(request, stored) if stored else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def stored(self, obj: Any) -> Any:
        """The record as the database has it; None where it has none."""
        return self.model._default_manager.filter(pk=obj.pk).first() if obj and obj.pk else None

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if getattr(form, "in_conflict", False):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["differences"] = [*differences(form), *self.further_differences(form, formsets)]
        return super().render_change_form(request, context, *args, **kwargs)

    def further_differences(self, form: ModelForm, formsets: Sequence[Any]) -> Sequence[Difference]:
        """What else is stored otherwise than it was sent: in the rows below the form."""
        return []

    # History

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        require_numbers(object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """An older version; going back to it needs the right to change the record as it is now."""
        require_numbers(object_id, version_id)
        view: Callable[..., HttpResponse] = super().history_form_view
        if request.method != "POST":
            return view(request, object_id, version_id, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            if self.revert_disabled(request, self.get_object(request, unquote(object_id))):
                raise PermissionDenied
            return view(request, object_id, version_id, extra_context)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        current = self.stored(obj)
        if current is None:
            return not self.has_add_permission(request)
        return not self.has_change_permission(request, current)

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """As Django's, but what visitors told us of a record needs no right of its own to go with it."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        registered = self.admin_site._registry.values()
        following = {other.opts.verbose_name for other in registered if hasattr(other, "goes_with_its_record")}
        return deleted, counts, lacking - following, protected


def require_numbers(*ids: str) -> None:
    """Raises Http404 for an address that cannot be one of ours."""
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in ids):
        raise Http404
