"""Reasons of revisions: stored as a code with a value, translated when shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext, ngettext

from helpdesk.content.dates import moment_in_words

MAX_LENGTH = 100  # of django-simple-history's column


class Reason(StrEnum):
    """Code of a reason; the comment says what its value is."""

    LOADED = "loaded"
    FIRST_CONTENT = "first-content"
    REVIEWED = "reviewed"
    CHANGED_OUTSIDE = "changed-outside"
    HISTORY_BEGAN = "history-began"
    COPY_TOOK_PLACE = "copy-took-place"
    RESOLUTION_COPIED = "resolution-copied"
    ADDED_WITH = "added-with"  # the number of others
    CHANGED_WITH = "changed-with"  # the number of others
    COPIED = "copied"  # the slug of the original
    IMPORTED = "imported"  # the name of the file
    MERGED = "merged"  # the name of the page that is gone
    RESTORED = "restored"  # the moment in ISO format

    def of(self, value: object) -> str:
        """Return the text to store; a value that is too long for the column is cut."""
        return f"{self.value}:{value}"[:MAX_LENGTH]


def reason_text(stored: str | None) -> str:
    """Return a stored reason in the language of the reader.

    Rows from before the codes hold a sentence, which is returned as it is.
    """
    code, _colon, value = (stored or "").partition(":")
    try:
        return _TEXTS[Reason(code)](value)
    except ValueError:
        return stored or ""


def _moment(value: str) -> str:
    return moment_in_words(datetime.fromisoformat(value))


def _added_with(value: str) -> str:
    number = int(value)
    return ngettext("Added together with %d other", "Added together with %d others", number) % number


def _changed_with(value: str) -> str:
    number = int(value)
    return ngettext("Changed together with %d other", "Changed together with %d others", number) % number


_TEXTS: dict[Reason, Callable[[str], str]] = {
    Reason.LOADED: lambda value: gettext("Loaded from a file"),
    Reason.FIRST_CONTENT: lambda value: gettext("First content"),
    Reason.REVIEWED: lambda value: gettext("Reviewed, no changes needed"),
    Reason.CHANGED_OUTSIDE: lambda value: gettext("Changed outside the portal"),
    Reason.HISTORY_BEGAN: lambda value: gettext("First recorded version"),
    Reason.COPY_TOOK_PLACE: lambda value: gettext("Replaced by a copy of the cause"),
    Reason.RESOLUTION_COPIED: lambda value: gettext("New resolution, copied for this situation"),
    Reason.ADDED_WITH: _added_with,
    Reason.CHANGED_WITH: _changed_with,
    Reason.COPIED: lambda value: gettext("Copied from “%(slug)s”") % {"slug": value},
    Reason.IMPORTED: lambda value: gettext("Imported from %(name)s") % {"name": value},
    Reason.MERGED: lambda value: gettext("“%(page)s” was merged into this") % {"page": value},
    Reason.RESTORED: lambda value: gettext("Restored from %(when)s") % {"when": _moment(value)},
}
