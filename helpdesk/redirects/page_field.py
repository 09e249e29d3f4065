"""Form field for a page: by help number, by address, or by words and then a choice among those found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from helpdesk.addresses.help_numbers import parse_help_number
from helpdesk.addresses.models import Addressed
from helpdesk.addresses.pasted import bare
from helpdesk.redirects.page_search import find_page, name_of, search_pages

LONGEST = 300


class PageInput(forms.TextInput):
    """Text input, with the pages to choose from below it where its words name more than one."""

    class Media:
        js = ["staff/find-page.js"]

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField", "maxlength": LONGEST, "autocomplete": "off"})
        self.matches: list[Addressed] = []

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was typed, or the number of the page that was chosen for exactly that."""
        typed = data.get(name, "")
        return data.get(f"{name}-chosen") or typed if data.get(f"{name}-for") == typed else typed

    def render(self, name: str, value: object, attrs: Any = None, renderer: object = None) -> SafeString:
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "value": "" if value is None else str(value),
            "attrs": {**self.attrs, **(attrs or {})},
            "matches": [(page.number, name_of(page), page) for page in self.matches],
            "suggestions": reverse("admin:links_redirect_pages"),
        }
        return render_to_string("admin/widgets/page.html", context)


class PageField(forms.Field):
    """A page of the portal. Needs `request` before it is used: it finds what the user may view."""

    widget = PageInput
    request: HttpRequest

    def clean(self, value: object) -> Addressed | None:
        typed = str(value or "").replace("\0", "").strip()[:LONGEST]
        if not typed:
            return super().clean(None)
        page = find_page(typed)
        if page is not None:
            return page
        if bare(typed).lower().startswith(("/", "http")):
            raise ValidationError(gettext("No page has this address. Try the help number or words of the title."))
        number = parse_help_number(typed)
        if number is not None or typed.isdecimal():
            shown = typed[:20] if number is None else number
            raise ValidationError(
                gettext("No page has the help number %(number)s. Check the number, or try words of the title.")
                % {"number": shown}
            )
        matches = search_pages(self.request, typed)
        if not matches:
            raise ValidationError(gettext("No matches. Try other words or the help number."))
        self.widget.matches = matches
        raise ValidationError(gettext("Choose a page from the list."))
