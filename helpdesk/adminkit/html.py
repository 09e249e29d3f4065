"""HTML of records in admin pages: links, lists, states. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from helpdesk.content.publishing import Publishable


def record_url(record: Model) -> str:
    """Return the address of the record's page in the admin."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def record_link(record: Model, text: str = "") -> SafeString:
    """Return a link to the record's page in the admin, under its name or another text."""
    return format_html('<a href="{}">{}</a>', record_url(record), text or str(record))


def record_text(record: Model) -> str:
    """Return the kind and the name of a record: Guide “No sound”."""
    names = {"kind": capfirst(str(record._meta.verbose_name)), "name": str(record)}
    return gettext("%(kind)s “%(name)s”") % names


def state_badge(page: Publishable) -> SafeString:
    """Return the state of a page in words, on the color of that state."""
    return format_html('<span class="state state-{}">{}</span>', page.state.value, page.state_text)


def block_list(items: Iterable[SafeString], *, empty: str) -> SafeString:
    """Return the items as a list, or a sentence where there are none."""
    lines = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="record-list">{}</ul>', lines) if lines else format_html("<p>{}</p>", empty)
