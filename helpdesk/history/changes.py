"""Changes between two versions of a record, field by field, as staff read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.dates import day_in_words, moment_in_words
from helpdesk.history.diff import Chunk, ChunkKind, as_html, with_context, word_diff
from helpdesk.history.versions import (
    CREATED,
    Field,
    Version,
    is_deletion,
    is_versioned,
    key_name,
    many_fields,
    related_keys,
    versions_at,
    watched_fields,
)

# A pair of versions of one record, the older one first; None where there is no older one.
Pair = tuple[Version | None, Version | None]

# How moments of a page's public life read: with a moment, without one.
_MOMENTS = {
    "publish_at": (_("Published from %s"), _("Draft")),
    "archive_at": (_("Archived from %s"), _("Not archived")),
    "review_by": (_("Review by %s"), _("No review date")),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Change of a field: its label, the difference cut to its context, and the whole one where something was cut."""

    label: str
    short: SafeString
    whole: SafeString | str = ""


@dataclass
class NameLookup:
    """Names of the records that many pairs of versions refer to. A fixed number of queries."""

    names: dict[type[models.Model], dict[int, str]] = field(default_factory=dict)
    related: dict[Field, dict[int, set[int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> NameLookup:
        found = cls()
        by_model: dict[type[models.Model], list[Version]] = {}
        for pair in pairs:
            for version in pair:
                if version is not None:
                    by_model.setdefault(version.instance_type, []).append(version)
        wanted: dict[type[models.Model], set[int]] = {}
        for model, versions in by_model.items():
            for relation in (f for f in watched_fields(model) if f.is_relation):
                keys = wanted.setdefault(relation.related_model, set())
                keys |= {getattr(version, relation.attname) for version in versions}
            for many in many_fields(model):
                found.related[many] = related_keys(versions, many)
                wanted.setdefault(many.related_model, set()).update(*found.related[many].values())
        found.names = {model: names_of(model, keys) for model, keys in wanted.items()}
        return found

    def name(self, model: type[models.Model], key: int | None) -> str:
        """Return the name of a related record; empty where there is none."""
        if key is None:
            return ""
        return self.names.get(model, {}).get(key) or gettext("Deleted %(kind)s") % {"kind": model._meta.verbose_name}


def names_of(model: type[models.Model], keys: Iterable[int]) -> dict[int, str]:
    """Return the names of records, the last one of those that were deleted. Two queries."""
    wanted = {key for key in keys if key is not None}
    names = {row.pk: str(row) for row in model._base_manager.filter(pk__in=wanted)}
    if is_versioned(model):
        attribute = key_name(model)
        gone = versions_at(model, **{f"{attribute}__in": wanted - names.keys()})
        names |= {getattr(version, attribute): str(version.instance) for version in gone}
    return names


def changes(
    old: Version, new: Version, lookup: NameLookup, *, without: Sequence[str] = (), only: Sequence[str] = ()
) -> list[FieldChange]:
    """Return the fields that differ between two versions, in the order of the model; all of them, or `only` some."""
    found = []
    for watched in watched_fields(new.instance_type):
        is_asked_for = watched.name in only if only else watched.name not in without
        if is_asked_for and getattr(old, watched.attname) != getattr(new, watched.attname):
            before, after = (text_of(version, watched, lookup) for version in (old, new))
            found.append(change(label_of(watched), before, after, by_words=is_text(watched)))
    for many in [] if only else many_fields(new.instance_type):
        had, has = (lookup.related[many].get(version.history_id, set()) for version in (old, new))
        if had != has:
            removed = _names(ChunkKind.REMOVED, many, had - has, lookup)
            added = _names(ChunkKind.ADDED, many, has - had, lookup)
            found.append(FieldChange(label_of(many), as_html(removed + added)))
    return found


def change(label: str, before: str, after: str, *, by_words: bool = True) -> FieldChange:
    """Return the change of one text into another one, word by word or as a whole."""
    if not by_words:
        chunks = [
            Chunk(ChunkKind.REMOVED, before or "–"),
            Chunk(ChunkKind.SAME, " → "),
            Chunk(ChunkKind.ADDED, after or "–"),
        ]
        return FieldChange(label, as_html(chunks))
    chunks = word_diff(before, after)
    short = with_context(chunks)
    return FieldChange(label, as_html(short), as_html(chunks) if short != chunks else "")


def texts(version: Version, lookup: NameLookup) -> list[tuple[str, str]]:
    """Return label and text of each field of a version, a dash where it is empty."""
    model = version.instance_type
    fields = [watched for watched in watched_fields(model) if watched.editable]
    found = [(label_of(watched), text_of(version, watched, lookup) or "–") for watched in fields]
    for many in many_fields(model):
        keys = lookup.related[many].get(version.history_id, set())
        found.append((label_of(many), "\n".join(sorted(lookup.name(many.related_model, key) for key in keys)) or "–"))
    return found


def text_of(version: Version, watched: Field, lookup: NameLookup) -> str:
    """Return the value of a field as text."""
    value = getattr(version, watched.attname)
    if watched.name in _MOMENTS:
        with_one, without = _MOMENTS[watched.name]
        return with_one % _day(value) if value else str(without)
    if watched.is_relation:
        return lookup.name(watched.related_model, value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if hasattr(version.instance_type, display := f"get_{watched.name}_display"):
        return str(getattr(version.instance, display)())
    return _day(value) if hasattr(value, "year") else str("" if value is None else value)


def is_text(watched: Field) -> bool:
    """Return True for a field of free text."""
    return isinstance(watched, models.CharField | models.TextField) and not watched.flatchoices


def label_of(watched: Field) -> str:
    """Return the label of a field in its form."""
    return str(capfirst(watched.verbose_name))


def kind_text(version: Version) -> str:
    """Return the kind of a version as a word: created, changed or deleted."""
    if is_deletion(version):
        return pgettext("version", "Deleted")
    return pgettext("version", "Created") if version.history_type == CREATED else pgettext("version", "Changed")


def _day(value: date) -> str:
    return moment_in_words(value) if isinstance(value, datetime) else day_in_words(value)


def _names(kind: ChunkKind, many: Field, keys: Iterable[int], lookup: NameLookup) -> list[Chunk]:
    """Return one chunk for each name, so that each says by itself what happened to it."""
    chunks: list[Chunk] = []
    for name in sorted(lookup.name(many.related_model, key) for key in keys):
        chunks += [Chunk(kind, name), Chunk(ChunkKind.SAME, "\n")]
    return chunks
