"""Notes that the portal itself writes on redirects: stored as codes with values, translated when shown."""

from __future__ import annotations

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.coded_text import CodedText

LONGEST_NOTE = 200

PAGE_MERGED = CodedText("page-merged", _("“%(page)s” was merged"))
PAGE_DELETED = CodedText("page-deleted", _("“%(page)s” was deleted"))


def note_about(text: CodedText, page: object) -> str:
    """Return a note about a page to store; a long name is cut so that the note fits its column."""
    notes = (text.to_json(page=Truncator(str(page)).chars(most)) for most in range(LONGEST_NOTE, 0, -10))
    return next(note for note in notes if len(note) <= LONGEST_NOTE)
