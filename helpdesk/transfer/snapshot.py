"""The content of the portal as a bundle knows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from helpdesk.addresses.models import FormerAddress
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Check
from helpdesk.transfer import pictures
from helpdesk.transfer.schema import BY_NAME, KINDS, Content, Form, Former, Item, Kind, key_of


def stored_content() -> Content:
    """All of the portal's content in the order of the pages; eleven queries or twelve, whatever there is."""
    content = Content()
    keys: dict[str, dict[int, str]] = {}
    former = _former_addresses()
    lists = _lists()
    for kind in KINDS:
        keys[kind.name] = {}
        for item in sorted(_items(kind, keys, lists, former), key=order_in_file):
            content.add(item)
    return with_pictures(content)


def _items(kind: Kind, keys: Any, lists: Any, former: Any) -> Iterable[Item]:
    names = [entry.name for entry in kind.properties if entry.form not in (Form.MANY, Form.FORMER)]
    parent = [kind.parent] if kind.parent else []
    for row in kind.model._default_manager.order_by().values("pk", *names, *parent):
        pk = row.pop("pk")
        values = {name: plain(value) for name, value in row.items()}
        if kind.parent:
            values[kind.parent] = keys[kind.inside][row[kind.parent]]
        for entry in kind.properties:
            if entry.form is Form.ONE and row[entry.name] is not None:
                values[entry.name] = keys[entry.to][row[entry.name]]
            elif entry.form is Form.MANY:
                values[entry.name] = tuple(keys[entry.to][other] for other in lists[entry.name][pk])
            elif entry.form is Form.FORMER:
                values["former"] = former.get((kind.model.address_kind, row["number"]), ())  # type: ignore[attr-defined]
        if "related_symptoms" in values:
            values["related_symptoms"] = tuple(sorted(values["related_symptoms"]))
        key = key_of(kind, values)
        keys[kind.name][pk] = key
        yield Item(kind, key, values, pk=pk)


def plain(value: Any) -> Any:
    """Texts with the line ends of files: browsers send others, and nobody sees a difference."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _lists() -> dict[str, dict[int, list[int]]]:
    checks: dict[int, list[int]] = defaultdict(list)
    for symptom, cause in Check.objects.order_by("symptom_id", "position").values_list("symptom_id", "cause_id"):
        checks[symptom].append(cause)
    related: dict[int, list[int]] = defaultdict(list)
    through = FaqEntry.related_symptoms.through
    for entry, symptom in through._default_manager.order_by().values_list("faqentry_id", "symptom_id"):
        related[entry].append(symptom)
    return {"checks": checks, "related_symptoms": related}


def _former_addresses() -> dict[tuple[str, int], tuple[Former, ...]]:
    found: dict[tuple[str, int], list[Former]] = defaultdict(list)
    for kind, number, slug, scope, until in FormerAddress.objects.order_by().values_list(
        "kind", "number", "slug", "scope", "until"
    ):
        found[kind, number].append(Former(slug, scope, until))
    # The latest first; where two ended at once, in the order of the alphabet.
    return {
        owner: tuple(sorted(sorted(all_of_it), key=lambda address: address.until, reverse=True))
        for owner, all_of_it in found.items()
    }


def order_in_file(item: Item) -> Any:
    """Pages in the order in which visitors see them, everything else by its key."""
    if item.kind.name in ("resolution", "cause", "synonym"):
        return (0, 0, item.key)
    return (item.values["position"], item.values.get("number") or 0, item.key)


def selection(content: Content, guides: Iterable[str], *, onward: bool = True) -> Content:
    """Of this content the guides with these slugs and all that belongs to them.

    That is their symptoms, checks, causes, resolutions and contact points, the FAQ entries that name one of their
    symptoms, and, with `onward`, the guides they lead to. KeyError for a guide that is not there.
    """
    wanted: dict[str, dict[str, None]] = {kind.name: {} for kind in KINDS}
    todo = list(guides)
    while todo:
        slug = todo.pop()
        if slug in wanted["guide"]:
            continue
        wanted["guide"][content.of("guide")[slug].key] = None
        for symptom in content.of("symptom").values():
            if symptom.parent == slug:
                wanted["symptom"][symptom.key] = None
                if onward and symptom.values["leads_to"]:
                    todo.append(symptom.values["leads_to"])
    for entry in content.of("FAQ entry").values():
        if any(symptom in wanted["symptom"] for symptom in entry.values["related_symptoms"]):
            wanted["FAQ entry"][entry.key] = None
            wanted["FAQ category"][entry.parent] = None
    for kind, references in (("symptom", "checks"), ("cause", "resolution"), ("resolution", "contact_point")):
        to = next(entry.to for entry in BY_NAME[kind].properties if entry.name == references)
        for key in wanted[kind]:
            value = content.of(kind)[key].values[references]
            for one in value if isinstance(value, tuple) else [value] if value else []:
                wanted[to][one] = None
    chosen = Content()
    for item in content:
        if item.key in wanted[item.kind.name]:
            chosen.add(item)
    return with_pictures(chosen)


def with_pictures(content: Content) -> Content:
    """The content, with the descriptions of the pictures in its texts; one query."""
    names = pictures.names_in(content)
    known = pictures.descriptions(names) if names else {}
    content.pictures = {name: known.get(name, "") for name in names}
    return content
