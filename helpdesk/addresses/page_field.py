"""The form field that names a page: by help number, by address, or by words among which one is then chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.addresses.page_index import name_of, page_meant, pages_with

LONGEST = 300


class PageInput(forms.TextInput):
    """A line to write in; below it, after words that name no one page, those to choose from."""

    class Media:
        js = ["staff/find-page.js"]

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField", "maxlength": LONGEST, "autocomplete": "off"})
        self.matches: list[Any] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was written, or the number of the page that was chosen for it."""
        typed = data.get(name, "")
        return data.get(f"{name}-chosen") or typed if data.get(f"{name}-for") == typed else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
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
    """A page of the portal. Give it the request before it is used: it searches as far as the user may look."""

    widget = PageInput
    request: HttpRequest

    def clean(self, value: Any) -> Any:
        typed = str(value or "").replace("\0", "").strip()[:LONGEST]
        if not typed:
            return super().clean(None)
        page = page_meant(typed)
        if page is not None:
            return page
        if typed.isdecimal():
            raise ValidationError(_("No page has the help number %(number)s now.") % {"number": typed[:20]})
        if typed.startswith(("/", "http")):
            raise ValidationError(_("No page has this address. Try its help number or words of its title."))
        matches = pages_with(self.request, typed)
        if not matches:
            raise ValidationError(_("No page was found with these words. Try others, or its help number."))
        self.widget.matches = matches
        raise ValidationError(_("Choose the page you mean."))
