"""Admin base class of all content: Markdown with preview, edit conflicts, history, flags, publish check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models, router, transaction
from django.db.models import Model
from django.forms import BaseFormSet, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from helpdesk.adminkit.extensions import record_links, record_panels
from helpdesk.adminkit.fields import ListForm, MomentWidget, with_plain_choice
from helpdesk.adminkit.markdown_widget import MarkdownWidget
from helpdesk.content.markdown_field import MarkdownField
from helpdesk.contentadmin.edit_conflicts import ContentForm, StoredDifference, stored_differences
from helpdesk.contentadmin.history import HistoryAdmin
from helpdesk.contentadmin.preview import PreviewAdmin
from helpdesk.contentadmin.publish_check import CheckedAdmin
from helpdesk.flags.admin import FlaggedAdmin

# What is deleted with records, its counts, the permissions that are missing, and the records that prevent it.
DeletedObjects = tuple[Any, Any, set[str], Any]

HIGHEST_POSITION = 32_767  # of a small integer, on every database

_deleted_with_record: set[type[admin.ModelAdmin]] = set()


def removed_with_its_record(admin_class: type[admin.ModelAdmin]) -> type[admin.ModelAdmin]:
    """Mark the admin of rows that nobody deletes by hand, but that are deleted with the record they are about."""
    _deleted_with_record.add(admin_class)
    return admin_class


class ContentAdmin(CheckedAdmin, FlaggedAdmin, PreviewAdmin, HistoryAdmin):
    """Admin of a record that visitors read."""

    form = ContentForm
    change_form_template = "admin/content_change_form.html"
    view_on_site = False  # the pages have direct links of their own
    save_on_top = True
    # Help texts for the admin, where the model has none or too little.
    field_help: ClassVar[Mapping[str, str | Promise]] = {}

    class Media:
        css = {"all": ["staff/admin.css", "staff/check.css"]}
        js = ["staff/labels.js"]

    # Fields

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest | None, **kwargs: object
    ) -> FormField | None:
        if isinstance(db_field, MarkdownField):
            kwargs["widget"] = MarkdownWidget
        if isinstance(db_field, models.DateTimeField):
            kwargs["widget"] = MomentWidget(db_field.verbose_name)
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if db_field.name in self.field_help:
            kwargs["help_text"] = self.field_help[db_field.name]
        return with_plain_choice(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """Return the initial values in the address, without keys that no record can have; a new record comes last."""
        given = super().get_changeform_initial_data(request)
        fields = {field.name: field for field in self.opts.get_fields()}
        keys = {name for name, field in fields.items() if isinstance(field, models.ForeignKey)}
        last = {"position": self._last_position() + 1} if "position" in fields else {}
        return last | {name: value for name, value in given.items() if name not in keys or is_key(value)}

    def _last_position(self) -> int:
        last: int | None = self.model._default_manager.aggregate(last=models.Max("position"))["last"]
        return min(last or 0, HIGHEST_POSITION - 1)

    def get_changelist_form(self, request: HttpRequest, **kwargs: object) -> type[ModelForm]:
        return super().get_changelist_form(request, **{"form": ListForm, **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[tuple[str | None, dict[str, Any]]]:
        """Return the fieldsets, with the hidden field `seen` (see edit_conflicts) in the first one."""
        fieldsets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        if obj is not None and self.has_change_permission(request, obj):
            fieldsets[0][1]["fields"] = (*fieldsets[0][1]["fields"], "seen")
        return fieldsets

    # Saving

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the record; when it is about to be saved, its row is locked until the end of the transaction."""
        found = super().get_object(request, object_id, from_field)
        connection = transaction.get_connection(router.db_for_write(self.model))
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        self.model._default_manager.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Save a record that the user may change as it is stored, whatever the form (page, list, older version)."""
        stored = self.stored(obj)
        allowed = self.has_change_permission(request, stored) if stored else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: object, **kwargs: object
    ) -> HttpResponse:
        form = context["adminform"].form
        if getattr(form, "in_conflict", False):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["differences"] = [*stored_differences(form), *self.further_differences(form, formsets)]
        record = context.get("original")
        if record is not None:
            context["links"] = record_links.collect(request, record)
            context["panels"] = record_panels.collect(request, record)
        return super().render_change_form(request, context, *args, **kwargs)

    def further_differences(self, form: ModelForm, formsets: Sequence[BaseFormSet]) -> Sequence[StoredDifference]:
        """Return differences between stored and sent rows below the form."""
        return []

    # Deleting

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> DeletedObjects:
        """Require no permission for rows from visitors (outcomes, hand-offs) that are deleted with their record."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        registered = self.admin_site._registry.values()
        following = {other.opts.verbose_name for other in registered if type(other) in _deleted_with_record}
        return deleted, counts, lacking - following, protected


def is_key(value: object) -> bool:
    """Return whether this can be the key of a record."""
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19
