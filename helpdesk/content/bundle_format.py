"""Form of a content kind's records in an export file, as far as it does not follow from the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

# Values in the form in which they are stored, and a sentence for each one that cannot be read, by the names of fields.
ReadTexts = tuple[Mapping[str, object], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class MovedTexts:
    """Texts that format 1 had in a record itself, and that are in a row of their own below it now."""

    section: str
    # Key of the row for the slug of its record.
    key: Callable[[str], str]
    # Field of the row by the former word.
    fields: Mapping[str, str]
    # Sentences that tell staff what became of a text ("%(text)s"), by the former word.
    notes: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BundleFormat:
    """Names of a kind and its fields in an export file ("bundle"); types, order and references follow from the model.

    Nothing has to be given: by default every field of the model is exported, under its name with spaces.
    """

    # Name of one record, and of the list of them; by default the name of the kind, and that with an "s".
    name: str = ""
    section: str = ""
    # Fields whose values together name a record, where it has no slug.
    key: tuple[str, ...] = ("slug",)
    words: Mapping[str, str] = field(default_factory=dict)
    omitted: tuple[str, ...] = ()
    # Sentences on what does not go together in the values of one record.
    conflicts: Callable[[Mapping[str, object]], Iterable[str]] | None = None
    # Names of fields with texts that have a form of their own, such as telephone numbers, and their reader.
    readable: tuple[str, ...] = ()
    reader: Callable[[Mapping[str, object]], ReadTexts] | None = None
    # What bundles of format 1, those of version 1.0, say in another way or leave open.
    moved: MovedTexts | None = None
    since_format_2: tuple[str, ...] = ()
    # Fields that they left out at a default that the field no longer has, with the sentence about that.
    former_defaults: Mapping[str, str | Promise] = field(default_factory=dict)
