"""The preview of a record as the visitor will see it, with what is in the form and not saved yet."""

from __future__ import annotations

from simple_history.admin import SimpleHistoryAdmin


class PreviewAdmin(SimpleHistoryAdmin):
    """The admin of a record that has a place on the public pages."""
