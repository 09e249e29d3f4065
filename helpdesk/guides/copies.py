"""Separate copies of shared causes and resolutions: the new text for some symptoms, the old one for the others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify

from helpdesk.addresses.models import RESERVED_SLUGS, FormerAddress
from helpdesk.guides.models import Cause, Check, Resolution, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.history.writing import Author

_Shared = TypeVar("_Shared", Cause, Resolution)

LONGEST_SLUG = 80

# Fields that are not copied.
_NOT_COPIED = {"id", "number", "slug", "updated_at"}


def separate_cause(changed: Cause, symptoms: Sequence[Symptom], *, user: Author = None) -> Cause:
    """Put a new cause with the text of `changed` in the place of the stored one in these symptoms' checks.

    Each check keeps its position and its row, so that an address with the old cause still finds it.
    """
    with transaction.atomic():
        copy = _copy(changed, user)
        _repoint(changed, copy, symptoms, user)
    return copy


def separate_resolution(changed: Resolution, symptoms: Sequence[Symptom], *, user: Author = None) -> Resolution:
    """Give these symptoms a new resolution with the text of `changed` in the place of the stored one.

    A cause that other symptoms have as well is copied with it; one that only these have just gets the new one.
    """
    with transaction.atomic():
        copy = _copy(changed, user)
        causes = Cause.objects.filter(resolution=changed.pk, checks__symptom__in=symptoms).distinct()
        for cause in list(causes.order_by("pk")):
            shared = cause.checks.exclude(symptom__in=symptoms).exists()
            cause.resolution = copy
            if shared:
                _repoint(cause, _copy(cause, user), symptoms, user)
            else:
                _save(cause, user, Reason.RESOLUTION_COPIED)
    return copy


def _copy(record: _Shared, user: Author) -> _Shared:
    """Store and return a new record with the text of this one as it is in memory."""
    values = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    copied = {name: value for name, value in values.items() if name not in _NOT_COPIED}
    copy = type(record)(**copied, slug=free_slug(type(record), record.title))
    _save(copy, user, Reason.COPIED.of(record.slug))
    return copy


def _repoint(old: Cause, new: Cause, symptoms: Sequence[Symptom], user: Author) -> None:
    for check in Check.objects.filter(cause=old.pk, symptom__in=symptoms).select_related("cause").order_by("pk"):
        check.cause = new
        _save(check, user, Reason.COPY_TOOK_PLACE)


def _save(record: Cause | Resolution | Check, user: Author, reason: str) -> None:
    with revision(reason, user=user):
        record.save()


def free_slug(model: type[Model], title: str) -> str:
    """Return a slug for a title that no record has or had: "Is it on?" gives "is-it-on", "is-it-on-2" …"""
    stem = slugify(title)[: LONGEST_SLUG - 6].strip("-") or model._meta.model_name or "copy"
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= {*RESERVED_SLUGS}
    if model is Cause:
        former = FormerAddress.objects.filter(kind="cause", slug__startswith=stem)
        taken |= set(former.values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)
