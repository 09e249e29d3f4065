"""Matching of a file's records with those of the portal, and the help numbers that new ones get here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext

from helpdesk.addresses.models import FIRST_NUMBER, FormerAddress, HelpNumber
from helpdesk.transfer.records import ContentRecord, RecordName, RecordSet
from helpdesk.transfer.schema import FORMER, record_specs

# A link to a page by its number, in Markdown.
_SHORT_LINK = re.compile(r"(?<![\w/])/([a-z])/([0-9]{1,10})/")


def match_records(theirs: RecordSet, here: RecordSet) -> dict[RecordName, ContentRecord]:
    """Return, by its name in the file, the record here of each record that is here, too.

    Two portals give the same numbers to different pages. So a record with the same number is the same one only when
    something else agrees: the slug, now or once, or the title. Otherwise the slug decides.
    """
    found: dict[RecordName, ContentRecord] = {}
    for spec in record_specs():
        by_number = {record.number: record for record in here.of(spec.name).values()}
        records = theirs.of(spec.name).values()
        for record in records:
            same = by_number.get(record.number)
            if same and record.number is not None and is_same_page(record, same):
                found[record.name] = same
        taken = {same.name for same in found.values()}
        for record in records:
            if record.name not in found:
                same = here.find(name_here(record, found))
                if same and same.name not in taken:
                    found[record.name] = same
                    taken.add(same.name)
    return found


def is_same_page(theirs: ContentRecord, ours: ContentRecord) -> bool:
    """Return whether two records of one number are one page: the slug is or was the same, or the title is."""
    slugs = [
        {record.values["slug"], *(former.slug for former in record.values.get(FORMER, ()))} for record in (theirs, ours)
    ]
    return theirs.title == ours.title or theirs.values["slug"] in slugs[1] or ours.values["slug"] in slugs[0]


def name_here(record: ContentRecord, found: dict[RecordName, ContentRecord]) -> RecordName:
    """Return the name that the file's record would have here, where its guide may have another slug."""
    parent = found.get(record.parent_name) if record.parent_name else None
    if parent is None or record.spec.parent is None:
        return record.name
    return record.spec.name, record.spec.key_of({**record.values, record.spec.parent.name: parent.key})


class NumberAllocator:
    """Help numbers for new records: their own where it is free, otherwise new ones. Two queries."""

    def __init__(self, theirs: Iterable[ContentRecord], here: RecordSet) -> None:
        self.given = set(HelpNumber.objects.values_list("number", flat=True))
        self.owners = {record.number: record for record in here if record.number is not None}
        self.former = set(FormerAddress.objects.values_list("kind", "slug", "number"))
        # Above all numbers of the file, too, so that none of its own pages finds its number given away.
        numbers = [*self.given, *(record.number for record in theirs if record.number is not None)]
        self.next = max(numbers, default=FIRST_NUMBER - 1) + 1

    def allocate(self, record: ContentRecord) -> tuple[int, str]:
        """Return the number of a record that is new here, and a note where it is not its own."""
        wanted = record.number
        if wanted is not None and (wanted not in self.given or self._is_coming_back(record)):
            return wanted, ""
        number, self.next = self.next, self.next + 1
        if wanted is None:
            return number, ""
        note = gettext("The help number %(wanted)d was already used here, so this page gets the number %(number)d.")
        owner = self.owners.get(wanted)
        if owner:
            note = gettext(
                "The help number %(wanted)d belongs to “%(owner)s” here, so this page gets the number %(number)d."
            )
        return number, note % {"wanted": wanted, "number": number, "owner": owner.title if owner else ""}

    def _is_coming_back(self, record: ContentRecord) -> bool:
        """Return whether the number was this page's before the page was deleted here."""
        address = record.spec.kind.name, record.values["slug"], record.number
        return record.number not in self.owners and address in self.former


def replace_numbers(text: str, numbers: dict[tuple[str, int], int]) -> str:
    """Return the text with its links to numbered pages as they are here."""

    def replaced(link: re.Match[str]) -> str:
        number = numbers.get((link[1], int(link[2])))
        return f"/{link[1]}/{number}/" if number else link[0]

    return _SHORT_LINK.sub(replaced, text) if numbers else text
