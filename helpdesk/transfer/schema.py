"""Schema of an export file: the kinds of records, their fields, and the words that name them in a file.

All of it follows from the registry of content kinds and from their models. Kinds come in the order of the registry,
so that a record comes after those it refers to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext

from helpdesk.addresses.models import Addressed, HelpNumberField
from helpdesk.content.bundle_format import ReadTexts
from helpdesk.content.kinds import ContentKind, all_kinds, is_content, kind_of
from helpdesk.content.markdown_field import MarkdownField

# Words of fields that many kinds have. The order is that of the end of a record.
COMMON_WORDS = {
    "position": "position",
    "publish_at": "publish from",
    "archive_at": "archive from",
    "review_by": "review by",
    "updated_at": "changed",
}
FIRST_FIELDS = ("slug", "number")
POSITION = "position"
FORMER = "former"  # name of the field with the former addresses


class FieldType(Enum):
    """Type of the values of a field."""

    TEXT = auto()
    INTEGER = auto()
    BOOLEAN = auto()
    DATETIME = auto()
    DATE = auto()
    REFERENCE = auto()  # the key of another record
    REFERENCES = auto()  # a list of keys
    FORMER_SLUGS = auto()


_TYPES: tuple[tuple[type[Any], FieldType], ...] = (
    (models.BooleanField, FieldType.BOOLEAN),
    (models.DateTimeField, FieldType.DATETIME),
    (models.DateField, FieldType.DATE),
    (models.IntegerField, FieldType.INTEGER),
    (models.ForeignKey, FieldType.REFERENCE),
    (models.ManyToManyField, FieldType.REFERENCES),
)


class FieldSpec:
    """A field of a kind of record: its name in the code, its word in a file, its type."""

    def __init__(self, name: str, word: str, field: Any = None) -> None:
        self.name, self.word, self.field = name, word, field
        self.type = next((its for model, its in _TYPES if isinstance(field, model)), FieldType.TEXT)
        if name == FORMER:
            self.type = FieldType.FORMER_SLUGS
        # The moment of the last change is shown on pages, so it is exported, but no difference worth asking about.
        self.is_compared = name != "updated_at" and not isinstance(field, HelpNumberField)
        self.is_markdown = isinstance(field, MarkdownField)
        self.through: Any = field.remote_field.through if self.type is FieldType.REFERENCES else None
        self.is_ordered = self.through is not None and hasattr(self.through, "position")
        # A plain relation to something that is missing is left out; a record cannot be without its other references.
        self.is_soft = self.through is not None and bool(self.through._meta.auto_created)
        self.default = self._default()
        self.is_required = (
            self.type not in (FieldType.REFERENCES, FieldType.FORMER_SLUGS, FieldType.BOOLEAN)
            and self.is_compared
            and not (field.blank or field.has_default())
        )

    def _default(self) -> Any:
        """Return the value of a record of which a file says nothing here."""
        if self.type in (FieldType.REFERENCES, FieldType.FORMER_SLUGS):
            return ()
        if self.field.has_default():
            return self.field.get_default()
        return "" if self.type is FieldType.TEXT else None

    def is_left_out(self, value: object) -> bool:
        """Return whether a file omits the value. A text with a default never is: that may differ elsewhere.

        Nor is a position: a record without one comes last.
        """
        return self.name != POSITION and bool(value == ("" if self.type is FieldType.TEXT else self.default))

    @cached_property
    def target(self) -> RecordSpec:
        """The kind of record that a reference leads to."""
        return spec_of(self.field.related_model)

    @property
    def label(self) -> str:
        """Name of the field for staff."""
        if self.type is FieldType.FORMER_SLUGS:
            return gettext("Former addresses")
        return capfirst(str(self.through._meta.verbose_name_plural if self.is_ordered else self.field.verbose_name))


@dataclass(frozen=True, eq=False)
class RecordSpec:
    """A kind of record in a file, and its fields in the order of the file."""

    kind: ContentKind
    name: str
    section: str
    fields: tuple[FieldSpec, ...]
    parent: FieldSpec | None  # the reference to the record below which it is written

    @property
    def model(self) -> type[models.Model]:
        return self.kind.model

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        return (*self.fields, self.parent) if self.parent else self.fields

    @cached_property
    def by_name(self) -> dict[str, FieldSpec]:
        return {field.name: field for field in self.all_fields}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the fields that are columns of the model's table."""
        return tuple(field.name for field in self.all_fields if field.field is not None and field.through is None)

    @property
    def is_addressed(self) -> bool:
        return issubclass(self.model, Addressed)

    @cached_property
    def title_field(self) -> str:
        names = (getattr(self.model, "name_field", ""), "title", "name")
        return next((name for name in names if name in self.by_name), "")

    def key_of(self, values: Mapping[str, Any]) -> str:
        """Return what a file refers to a record by: its slug, below its guide's; a synonym's words."""
        names = self.kind.bundle.key
        if names != ("slug",):
            return " → ".join(str(values[name]) for name in names)
        scope = getattr(self.model, "address_scope", None)
        return f"{values[scope]}/{values['slug'] or ''}" if scope else values["slug"] or ""

    @property
    def readable(self) -> tuple[str, ...]:
        """Names of the fields with texts that have a form of their own."""
        return self.kind.bundle.readable

    def word_of(self, name: str) -> str:
        return self.by_name[name].word

    def read(self, values: Mapping[str, Any]) -> ReadTexts:
        """Return the texts with a form of their own as they are stored, and what is wrong with the others."""
        if self.kind.bundle.reader is None:
            return {}, {}
        found, faults = self.kind.bundle.reader(values)
        too_long = gettext("The text is too long. The limit is %(most)d characters.")
        limits = {name: self.by_name[name].field.max_length for name in found}
        long = {
            name: too_long % {"most": limits[name]} for name, text in found.items() if len(str(text)) > limits[name]
        }
        return {name: text for name, text in found.items() if name not in long}, {**faults, **long}

    def faults(self, values: Mapping[str, Any], given: Collection[str]) -> Iterator[str]:
        """Yield what is wrong with a record as a whole; a value that is wrong has its own sentence already."""
        for field in self.fields:
            value = values.get(field.name)
            # A part of the key has no default that would be the same at the next import.
            is_required = field.is_required or field.name in self.kind.bundle.key
            if is_required and (field.name not in given or (isinstance(value, str) and not value.strip())):
                yield gettext("“%(word)s” is missing.") % {"word": field.word}
        yield from self.conflicts(values)

    def conflicts(self, values: Mapping[str, Any]) -> Iterator[str]:
        """Yield a sentence for each pair of values that does not go together."""
        archive_at, publish_at = values.get("archive_at"), values.get("publish_at")
        if archive_at and (not publish_at or archive_at <= publish_at):
            yield gettext("The archive date must be after the publication date.")
        if self.kind.bundle.conflicts:
            yield from self.kind.bundle.conflicts(values)

    def label(self, count: int = 1) -> str:
        """Return the name of the kind for so many records."""
        return self.kind.label if count == 1 else self.kind.label_plural


def record_specs() -> tuple[RecordSpec, ...]:
    """Return the kinds of records in the order of the file."""
    return tuple(map(_spec, all_kinds()))


def spec_of(model: type[models.Model]) -> RecordSpec:
    """Return the kind of record that a model holds. Raises LookupError."""
    return _spec(kind_of(model))


_specs: dict[type[models.Model], RecordSpec] = {}


def _spec(kind: ContentKind) -> RecordSpec:
    known = _specs.get(kind.model)
    if known is None or known.kind is not kind:
        name = kind.bundle.name or kind.name.replace("-", " ")
        section = kind.bundle.section or f"{name}s"
        parent = FieldSpec(kind.parent, "", kind.model._meta.get_field(kind.parent)) if kind.parent else None
        known = _specs[kind.model] = RecordSpec(kind, name, section, tuple(_fields(kind)), parent)
    return known


def _fields(kind: ContentKind) -> Iterator[FieldSpec]:
    fields = {
        field.name: field
        for field in (*kind.model._meta.fields, *kind.model._meta.many_to_many)
        if not field.primary_key
        and field.name not in (kind.parent, *kind.bundle.omitted)
        and (field.related_model is None or is_content(field.related_model))
    }
    middle = [name for name in fields if name not in FIRST_FIELDS and name not in COMMON_WORDS]
    for name in (*FIRST_FIELDS, *middle, *COMMON_WORDS):
        if name in fields:
            word = kind.bundle.words.get(name) or COMMON_WORDS.get(name) or name.replace("_", " ")
            yield FieldSpec(name, word, fields[name])
    if issubclass(kind.model, Addressed):
        yield FieldSpec(FORMER, "former addresses")
