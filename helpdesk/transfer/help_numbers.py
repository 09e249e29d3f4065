"""The help numbers that records from elsewhere get here: their own where it is free, else new ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from helpdesk.addresses.models import FIRST_NUMBER, FormerAddress, HelpNumber
from helpdesk.transfer.schema import Content, Item

# A link to a page by its number, in Markdown.
_SHORT_LINK = re.compile(r"(?<![\w/])/([gsf])/([0-9]{1,10})/")


class Numbers:
    """Gives numbers to new records, in their order. Two queries."""

    def __init__(self, theirs: Iterable[Item], here: Content) -> None:
        self.given = dict(HelpNumber.objects.values_list("number", "kind"))
        self.owners = {item.number: item for item in here if item.number is not None}
        self.left = set(FormerAddress.objects.values_list("kind", "slug", "number"))
        # Above all numbers of the file too, so that none of its own pages finds its number given away.
        everything = [*self.given, *(item.number for item in theirs if item.number is not None)]
        self.next = max(everything, default=FIRST_NUMBER - 1) + 1

    def give(self, item: Item) -> tuple[int, str]:
        """The number of a record that is new here, and what there is to say of it."""
        wanted = item.number
        if wanted is None:
            return self._next(), ""
        if wanted not in self.given or self._is_coming_back(item):
            return wanted, ""
        number = self._next()
        owner = self.owners.get(wanted)
        if owner is None:
            note = _("The help number %(wanted)d was given out here before, so it gets the number %(number)d.")
            return number, note % {"wanted": wanted, "number": number}
        note = _("The help number %(wanted)d belongs to “%(owner)s” here, so it gets the number %(number)d.")
        return number, note % {"wanted": wanted, "number": number, "owner": owner.title}

    def _is_coming_back(self, item: Item) -> bool:
        """Whether the number was this page's before it was deleted here."""
        kind = item.kind.model.address_kind  # type: ignore[attr-defined]
        return item.number not in self.owners and (kind, item.values["slug"], item.number) in self.left

    def _next(self) -> int:
        self.next += 1
        return self.next - 1


def turn_links(text: str, numbers: dict[tuple[str, int], int]) -> str:
    """The text with its links to numbered pages as they are here."""

    def turned(found: re.Match) -> str:
        letter, number = found[1], int(found[2])
        return f"/{letter}/{numbers.get((letter, number), number)}/"

    return _SHORT_LINK.sub(turned, text) if numbers else text
