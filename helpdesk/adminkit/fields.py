"""Form fields and widgets of the admin."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext

_Field = TypeVar("_Field", bound=forms.Field | None)


def with_plain_choice(field: _Field) -> _Field:
    """Let a field that chooses a record offer to change it or add one, but not to delete it; return the field."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget.can_delete_related = field.widget.can_view_related = False
    return field


class MomentWidget(AdminSplitDateTime):
    """Django's widget for a date and a time, with an accessible name on each of its two inputs."""

    def __init__(self, label: str | Promise, attrs: dict[str, Any] | None = None) -> None:
        self.label = label
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = (gettext("%(field)s: date"), gettext("%(field)s: time"))
        for part, words in zip(context["widget"]["subwidgets"], parts, strict=True):
            part["attrs"]["aria-label"] = words % {"field": capfirst(str(self.label))}
        return context


class ListForm(forms.ModelForm):
    """Form of a row in an editable list; each input names its record, as there are many of each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{capfirst(str(field.label))}: {self.instance}"
