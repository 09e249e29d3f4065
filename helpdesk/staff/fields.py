"""Form fields as staff need them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper


def with_plain_choice(field: Any) -> Any:
    """The field; one that chooses another record offers to change it or add one, but not to delete it."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget.can_delete_related = field.widget.can_view_related = False
    return field
