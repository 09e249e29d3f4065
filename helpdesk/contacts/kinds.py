"""Content kinds of contact points and their lines; the app `guides` registers them, as it has the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts.line_keys import moved_line_key
from helpdesk.contacts.line_texts import READABLE, read_texts
from helpdesk.contacts.models import ContactLine, ContactPoint, day_to_come, is_to_come
from helpdesk.content.bundle_format import BundleFormat, MovedTexts
from helpdesk.content.kinds import ContentKind, SearchSource
from helpdesk.content.search_numbers import search_number
from helpdesk.content.search_text import ALWAYS, SearchPassage, SearchText
from helpdesk.text.markdown import plain
from helpdesk.web.urls import path_of


def point_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for an imported contact point that was confirmed on a day to come."""
    if is_to_come(cast("date | None", values.get("confirmed_on"))):
        yield day_to_come()


def line_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for an imported line that says nothing."""
    if not any(values.get(name) for name in ("number", "hours", "note")):
        yield gettext("A line needs a number, hours or a note.")


def contact_search_text(point: ContactPoint) -> SearchText | None:
    """Return the text of a contact point, which has its place on the page of all of them."""
    lines = [" ".join(filter(None, (line.place, line.shown_number, line.hours_words))) for line in point.lines.all()]
    reach = "\n".join(filter(None, [*lines, point.email]))
    texts = (point.purpose, reach, plain(point.details), point.preparation)
    return SearchText(
        search_number(point),
        "contact-point",
        point.slug,
        0,
        f"{path_of('contact-points')}#{point.slug}",
        "",
        point.name,
        *ALWAYS,
        parts=tuple(SearchPassage("", "", text) for text in texts if text),
    )


CONTACT_POINT = ContentKind(
    name="contact-point",
    model=ContactPoint,
    history=("lines",),
    bundle=BundleFormat(
        words={"purpose": "for what", "preparation": "what to have ready", "details": "more to know"},
        omitted=("updated_at",),
        conflicts=point_conflicts,
        moved=MovedTexts(
            section="lines",
            key=moved_line_key,
            fields={"phone": "number", "hours": "note"},
            notes={
                "hours": _(
                    "“%(text)s” is kept as a note: version 1.0 had no time zones. "
                    "Enter hours and time zone in the admin."
                )
            },
        ),
        since_format_2=("web_address", "confirmed_on"),
    ),
    search=SearchSource(
        queryset=ContactPoint.objects.for_page, text=contact_search_text, reads=("lines",), code=1, label=_("Contact")
    ),
)

CONTACT_LINE = ContentKind(
    name="contact-line",
    model=ContactLine,
    parent="contact_point",
    parent_title="name",
    bundle=BundleFormat(
        section="lines",
        words={"closed_days": "closed on"},
        omitted=("updated_at",),
        conflicts=line_conflicts,
        readable=READABLE,
        reader=read_texts,
    ),
)
