"""Content kinds of contact points and their lines; the app `guides` registers them, as it has the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind, SearchSource
from helpdesk.content.search_numbers import search_number
from helpdesk.content.search_text import ALWAYS, SearchPassage, SearchText
from helpdesk.text.markdown import plain
from helpdesk.web.urls import path_of


def line_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for an imported line that says nothing."""
    if not (values["number"] or values["hours"] or values["note"]):
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
        moved={"phone": ("lines", "number"), "hours": ("lines", "note")},
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
        section="lines", words={"closed_days": "closed on"}, omitted=("updated_at",), conflicts=line_conflicts
    ),
)
