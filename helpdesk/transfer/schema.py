"""What a bundle holds: the kinds of records, their properties, and the words they have in the file.

Reading, writing, comparing and storing all follow these lists, in this order: what others refer to comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.addresses.models import Addressed
from helpdesk.content.publishing import Publishable
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
from helpdesk.search.models import Synonym


class Form(Enum):
    """How a property is written."""

    TEXT = auto()
    NUMBER = auto()
    SWITCH = auto()
    MOMENT = auto()
    DAY = auto()
    ONE = auto()  # the key of another record
    MANY = auto()  # a list of keys
    FORMER = auto()  # former addresses


@dataclass(frozen=True)
class Property:
    """A property of a kind of record: its name in the code and its word in the file."""

    name: str
    word: str
    form: Form = Form.TEXT
    to: str = ""  # the kind that a reference leads to
    is_soft: bool = False  # a reference to something that is not there is left out, not refused
    is_compared: bool = True
    has_links: bool = False  # Markdown: may link to pages by their numbers


@dataclass(frozen=True)
class Kind:
    """A kind of record. `inside` is the kind it stands below, `parent` the reference that says so."""

    name: str
    section: str
    model: type[models.Model]
    properties: tuple[Property, ...]
    inside: str = ""
    parent: str = ""
    letter: str = ""  # of its short addresses: /s/1042/

    @property
    def is_addressed(self) -> bool:
        return issubclass(self.model, Addressed)

    @property
    def is_publishable(self) -> bool:
        return issubclass(self.model, Publishable)

    def field(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def label(self, name: str) -> str:
        """What staff call the property."""
        match name:
            case "checks":
                return _("Checks")
            case "former":
                return _("Former addresses")
        return capfirst(str(self.field(name).verbose_name))

    @property
    def verbose_name(self) -> str:
        return str(self.model._meta.verbose_name)

    def named(self, many: int) -> str:
        """The kind in words for so many records."""
        return str(self.model._meta.verbose_name if many == 1 else self.model._meta.verbose_name_plural)


def _text(name: str, word: str = "") -> Property:
    return Property(name, word or name.replace("_", " "))


def _markdown(name: str, word: str = "") -> Property:
    return Property(name, word or name.replace("_", " "), has_links=True)


_SLUG = Property("slug", "slug")
_NUMBER = Property("number", "number", Form.NUMBER, is_compared=False)
_POSITION = Property("position", "position", Form.NUMBER)
# When it was last changed stands on public pages, so it goes along; that alone makes no difference worth asking about.
_CHANGED = Property("updated_at", "changed", Form.MOMENT, is_compared=False)
_FORMER = Property("former", "former addresses", Form.FORMER)
_PUBLISHING = (
    Property("publish_at", "publish from", Form.MOMENT),
    Property("archive_at", "archive from", Form.MOMENT),
    Property("review_by", "review by", Form.DAY),
)

KINDS = (
    Kind(
        "contact point",
        "contact points",
        ContactPoint,
        (
            *(_SLUG, _text("name"), _text("purpose", "for what"), _text("phone"), _text("email"), _text("hours")),
            *(_text("preparation", "what to have ready"), _markdown("details", "more to know"), _POSITION),
        ),
    ),
    Kind(
        "resolution",
        "resolutions",
        Resolution,
        (
            *(_SLUG, _text("title"), _markdown("body", "what to do")),
            *(Property("contact_point", "contact point", Form.ONE, to="contact point"), _CHANGED),
        ),
    ),
    Kind(
        "cause",
        "causes",
        Cause,
        (
            *(_SLUG, _NUMBER, _text("title"), _markdown("how_to_check"), Property("minutes", "minutes", Form.NUMBER)),
            *(Property("resolution", "resolution", Form.ONE, to="resolution"), _markdown("prevention"), _CHANGED),
            _FORMER,
        ),
    ),
    Kind(
        "guide",
        "guides",
        Guide,
        (
            *(_SLUG, _NUMBER, _text("title"), _text("short_title"), _text("prompt"), _markdown("introduction")),
            *(_POSITION, *_PUBLISHING, _CHANGED, _FORMER),
        ),
        letter="g",
    ),
    Kind(
        "symptom",
        "symptoms",
        Symptom,
        (
            *(_SLUG, _NUMBER, _text("title"), _text("message"), _text("keywords"), _markdown("introduction")),
            *(_markdown("notice"), Property("leads_to", "leads to", Form.ONE, to="guide")),
            *(Property("checks", "checks", Form.MANY, to="cause"), _POSITION, *_PUBLISHING, _CHANGED, _FORMER),
        ),
        inside="guide",
        parent="guide",
        letter="s",
    ),
    Kind(
        "FAQ category",
        "FAQ",
        FaqCategory,
        (_SLUG, _NUMBER, _text("title"), _markdown("introduction"), _POSITION, _FORMER),
    ),
    Kind(
        "FAQ entry",
        "entries",
        FaqEntry,
        (
            *(_SLUG, _NUMBER, _text("question"), _markdown("answer"), _text("keywords")),
            Property("related_symptoms", "related symptoms", Form.MANY, to="symptom", is_soft=True),
            *(_POSITION, *_PUBLISHING, _CHANGED, _FORMER),
        ),
        inside="FAQ category",
        parent="category",
        letter="f",
    ),
    Kind(
        "synonym",
        "synonyms",
        Synonym,
        (
            *(_text("words", "customers say"), _text("means", "the pages say")),
            Property("both_ways", "both ways", Form.SWITCH),
        ),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
FAQ_ENTRY = BY_NAME["FAQ entry"]


@dataclass(frozen=True, order=True)
class Former:
    """A slug that a record had until a moment; `scope` is the number of the guide it then stood in, or 0."""

    slug: str
    scope: int
    until: Any = field(compare=False)


@dataclass(slots=True)
class Item:
    """One record as a bundle knows it, wherever it comes from: a file, a spreadsheet, or the portal itself.

    `values` has what is known of it, by the names of the properties; references are keys. `place` says where in the
    file it stands, in words.
    """

    kind: Kind
    key: str
    values: dict[str, Any]
    place: str = ""
    pk: int | None = None

    @property
    def number(self) -> int | None:
        return self.values.get("number")

    @property
    def title(self) -> str:
        """How staff know it."""
        for name in ("title", "name", "question"):
            if name in self.values:
                return self.values[name]
        return f"{self.values['words']} → {self.values['means']}"

    @property
    def parent(self) -> str:
        """The key of the record it stands below; empty where it stands alone."""
        return self.values[self.kind.parent] if self.kind.parent else ""


class Content:
    """Records by kind and key, in the order in which they were added, and what the pictures in their texts show."""

    def __init__(self) -> None:
        self.pictures: dict[str, str] = {}  # the description by the name of the file
        self._items: dict[str, dict[str, Item]] = {kind.name: {} for kind in KINDS}

    def add(self, item: Item) -> None:
        self._items[item.kind.name][item.key] = item

    def of(self, kind: str) -> dict[str, Item]:
        return self._items[kind]

    def find(self, kind: str, key: str) -> Item | None:
        return self._items[kind].get(key)

    def __iter__(self) -> Iterator[Item]:
        """All records, what others refer to first."""
        for items in self._items.values():
            yield from items.values()

    def __len__(self) -> int:
        return sum(map(len, self._items.values()))


def key_of(kind: Kind, values: dict[str, Any]) -> str:
    """What a record is referred to by: its slug, below its guide's; a synonym's words."""
    if kind.name == "synonym":
        return f"{values['words']} → {values['means']}"
    if kind.name == "symptom":
        return f"{values['guide']}/{values['slug']}"
    return values["slug"]
