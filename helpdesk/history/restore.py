"""Restoring a version: the old text becomes a new version, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from helpdesk.content.kinds import is_content, kind_of
from helpdesk.content.publishing import Publishable
from helpdesk.history.changes import label_of, names_of
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.history.versions import Version, many_fields, related_keys, watched_fields
from helpdesk.history.writing import Author
from helpdesk.publishcheck.rules import errors_of

# The time of publication is not text: it stays as it is, unless somebody asks for it.
PUBLISHING = ("publish_at", "archive_at", "review_by")

# Restores the rows that belong to a record as of a moment; returns sentences about those that could not be.
Rows = Callable[[Model, datetime], Sequence[str]]


class RestoreRefused(Exception):
    """The version cannot be restored; `sentences` say why."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(*sentences)
        self.sentences = list(sentences)


@dataclass
class RestoreResult:
    """The record as it is now, and sentences about what could not be restored."""

    record: Model
    remarks: list[str] = field(default_factory=list)


def restore(version: Version, moment: datetime, *, user: Author, publishing: bool, rows: Rows) -> RestoreResult:
    """Give a record the text of a version again, with what belonged to it at a moment. Raises RestoreRefused.

    A record that was deleted comes back under its number, as a draft.
    """
    with revision(Reason.RESTORED.of(moment.isoformat()), user=user):
        model = version.instance_type
        stored = model._default_manager.select_for_update().filter(pk=version.instance.pk).first()
        known = {problem.key for problem in errors_of(stored)} if stored else set()
        restored = _with_text(version, stored, publishing=publishing)
        record = restored.record
        try:
            with transaction.atomic():
                record.save(force_insert=stored is None)
                restored.remarks += _put_back_relations(record, version)
                restored.remarks += rows(record, moment)
        except IntegrityError:
            raise RestoreRefused(
                [gettext("This version can't be restored because it conflicts with the current content.")]
            ) from None
        fresh = model._default_manager.get(pk=record.pk)
        new = [problem.text for problem in errors_of(fresh) if problem.key not in known]
        if new and not (isinstance(fresh, Publishable) and fresh.publish_at is None):
            raise RestoreRefused(new)
        return restored


def _with_text(version: Version, stored: Model | None, *, publishing: bool) -> RestoreResult:
    """Return the record with the values of the version, validated but not saved."""
    model = version.instance_type
    restored = RestoreResult(stored or version.instance)
    record = restored.record
    record.__dict__.pop("_history", None)
    for watched in watched_fields(model):
        if watched.name in PUBLISHING and not publishing:
            if stored is None:
                setattr(record, watched.attname, None)
        elif watched.editable:
            setattr(record, watched.attname, getattr(version, watched.attname))
    before = model._default_manager.filter(pk=record.pk).first()
    restored.remarks += _keep_past_moments(record, before)
    restored.remarks += _keep_what_has_gone(record, before)
    restored.remarks += _replace_reserved_slug(record, before)
    restored.remarks += _keep_taken_slug(record, before)
    try:
        record.full_clean()
    except ValidationError as error:
        raise RestoreRefused(_sentences(record, error)) from None
    return restored


def _keep_past_moments(record: Model, before: Model | None) -> list[str]:
    """Leave moments that have passed as they are: what was announced and has ended must not be news again."""
    remarks = []
    for name in kind_of(record).moments if before is not None and is_content(type(record)) else ():
        moment = getattr(before, name)
        if moment is not None and moment <= timezone.now() and getattr(record, name) != moment:
            setattr(record, name, moment)
            label = label_of(record._meta.get_field(name))
            remarks.append(gettext("%(field)s: this moment has passed, so it wasn't changed.") % {"field": label})
    return remarks


def _keep_what_has_gone(record: Model, before: Model | None) -> list[str]:
    """Leave a relation as it is where the record it led to is gone. Raises RestoreRefused where that is impossible."""
    remarks = []
    for watched in watched_fields(type(record)):
        key = getattr(record, watched.attname)
        if not watched.is_relation or key is None:
            continue
        if watched.related_model._base_manager.filter(pk=key).exists():
            continue
        name = names_of(watched.related_model, [key]).get(key, "")
        named = {"field": label_of(watched), "name": name}
        if before is None and not watched.null:
            raise RestoreRefused([gettext("%(field)s: “%(name)s” was deleted. Restore it first.") % named])
        setattr(record, watched.attname, getattr(before, watched.attname, None))
        remarks.append(gettext("%(field)s: “%(name)s” has been deleted, so this field wasn't changed.") % named)
    return remarks


def _replace_reserved_slug(record: Any, before: Any) -> list[str]:
    """Give a record of a time when its slug was no word of the address scheme the slug it has now, or a free one."""
    if not getattr(record, "has_reserved_slug", False):
        return []
    old, record.slug = record.slug, before.slug if before is not None else record.unreserved_slug()
    return [gettext("The slug is “%(slug)s” because “%(old)s” is reserved.") % {"slug": record.slug, "old": old}]


def _keep_taken_slug(record: Any, before: Any) -> list[str]:
    """Leave the slug as it is where another record has the old one now. Raises RestoreRefused for a deleted record."""
    if not hasattr(record, "slug") or (before is not None and before.slug == record.slug) or _is_free(record):
        return []
    old = record.slug
    if before is None:
        text = gettext("The slug “%(slug)s” is now used by another record. Change that one first.")
        raise RestoreRefused([text % {"slug": old}])
    record.slug = before.slug
    if not _is_free(record):  # something else is wrong, which is said later
        record.slug = old
        return []
    return [
        gettext("The slug is still “%(slug)s” because “%(old)s” is now used by another record.")
        % {"slug": record.slug, "old": old}
    ]


def _is_free(record: Model) -> bool:
    """Return True where no other record has what has to be unique."""
    try:
        record.validate_unique()
        record.validate_constraints()
    except ValidationError:
        return False
    return True


def _put_back_relations(record: Model, version: Version) -> list[str]:
    remarks = []
    for many in many_fields(type(record)):
        keys = related_keys([version], many)[version.history_id]
        there = set(many.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        getattr(record, many.name).set(there)
        for name in sorted(names_of(many.related_model, keys - there).values()):
            remarks.append(
                gettext("%(field)s: “%(name)s” has been deleted, so it was left out.")
                % {"field": label_of(many), "name": name}
            )
    return remarks


def _sentences(record: Model, error: ValidationError) -> list[str]:
    """Return the messages of an error, each with the label of its field."""
    fields = {field.name: field for field in record._meta.fields}
    found = []
    for name, messages in error.message_dict.items():
        if name in fields:
            label = capfirst(fields[name].verbose_name)
            messages = [gettext("%(field)s: %(problem)s") % {"field": label, "problem": text} for text in messages]
        found += messages
    return found
