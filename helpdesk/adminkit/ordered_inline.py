"""Inline rows that staff put in order: by dragging, by buttons, or by numbers."""

from __future__ import annotations

from typing import Any

from admin_ordering.admin import OrderableAdmin
from django import forms
from django.contrib import admin
from django.core.checks import CheckMessage
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext

from helpdesk.adminkit.fields import with_plain_choice


class KnownRowField(forms.ModelChoiceField):
    """Hidden key of a row; the key of a deleted row counts as none."""

    def clean(self, value: object) -> Model | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None


class TolerantFormSet(forms.BaseInlineFormSet):
    """Rows that are shown again as they were sent, even when somebody else deleted or moved some meanwhile."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        known: Any = form.fields["id"]
        form.fields["id"] = KnownRowField(
            known.queryset, initial=known.initial, required=False, widget=forms.HiddenInput
        )
        # There are as many of each as rows, so each names its row.
        row = str(form.instance) if form.instance.pk else gettext("new row")
        for name, words in (("position", gettext("Order: %(row)s")), ("DELETE", gettext("Delete: %(row)s"))):
            if name in form.fields:
                form.fields[name].widget.attrs["aria-label"] = words % {"row": row}

    def get_queryset(self) -> Any:
        """Return the stored rows; of a bound form in the order of its rows, with None for a deleted one.

        The admin iterates over these and the forms side by side, and shows no form without a row.
        """
        if not self.is_bound:
            return super().get_queryset()
        sent = [self.data.get(f"{self.add_prefix(index)}-id", "") for index in range(self.initial_form_count())]
        return [self._existing_object(int(pk)) if pk.isdecimal() else None for pk in sent]

    def _existing_object(self, pk: int) -> Model | None:
        if not hasattr(self, "_stored"):
            self._stored = {row.pk: row for row in super().get_queryset()}
        return self._stored.get(pk)


class OrderOnlyFormSet(TolerantFormSet):
    """Rows that are not added or deleted here: they end up numbered 1, 2, 3 … in the order given."""

    def save(self, commit: bool = True) -> list[Model]:
        """Save the rows in which something has changed, and return them."""
        self.new_objects: list[Model] = []
        self.deleted_objects: list[Model] = []
        self.changed_objects: list[tuple[Model, list[str]]] = []
        # A row that its user may not change reports no change.
        if not any(form.has_changed() for form in self.initial_forms):
            return []
        existing = [form for form in self.initial_forms if form.instance.pk]
        existing.sort(key=lambda form: form.cleaned_data.get("position") or 0)
        for position, form in enumerate(existing, start=1):
            changed = [name for name in form.changed_data if name != "position"]
            form.instance.position = position
            if form.initial["position"] != position:
                changed.append("position")
            if changed:
                form.instance.save()
                self.changed_objects.append((form.instance, changed))
        return [row for row, _fields in self.changed_objects]


class OrderedInline(OrderableAdmin, admin.TabularInline):
    """Inline of rows with a position."""

    ordering_field = "position"
    extra = 0
    view_on_site = False

    class Media:
        js = ["staff/move-rows.js"]

    def formfield_for_dbfield(self, *args: Any, **kwargs: Any) -> forms.Field | None:
        return with_plain_choice(super().formfield_for_dbfield(*args, **kwargs))

    def check(self, **kwargs: object) -> list[CheckMessage]:
        """Leave out the warning about an order that starts with the parent: below one parent it makes no difference."""
        return [message for message in super().check(**kwargs) if message.id != "admin_ordering.W004"]
