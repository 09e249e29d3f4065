"""Text input for a time zone that offers all of them while somebody types, without a script."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from helpdesk.contacts.hours import zone_name
from helpdesk.contacts.time_zones import time_zones

LIST_ID = "time-zones"


class ZoneWidget(forms.TextInput):
    """Input with the time zones as suggestions; any spelling that `parse_zone` reads is taken.

    Rows of one form share the list, which their form then shows once.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, with_list: bool = True) -> None:
        self.with_list = with_list
        super().__init__({"list": LIST_ID, "autocomplete": "off", **(attrs or {})})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        rendered = super().render(name, value, attrs, renderer)
        return format_html("{}{}", rendered, zone_list()) if self.with_list else rendered


def zone_list() -> SafeString:
    """Return the list of time zones with the names that visitors read."""
    options = format_html_join(
        "", '<option value="{}" label="{}"></option>', ((zone, zone_name(zone)) for zone in time_zones())
    )
    return format_html('<datalist id="{}">{}</datalist>', LIST_ID, options)
