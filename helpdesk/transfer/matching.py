"""Which record of the portal is the one that a file speaks of."""

from __future__ import annotations

from helpdesk.transfer.schema import KINDS, Content, Item

# What a file knows a record by: its kind and its key in the file.
Name = tuple[str, str]


def match(theirs: Content, here: Content) -> dict[Name, Item]:
    """For each record of the file that is here too, the one here.

    A help number says most, but two portals give the same numbers to different pages. So a record with the same number
    is the same one when something else speaks for it: the slug, now or once, or the title. Else the slug decides.
    """
    found: dict[Name, Item] = {}
    for kind in KINDS:
        by_number = {item.number: item for item in here.of(kind.name).values() if item.number is not None}
        taken: set[str] = set()
        items = theirs.of(kind.name).values()
        for item in items:
            same = by_number.get(item.number) if item.number is not None else None
            if same and is_same_page(item, same):
                found[kind.name, item.key] = same
                taken.add(same.key)
        for item in items:
            if (kind.name, item.key) not in found:
                same = here.find(kind.name, key_here(item, found))
                if same and same.key not in taken:
                    found[kind.name, item.key] = same
                    taken.add(same.key)
    return found


def is_same_page(theirs: Item, ours: Item) -> bool:
    """Whether two records of one number are one page: the slug is or was the same on one side, or the title is."""
    their_slug, our_slug = theirs.values["slug"], ours.values["slug"]
    return (
        their_slug == our_slug
        or theirs.title == ours.title
        or any(address.slug == our_slug for address in theirs.values.get("former", ()))
        or any(address.slug == their_slug for address in ours.values.get("former", ()))
    )


def key_here(item: Item, found: dict[Name, Item]) -> str:
    """The key that the file's record would have here, where its guide may have another slug."""
    if item.kind.name != "symptom":
        return item.key
    guide = found.get(("guide", item.parent))
    return f"{guide.key if guide else item.parent}/{item.values['slug']}"
