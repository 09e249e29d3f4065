"""What becomes of the addresses of a page that is deleted: led to another page, merged with it, or gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import FormerAddress
from helpdesk.addresses.page_field import PageField
from helpdesk.addresses.page_index import public_numbers
from helpdesk.addresses.paths import normal
from helpdesk.permissions.rules import allowed
from helpdesk.redirects.merging import merge
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.redirects.resolver import short_path


class Way(TextChoices):
    REDIRECT = "redirect", _("Lead its visitors to another page")
    MERGE = "merge", _("Merge it into another page")
    GONE = "gone", _("Tell its visitors that it is gone (410)")


def ever_public(pages: Iterable[Any]) -> list[Any]:
    """Those of these pages that visitors see or have ever seen at one of their addresses. One query."""
    pages, now = list(pages), timezone.now()
    numbers = FormerAddress.objects.filter(number__in=[page.number for page in pages]).values_list("number", flat=True)
    left_an_address = set(numbers)
    return [page for page in pages if (page.publish_at and page.publish_at <= now) or page.number in left_an_address]


class FarewellForm(forms.Form):
    """Asks what becomes of the addresses of these pages, all of one kind."""

    way = forms.ChoiceField(widget=forms.RadioSelect, label=_("What happens to its addresses?"))
    page = PageField(
        required=False,
        label=_("The other page"),
        help_text=_("Its help number, its address, or words of its title. Not needed when the page is gone."),
    )

    def __init__(self, request: HttpRequest, pages: Sequence[Any], data: Any = None) -> None:
        super().__init__(data)
        self.request, self.pages = request, pages
        self.fields["page"].request = request  # type: ignore[attr-defined]
        self._offer(list(Way) if request.user.has_perm("links.add_redirect") else [Way.GONE])

    def _offer(self, ways: Sequence[Way]) -> None:
        self.fields["way"].choices = [(way.value, way.label) for way in ways]  # type: ignore[attr-defined]
        self.leads_on = any(way != Way.GONE for way in ways)
        if len(ways) == 1:
            self.initial["way"] = ways[0].value

    def only_merging(self) -> None:
        """Other records hold on to the pages, and would move along when they are merged: nothing else can be done."""
        self._offer([Way.MERGE] if self.leads_on else [])
        self.fields["page"].help_text = _now("Its help number, its address, or words of its title.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way, page = cleaned.get("way"), cleaned.get("page")
        if way in (Way.REDIRECT, Way.MERGE) and "page" not in self.errors:
            problem = self._problem(way, page)
            if problem:
                self.add_error("page", problem)
        if way == Way.GONE:
            self.errors.pop("page", None)
            cleaned["page"] = None
        return cleaned

    def _problem(self, way: str, page: Any) -> str:
        if page is None:
            return _now("Which page? Give its help number, its address, or words of its title.")
        if page in self.pages:
            return _now("This page is to be deleted. Choose another one.")
        if page.number not in public_numbers([page.number]):
            return _now("Visitors do not see that page now, so nobody can be led to it. Publish it first.")
        if way == Way.MERGE and type(page) is not type(self.pages[0]):
            return _now("Only pages of the same kind can be merged. You can lead visitors there instead.")
        if way == Way.MERGE and not allowed(self.request.user, "change", page):
            return _now("Your account may not change that page, so nothing can be merged into it.")
        return ""

    @property
    def outcome(self) -> str:
        """What has become of the addresses, as a sentence."""
        if self.cleaned_data["way"] == Way.GONE:
            return _now("Visitors of the old addresses are told that the page is gone.")
        return _now("Visitors of the old addresses now come to “%(page)s”.") % {"page": self.cleaned_data["page"]}

    def carry_out(self) -> bool:
        """Does all but delete the pages; False, with an error in the form and nothing done, where it cannot be."""
        way, other = self.cleaned_data["way"], self.cleaned_data["page"]
        try:
            with transaction.atomic():
                for page in self.pages:
                    if way == Way.GONE:
                        leave(page)
                        continue
                    if way == Way.MERGE:
                        merge(page, other)
                    hand_over(page, other, merged=way == Way.MERGE)
        except ValidationError as error:
            self.add_error("page", error)
            return False
        return True


def hand_over(page: Any, other: Any, *, merged: bool) -> None:
    """Has everything that leads to a page lead to another: its short link, and with it all addresses it ever had."""
    for redirect in Redirect.objects.filter(target_id=page.number):
        redirect.target_id = other.number
        redirect.save()
    note = _now("“%(page)s” was merged") if merged else _now("“%(page)s” was deleted")
    Redirect.objects.lead(
        short_path(type(page), page.number),
        other.number,
        note=Truncator(note % {"page": page}).chars(200),
    )
    for own in (short_path(type(other), other.number), normal(other.get_absolute_url())):
        for redirect in Redirect.objects.filter(path=own):  # of a time when visitors did not see that page
            redirect.delete()
    address = normal(page.get_absolute_url())
    DeadAddress.objects.answered_by(Redirect(path=address)).delete()


def leave(page: Any) -> None:
    """Takes back where a page's own addresses were once led, so that they say that it is gone."""
    for path in (short_path(type(page), page.number), normal(page.get_absolute_url())):
        for redirect in Redirect.objects.filter(path=path):
            redirect.delete()
