"""Enforcement of rules in the model layer: no write of a staff request passes without a permission check.

Saves, deletions (cascades included) and relations to many are checked on Django's signals, `update()` and
`bulk_create()` by `PermissionCheckedQuerySet`; `bulk_update()` and related managers follow from these. A refused write
raises PermissionDenied. Outside a staff request (see `actor`) nothing is checked. No query for users who may publish,
one for others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import m2m_changed, pre_delete, pre_save

from helpdesk.content.publishing import Publishable
from helpdesk.permissions.actor import StaffUser, current_actor
from helpdesk.permissions.rules import (
    PUBLICATION_FIELDS,
    Rule,
    add_rule,
    has_model_permission,
    in_reach,
    require,
    rule_for,
    stored_rows,
    whole_of,
)

_Record = TypeVar("_Record", bound=Model, covariant=True)


def register_rule(
    model: type[Model], *, public: Callable[[], Q] | None = None, publish: str = "", part_of: str = ""
) -> None:
    """Register the rule of a model (see `rules.Rule`) and enforce it from now on.

    Relations to many belong to the record that has the field. Raises ImproperlyConfigured for a model whose rows could
    be written past the check.
    """
    if not isinstance(model._default_manager.all(), PermissionCheckedQuerySet):
        raise ImproperlyConfigured(f"{model._meta.label}: the default manager has no PermissionCheckedQuerySet.")
    # Related managers write through the base manager, which is a plain one unless the model names another.
    model._meta.base_manager_name = model._default_manager.name
    vars(model._meta).pop("base_manager", None)
    add_rule(model, Rule(public, publish, part_of))
    uid = f"permissions.{model._meta.label}"
    pre_save.connect(_check_save, sender=model, dispatch_uid=f"{uid}.save")
    pre_delete.connect(_check_delete, sender=model, dispatch_uid=f"{uid}.delete")
    for field in model._meta.many_to_many:
        m2m_changed.connect(_check_relation, sender=field.remote_field.through, dispatch_uid=f"{uid}.{field.name}")


class PermissionCheckedQuerySet(QuerySet[_Record]):
    """Queryset whose bulk writes are checked."""

    def update(self, **values: object) -> int:
        _check_update(self, values)
        return super().update(**values)

    update.__dict__["alters_data"] = True

    def bulk_create(
        self,
        objs: Iterable[_Record],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[_Record]:
        objs = list(objs)
        _check_bulk_create(self.model, objs, upsert=update_conflicts)
        return super().bulk_create(objs, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields)

    bulk_create.__dict__["alters_data"] = True


def _check_update(rows: QuerySet, values: dict[str, object]) -> None:
    user, rule = current_actor(), rule_for(rows.model)
    if user is None or rule is None:
        return
    if issubclass(rows.model, Publishable) and not values.keys().isdisjoint(PUBLICATION_FIELDS):
        require(user, "publish", rows.model)
    _refuse_unless(has_model_permission(user, "change", rows.model))
    _refuse_unless(in_reach(user, rows.model, Q(pk__in=rows.order_by().values("pk"))))
    for name in {rule.part_of, f"{rule.part_of}_id"} & values.keys():
        target = values[name]
        chosen = Q(pk=target.pk if isinstance(target, Model) else target)
        _refuse_unless(in_reach(user, whole_of(rows.model, rule), chosen))


def _check_bulk_create(model: type[Model], records: Sequence[Model], *, upsert: bool) -> None:
    user = current_actor()
    if user is None or rule_for(model) is None or not records:
        return
    require(user, "add", model)
    if upsert:  # any row can be the one in conflict
        _refuse_unless(has_model_permission(user, "change", model) and in_reach(user, model, Q()))
    for record in records:
        _check_new_state(user, record)


def _check_new_state(user: StaffUser, record: Model) -> None:
    """Raise PermissionDenied when the record would become public, or a part of another one, beyond the user's reach."""
    if isinstance(record, Publishable) and any(getattr(record, name) is not None for name in PUBLICATION_FIELDS):
        require(user, "publish", record)
    rule = rule_for(type(record))
    if rule and rule.part_of:
        require(user, "change", getattr(record, rule.part_of))


def _check_save(sender: type[Model], instance: Model, **kwargs: object) -> None:
    user = current_actor()
    if user is None:
        return
    is_stored = not instance._state.adding
    if not is_stored and instance.pk is not None:  # a restored revision, or a fixture with keys
        is_stored = stored_rows(sender).filter(pk=instance.pk).exists()
    require(user, "change" if is_stored else "add", instance)
    _check_new_state(user, instance)


def _check_delete(sender: type[Model], instance: Model, **kwargs: object) -> None:
    user = current_actor()
    if user is not None:
        require(user, "delete", instance)


def _check_relation(
    sender: type[Model],
    instance: Model,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[object] | None,
    **kwargs: object,
) -> None:
    """Check a relation to many: it belongs to the record that has the field, from whichever side the change comes."""
    user = current_actor()
    if user is None or not action.startswith("pre_"):
        return
    if not reverse:
        owner, chosen = type(instance), Q(pk=instance.pk)
    elif pk_set is not None:
        owner, chosen = model, Q(pk__in=pk_set)
    else:  # cleared from the other side
        owner, chosen = model, Q(pk__in=_related_to(sender, model, instance))
    _refuse_unless(has_model_permission(user, "change", owner) and in_reach(user, owner, chosen))


def _related_to(through: type[Model], owner: type[Model], instance: Model) -> QuerySet:
    """Return the keys of the owners of a relation that have this record on the other side."""
    to_owner = next(field for field in through._meta.fields if field.related_model is owner)
    to_other = next(field for field in through._meta.fields if field.related_model is type(instance))
    return stored_rows(through).filter(**{to_other.name: instance}).values(to_owner.attname)


def _refuse_unless(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
