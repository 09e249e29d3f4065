"""Form that decides about the addresses of a page that is deleted: redirect, merge or mark gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed, FormerAddress
from helpdesk.addresses.pages import public_numbers, short_path
from helpdesk.addresses.paths import normalize
from helpdesk.adminkit.coded_text import CodedText
from helpdesk.content.kinds import kind_of
from helpdesk.permissions.rules import allowed
from helpdesk.redirects.lookup import own_paths
from helpdesk.redirects.merging import merge
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.redirects.page_field import PageField

LONGEST_NOTE = 200

PAGE_MERGED = CodedText("page-merged", _("“%(page)s” was merged"))
PAGE_DELETED = CodedText("page-deleted", _("“%(page)s” was deleted"))


class DeletionChoice(TextChoices):
    """Choice of what happens to the addresses of a deleted page."""

    REDIRECT = "redirect", _("Redirect to another page")
    MERGE = "merge", _("Merge it into another page")
    GONE = "gone", _("Gone (410)")


def ever_public(pages: Sequence[Any]) -> list[Any]:
    """Return the pages that visitors see or have ever seen at one of their addresses. One query."""
    now = timezone.now()
    numbers = FormerAddress.objects.filter(number__in=[page.number for page in pages]).values_list("number", flat=True)
    left_an_address = set(numbers)
    return [page for page in pages if (page.publish_at and page.publish_at <= now) or page.number in left_an_address]


class PageDeletionForm(forms.Form):
    """Choice of what happens to the addresses of the pages to delete, all of one kind."""

    way = forms.ChoiceField(widget=forms.RadioSelect, label=_("What should happen to its addresses?"))
    page = PageField(
        required=False,
        label=_("Other page"),
        help_text=_("Help number, address, or words of the title. Leave empty for “Gone (410)”."),
    )

    def __init__(self, request: HttpRequest, pages: Sequence[Addressed], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.request, self.pages = request, pages
        cast(PageField, self.fields["page"]).request = request
        self._offer(list(DeletionChoice) if request.user.has_perm("links.add_redirect") else [DeletionChoice.GONE])

    def _offer(self, ways: Sequence[DeletionChoice]) -> None:
        cast(forms.ChoiceField, self.fields["way"]).choices = [(way.value, way.label) for way in ways]
        self.needs_page = any(way != DeletionChoice.GONE for way in ways)
        if len(ways) == 1:
            self.initial["way"] = ways[0].value

    def only_merging(self) -> None:
        """Offer nothing but merging: other records refer to the pages, and would move to the other page."""
        self._offer([DeletionChoice.MERGE] if self.needs_page else [])
        self.fields["page"].help_text = gettext("Help number, address, or words of the title.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way, page = cleaned.get("way"), cleaned.get("page")
        if way in (DeletionChoice.REDIRECT, DeletionChoice.MERGE) and "page" not in self.errors:
            problem = self._page_problem(way, page)
            if problem:
                self.add_error("page", problem)
        if way == DeletionChoice.GONE:
            self.errors.pop("page", None)
            cleaned["page"] = None
        return cleaned

    def _page_problem(self, way: str, page: Addressed | None) -> str:
        if page is None:
            return gettext("Enter the page's help number, address, or words of its title.")
        if page in self.pages:
            return gettext("This is the page you're deleting. Choose another one.")
        if page.number not in public_numbers([page.number]):
            return gettext("Visitors can't see that page. Publish it first, or choose another one.")
        if way == DeletionChoice.MERGE and type(page) is not type(self.pages[0]):
            return gettext("Only pages of the same kind can be merged. Redirect to this page instead.")
        if way == DeletionChoice.MERGE and not allowed(self.request.user, "change", page):
            return gettext(
                "You don't have permission to change that page, so you can't merge into it. Choose another one."
            )
        return ""

    @property
    def outcome(self) -> str:
        """The message that says what happened to the addresses."""
        if self.cleaned_data["way"] == DeletionChoice.GONE:
            return gettext("Visitors of the old addresses are now told that the page is gone.")
        return gettext("The old addresses now redirect to “%(page)s”.") % {"page": self.cleaned_data["page"]}

    def carry_out(self) -> bool:
        """Do all but delete the pages. Returns False, with an error in the form and nothing changed, where refused."""
        way, other = self.cleaned_data["way"], self.cleaned_data["page"]
        try:
            with transaction.atomic():
                for page in self.pages:
                    if way == DeletionChoice.GONE:
                        delete_own_redirects(page)
                        continue
                    if way == DeletionChoice.MERGE:
                        merge(page, other)
                    redirect_to(page, other, merged=way == DeletionChoice.MERGE)
        except ValidationError as error:
            self.add_error("page", error)
            return False
        return True


def redirect_to(page: Any, other: Addressed, *, merged: bool) -> None:
    """Redirect to another page whatever leads to a page: its short link, and with it all addresses it ever had."""
    for redirect in Redirect.objects.filter(target_id=page.number):
        redirect.target_id = other.number
        redirect.save()
    note = note_about(PAGE_MERGED if merged else PAGE_DELETED, page)
    Redirect.objects.set_target(short_path(kind_of(page), page.number), other.number, note=note)
    delete_own_redirects(other)  # they are of a time when visitors did not see that page
    DeadAddress.objects.answered_by(Redirect(path=normalize(page.get_absolute_url()))).delete()


def note_about(text: CodedText, page: object) -> str:
    """Return a note about a page to store; a long name is cut so that the note fits its column."""
    notes = (text.to_json(page=Truncator(str(page)).chars(most)) for most in range(LONGEST_NOTE, 0, -10))
    return next(note for note in notes if len(note) <= LONGEST_NOTE)


def delete_own_redirects(page: Addressed) -> None:
    """Delete the redirects at a page's own addresses, so that they show the page, or answer 410 once it is deleted."""
    for redirect in Redirect.objects.filter(path__in=own_paths(page)):
        redirect.delete()
