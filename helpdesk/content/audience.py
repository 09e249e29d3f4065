"""The audience of a page: visitors, or staff who preview drafts or the site as of a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Audience:
    """The reader whom a query answers.

    A visitor sees what is published now. A preview shows staff everything, drafts included, or with `as_of` what is
    published at that moment. Views make it from the request; nothing below a view takes the request for it.
    """

    is_preview: bool = False
    as_of: datetime | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Audience:
        """Return the audience of a request, a preview only after `set_preview`."""
        preview = getattr(request, "preview", None)
        return cls(is_preview=True, as_of=getattr(preview, "at", None)) if preview else VISITOR


VISITOR = Audience()


def set_preview(request: HttpRequest, preview: object) -> None:
    """Make the page of a request a preview, after the login check; `preview.at` is its moment, if it has one."""
    request.__dict__["preview"] = preview
