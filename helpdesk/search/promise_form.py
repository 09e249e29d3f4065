"""Form of a promised search: phrases, and the page by help number, address, or words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.pages import short_path
from helpdesk.contacts.models import ContactPoint
from helpdesk.content.kinds import kind_of
from helpdesk.contentadmin.edit_conflicts import ContentForm
from helpdesk.outside.models import OutsidePage
from helpdesk.redirects.page_field import PageField
from helpdesk.search.models import CONTACT_LINK, Promise
from helpdesk.search.tokens import stems
from helpdesk.text.outside_links import SCHEME


class PromisedPageField(PageField):
    """A page of the portal, a contact point or an outside page; its value is the link that never changes."""

    def clean(self, value: object) -> Any:
        typed = str(value or "").strip()
        link = contact_link(typed) or outside_link(typed)
        if link:
            return link
        page = super().clean(value)
        return page_link(page) if page else ""


def page_link(page: Any) -> str:
    """Return the short link of a page, or its address where it has none."""
    kind = kind_of(page)
    return short_path(kind, page.number) if kind.letter else page.get_absolute_url()


def contact_link(typed: str) -> str:
    """Return the link of the contact point with this name or link; empty where there is none. At most one query."""
    slug = typed.removeprefix(CONTACT_LINK)
    by_link = typed.startswith(CONTACT_LINK)
    points = ContactPoint.objects.filter(slug=slug) if by_link else ContactPoint.objects.filter(name__iexact=typed)
    point = points.first()
    return f"{CONTACT_LINK}{point.slug}" if point else ""


def outside_link(typed: str) -> str:
    """Return the link of the outside page with this name or link; empty where there is none. At most one query."""
    slug = typed.removeprefix(SCHEME)
    by_link = typed.startswith(SCHEME)
    pages = OutsidePage.objects.filter(slug=slug) if by_link else OutsidePage.objects.filter(name__iexact=typed)
    page = pages.first()
    return f"{SCHEME}{page.slug}" if page else ""


class PromiseForm(ContentForm):
    page = PromisedPageField(
        label=_("Page"),
        help_text=_("Help number, address, or words of the title; or the name of a contact point or outside page."),
    )

    class Meta:
        model = Promise
        fields = ("page", "words")

    def clean_words(self) -> str:
        """Return the phrases, each once, one a line. Raises ValidationError where there are none."""
        found: dict[tuple[str, ...], str] = {}
        for line in self.cleaned_data["words"].splitlines():
            found.setdefault(tuple(stems(line)), " ".join(line.split()))
        found.pop((), None)
        if not found:
            raise ValidationError(gettext("Write at least one word."))
        return "\n".join(found.values())
