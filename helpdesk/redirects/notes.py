"""Notes that the portal writes on redirects: stored as a code with a value, translated when shown."""

from __future__ import annotations

from enum import StrEnum

from django.utils.text import Truncator
from django.utils.translation import gettext

LONGEST_NOTE = 200


class Note(StrEnum):
    """Code of a note; its value is the name of the page that is gone."""

    MERGED = "merged"
    DELETED = "deleted"

    def of(self, page: object) -> str:
        """Return the text to store."""
        return Truncator(f"{self.value}:{page}").chars(LONGEST_NOTE)


def note_text(stored: str) -> str:
    """Return a note in the reader's language. What staff wrote, or the portal before it had codes, stays as it is."""
    code, colon, name = stored.partition(":")
    if colon and code == Note.MERGED:
        return gettext("“%(page)s” was merged") % {"page": name}
    if colon and code == Note.DELETED:
        return gettext("“%(page)s” was deleted") % {"page": name}
    return stored
