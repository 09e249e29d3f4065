"""Everything that is written to a record goes into its history, whatever wrote it.

A recorded model takes three things: the base class `Recorded`, a queryset with `RecordedQuerySet`, and
`history = Versions()`. Then a save, a deletion with all it takes along, `update()`, `bulk_create()`, `bulk_update()`
and `loaddata` leave one version of each record that they changed, in the same transaction. `together` makes one
version out of many steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import local
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.models import HistoricalRecords

from helpdesk.history.versions import CREATED, history_of, new_version, record_versions
from helpdesk.permissions.actor import current_actor
from helpdesk.permissions.enforcement import PermissionCheckedQuerySet

_Record = TypeVar("_Record", bound=models.Model, covariant=True)


@dataclass
class _Pending:
    """What has been written and is not in the history yet."""

    reason: str
    user: AbstractBaseUser | None
    touched: dict[type[models.Model], dict[Any, models.Model | None]] = field(default_factory=dict)
    reasons: dict[type[models.Model], dict[Any, str]] = field(default_factory=dict)
    created: dict[type[models.Model], set[Any]] = field(default_factory=dict)

    def touch(self, model: type[models.Model], key: Any, record: models.Model | None, reason: str = "") -> None:
        known = self.touched.setdefault(model, {})
        known[key] = record or known.get(key)
        # The last step counts: what was moved aside with others and then saved by itself was changed by itself.
        self.reasons.setdefault(model, {})[key] = self.reason or reason

    def write(self) -> None:
        moment = timezone.now()
        for model, touched in self.touched.items():
            record_versions(
                model,
                touched,
                reasons=self.reasons.get(model),
                user=self.user or signed_in_user(),
                unsaved=frozenset(self.created.get(model, ())),
                moment=moment,
            )


class _Saving(_Pending):
    """What one save wrote: where it is one new record, its version can be written without a look at what is stored."""

    def write(self) -> None:
        if len(self.touched) == 1 and self.created.keys() == self.touched.keys():
            (touched,) = self.touched.values()
            key, new = next(iter(touched.items()))
            if new is not None and len(touched) == 1 and not _is_computed(new):
                user = getattr(new, "_history_user", None) or signed_in_user()
                moment = getattr(new, "_history_date", timezone.now())
                reason = getattr(new, "_change_reason", None) or ""
                new_version(new, key, CREATED, moment, user, reason).save()
                return
        super().write()


def _is_computed(record: models.Model) -> bool:
    """Whether the database worked out what is stored, so that the record in memory does not know it."""
    return any(hasattr(value, "resolve_expression") for value in vars(record).values())


class _State(local):
    pending: _Pending | None = None
    off = False


_state = _State()


@contextmanager
def together(reason: str = "", *, user: AbstractBaseUser | None = None) -> Iterator[None]:
    """One transaction that leaves one version of each record it changes, written with few queries at its end.

    Inside another one it is a part of that: the outer one's reason and user count where it has any. `user` is for work
    that goes on after the request has been answered; else it is whoever is signed in.
    """
    outer = _state.pending
    if outer is not None:
        before = outer.reason, outer.user
        outer.reason, outer.user = outer.reason or reason, outer.user or user
        try:
            yield
        finally:
            outer.reason, outer.user = before
        return
    with transaction.atomic(), _collecting(_Pending(reason, user)):
        yield


@contextmanager
def recording_off() -> Iterator[None]:
    """Nothing that is written inside goes into the history by itself; `record` brings it up to date afterwards."""
    before, _state.off = _state.off, True
    try:
        yield
    finally:
        _state.off = before


def record(
    model: type[models.Model], keys: Iterable[Any], *, reason: str = "", user: AbstractBaseUser | None = None
) -> int:
    """Brings the history of these records up to what is stored; returns how many versions that took.

    Where a record is as in its newest version, nothing is written. About four queries for 500 records.
    """
    with transaction.atomic():
        touched = dict.fromkeys(keys)
        return record_versions(model, touched, reasons=dict.fromkeys(touched, reason), user=user or signed_in_user())


def signed_in_user() -> Any:
    """Who is signed in to the request of this thread; None where nobody is, or no request is under way."""
    user = current_actor()
    return user if user is not None and user.is_authenticated else None


@contextmanager
def _collecting(pending: _Pending) -> Iterator[None]:
    _state.pending = pending
    try:
        yield
    finally:
        _state.pending = None
    if not transaction.get_connection().needs_rollback:
        pending.write()


def _in_transaction() -> AbstractContextManager[Any]:
    """A transaction, without a savepoint where one is under way."""
    return nullcontext() if transaction.get_connection().in_atomic_block else transaction.atomic()


class Recorded(models.Model):
    """A record whose versions are kept."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if _state.pending is not None:
            super().save(*args, **kwargs)
            return
        with _in_transaction(), _collecting(_Saving("", None)):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with together():
            return super().delete(*args, **kwargs)


class Versions(HistoricalRecords):
    """The history of a model; notes what Django says was saved, loaded, deleted or related."""

    def post_save(self, instance: Any, created: bool, using: Any = None, raw: bool = False, **kwargs: Any) -> None:
        if not hasattr(instance, "skip_history_when_saving"):
            self._note(instance, _("Loaded from a file") if raw else "", created=created)

    def post_delete(self, instance: Any, using: Any = None, **kwargs: Any) -> None:
        self._note(instance)

    def m2m_changed(self, instance: Any, action: str, attr: str, pk_set: Any, reverse: bool, **kwargs: Any) -> None:
        """The records on the side that has the relation; from the other side they are named by their keys."""
        if reverse and action == "pre_clear":
            # What is about to lose its relation can be named only before.
            instance._losing = list(self.cls.objects.filter(**{attr: instance}).values_list("pk", flat=True))
        if not action.startswith("post_"):
            return
        if not reverse:
            self._note(instance)
            return
        for key in instance.__dict__.pop("_losing", ()) if action == "post_clear" else pk_set:
            self._note(None, key=key)

    def _note(self, instance: Any, reason: str = "", *, key: Any = None, created: bool = False) -> None:
        if _state.off:
            return
        with nullcontext() if _state.pending is not None else together():
            pending = _state.pending
            assert pending is not None  # noqa: S101 - for mypy
            key = instance.pk if instance is not None else key
            if created:
                pending.created.setdefault(self.cls, set()).add(key)
            pending.touch(self.cls, key, instance, reason)


class RecordedQuerySet(PermissionCheckedQuerySet[_Record]):
    """A queryset whose writing for many at once goes into the history of each."""

    def update(self, **kwargs: Any) -> int:
        if _state.off:
            return super().update(**kwargs)
        with together():
            keys = list(self.order_by().values_list("pk", flat=True))
            changed = super().update(**kwargs)
            self._touch(keys, _changed_together(len(keys)))
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        with together():
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        objs = list(objs)
        with together(_changed_together(len(objs))):
            return super().bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        if _state.off:
            return super().bulk_create(objs, *args, **kwargs)
        with together():
            created = super().bulk_create(objs, *args, **kwargs)
            keys = [record.pk for record in created]
            if None in keys or kwargs.get("ignore_conflicts"):
                # The database does not say which of them it took; those are without any version.
                keys = self._without_versions()
            self._touch(keys, _added_together(len(keys)))
        return created

    def _touch(self, keys: Iterable[Any], reason: str) -> None:
        if _state.pending is not None:
            for key in keys:
                _state.pending.touch(self.model, key, None, reason)

    def _without_versions(self) -> list[Any]:
        versions = history_of(self.model).filter(**{self.model._meta.pk.attname: OuterRef("pk")})
        rows = self.model._base_manager.filter(~Exists(versions))
        return list(rows.values_list("pk", flat=True))


def _changed_together(number: int) -> str:
    if number < 2:
        return ""
    return ngettext("Changed together with %d other", "Changed together with %d others", number - 1) % (number - 1)


def _added_together(number: int) -> str:
    if number < 2:
        return ""
    return ngettext("Added together with %d other", "Added together with %d others", number - 1) % (number - 1)
