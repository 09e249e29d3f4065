"""Base classes of models with a history: every way of writing leaves one version of each record it changes.

Such a model takes three things: the base class `Versioned`, a queryset with `VersionedQuerySet`, and
`history = Versions()`. Then a save, a deletion with all it takes along, `update()`, `bulk_create()`, `bulk_update()`
and `loaddata` write versions in their own transaction, or at the end of the open `revision()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef
from simple_history.models import HistoricalRecords

from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision, save_revision
from helpdesk.history.versions import history_of, key_name
from helpdesk.permissions.enforcement import PermissionCheckedQuerySet

_Record = TypeVar("_Record", bound=models.Model, covariant=True)


class Versioned(models.Model):
    """Record with a history."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with save_revision():
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with revision():
            return super().delete(*args, **kwargs)


class Versions(HistoricalRecords):
    """History of a model; notes what Django's signals say was saved, loaded, deleted or related."""

    def post_save(
        self, instance: models.Model, created: bool, using: str | None = None, raw: bool = False, **kwargs: object
    ) -> None:
        with revision() as current:
            reason = Reason.LOADED if raw else ""
            current.add(self.cls, instance.pk, instance, reason=reason, is_new=created)

    def post_delete(self, instance: models.Model, using: str | None = None, **kwargs: object) -> None:
        with revision() as current:
            current.add(self.cls, instance.pk, instance)

    def m2m_changed(
        self, instance: models.Model, action: str, attr: str, pk_set: set[int], reverse: bool, **kwargs: object
    ) -> None:
        """Note the records on the side that has the relation; from the other side they are named by their keys."""
        if reverse and action == "pre_clear":
            # What is about to lose its relation can be named only before.
            instance.__dict__["_losing"] = list(
                self.cls.objects.filter(**{attr: instance}).values_list("pk", flat=True)
            )
        if not action.startswith("post_"):
            return
        with revision() as current:
            if not reverse:
                current.add(self.cls, instance.pk, instance)
                return
            for key in vars(instance).pop("_losing", ()) if action == "post_clear" else pk_set:
                current.add(self.cls, key)


class VersionedQuerySet(PermissionCheckedQuerySet[_Record]):
    """Queryset whose bulk writes leave a version of each record."""

    def update(self, **kwargs: object) -> int:
        with revision():
            keys = list(self.order_by().values_list("pk", flat=True))
            changed = super().update(**kwargs)
            self._add(keys, Reason.CHANGED_WITH)
        return changed

    update.__dict__["alters_data"] = True

    def delete(self) -> tuple[int, dict[str, int]]:
        with revision():
            return super().delete()

    delete.__dict__["alters_data"] = True
    delete.__dict__["queryset_only"] = True

    def bulk_update(self, objs: Iterable[_Record], fields: Iterable[str], batch_size: int | None = None) -> int:
        objs = list(objs)
        # Django updates in batches; the reason counts all of them.
        with revision(_with_others(Reason.CHANGED_WITH, len(objs))):
            return super().bulk_update(objs, fields, batch_size)

    bulk_update.__dict__["alters_data"] = True

    def bulk_create(self, objs: Iterable[_Record], *args: Any, **kwargs: Any) -> list[_Record]:
        with revision():
            created = super().bulk_create(list(objs), *args, **kwargs)
            keys = [record.pk for record in created]
            if None in keys or kwargs.get("ignore_conflicts"):
                # The database does not say which of them it took; those are without any version.
                keys = self._without_versions()
            self._add(keys, Reason.ADDED_WITH)
        return created

    def _add(self, keys: list[int], reason: Reason) -> None:
        with revision() as current:
            for key in keys:
                current.add(self.model, key, reason=_with_others(reason, len(keys)))

    def _without_versions(self) -> list[int]:
        versions = history_of(self.model).filter(**{key_name(self.model): OuterRef("pk")})
        return list(self.model._base_manager.filter(~Exists(versions)).values_list("pk", flat=True))


class NaturalKeyQuerySet(VersionedQuerySet[_Record]):
    """Queryset of rows that fixtures name by their slug; each model has its own subclass, for the type checker."""

    def get_by_natural_key(self, slug: str) -> _Record:
        return self.get(slug=slug)


def _with_others(reason: Reason, number: int) -> str:
    return reason.of(number - 1) if number > 1 else ""
