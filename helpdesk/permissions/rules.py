"""Who may do what with a record, decided in one place: for the admin's pages, and for whatever writes.

An app says with `govern` which of its records have rules. From then on `allowed` knows them, and no request of the
staff writes such a record past them: a page that forgot to ask ends with PermissionDenied. What counts is the record as
it is stored, not as a form has changed it in memory.

- A group's rights to a kind of record are Django's permissions (helpdesk/permissions/groups.py).
- What is public, or will be, is changed only by who may decide what is public.
- What is part of another record (a check of its symptom) is changed by who may change that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.http import HttpRequest

from helpdesk.content.publishing import Publishable
from helpdesk.permissions.actor import actor

MOMENTS = ("publish_at", "archive_at")


@dataclass(frozen=True, slots=True)
class Rule:
    """`public` is the condition "a page shows it to visitors, or will"; `publish` the permission that this asks for."""

    public: Callable[[], Q] | None = None
    publish: str = ""
    part_of: str = ""


_rules: dict[type[Model], Rule] = {}


def govern(model: type[Model], *, public: Callable[[], Q] | None = None, publish: str = "", part_of: str = "") -> None:
    """From now on staff write records of this model only as its rule and their permissions allow.

    `part_of` names the foreign key to the record that it is a part of. Relations to many belong to the record that
    has the field.
    """
    _rules[model] = Rule(public, publish, part_of)
    uid = f"staff.rights.{model._meta.label}"
    pre_save.connect(_guard_save, sender=model, dispatch_uid=f"{uid}.save")
    pre_delete.connect(_guard_delete, sender=model, dispatch_uid=f"{uid}.delete")
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        if through._meta.auto_created:
            m2m_changed.connect(_guard_relation, sender=through, dispatch_uid=f"{uid}.{field.name}")


def governed_models() -> list[type[Model]]:
    """The models that have rules."""
    return list(_rules)


# Asking


def allowed(user: Any, action: str, record: Model) -> bool:
    """Whether the user may "view", "change", "delete" or "publish" this stored record. At most one query of its own."""
    model = type(record)
    if action == "publish":
        return issubclass(model, Publishable) and may_publish(user, model)
    if not _has_permission(user, action, model):
        return False
    return action == "view" or _in_reach(user, model, Q(pk=record.pk))


def may_publish(user: Any, model: type[Model]) -> bool:
    """Whether the user may decide what is public among records of this model, or stands on public pages."""
    rule = _rules.get(model)
    return bool(rule and rule.publish and user.has_perm(rule.publish))


def is_public(record: Model) -> bool:
    """Whether a page shows the stored record to visitors, or will. One query."""
    rule = _rules.get(type(record))
    return bool(rule and rule.public and _stored(type(record)).filter(rule.public(), pk=record.pk).exists())


def may(request: HttpRequest, action: str, record: Model) -> bool:
    """Whether this user may "view", "change", "delete" or "publish" the record as it is stored.

    Where there is no rule for it, the record's own admin knows. False for a record without one, and for "publish"
    where nothing is published.
    """
    if type(record) in _rules:
        return allowed(request.user, action, record)
    from django.contrib import admin  # here, since the models that ask us are loaded before the admin can be

    record_admin = admin.site._registry.get(type(record))
    permission = getattr(record_admin, f"has_{action}_permission", None)
    return bool(permission and permission(request, record))


def require(request: HttpRequest, action: str, record: Model) -> None:
    """Raises PermissionDenied where the user may not."""
    if not may(request, action, record):
        raise PermissionDenied


def guard(action: str, records: QuerySet | Iterable[Model], values: Iterable[str] = ()) -> None:
    """Raises PermissionDenied when whoever acts may not do this ("add", "change", "delete") to all of the records.

    For what writes without a signal: `update()`, `bulk_create()` and the like ask here first, and name the fields they
    give `values`. Without a query for who may change everything, with one for others. Nobody acts: nothing is asked.
    """
    user = actor()
    if user is None:
        return
    if isinstance(records, QuerySet):
        model: type[Model] = records.model
        chosen = Q(pk__in=records.order_by().values("pk"))
    else:
        records = list(records)
        if not records:
            return
        model, chosen = type(records[0]), Q(pk__in=[record.pk for record in records])
    if model not in _rules:
        return
    permitted = _has_permission(user, action, model) and (not set(MOMENTS) & set(values) or may_publish(user, model))
    if not permitted:
        raise PermissionDenied
    if action == "add":
        for record in records:
            _require_new_state(user, record)
    elif not _in_reach(user, model, chosen):
        raise PermissionDenied


# Deciding


def _has_permission(user: Any, action: str, model: type[Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def _in_reach(user: Any, model: type[Model], chosen: Q) -> bool:
    """Whether nothing among the chosen stored records is public, or the user may decide what is."""
    rule = _rules.get(model)
    if rule is None:
        return True
    if rule.part_of:
        whole: Any = model._meta.get_field(rule.part_of).related_model
        wholes = _stored(model).filter(chosen).order_by().values(rule.part_of)
        return _has_permission(user, "change", whole) and _in_reach(user, whole, Q(pk__in=wholes))
    if rule.public is None or user.has_perm(rule.publish):
        return True
    return not _stored(model).filter(chosen & rule.public()).exists()


def _stored(model: type[Model]) -> QuerySet:
    return QuerySet(model)


def _require_new_state(user: Any, record: Model) -> None:
    """Raises PermissionDenied when the record would become something that the user may not make of it."""
    rule = _rules[type(record)]
    has_moment = isinstance(record, Publishable) and any(getattr(record, name) is not None for name in MOMENTS)
    if has_moment and not may_publish(user, type(record)):
        raise PermissionDenied
    if rule.part_of and not allowed(user, "change", getattr(record, rule.part_of)):
        raise PermissionDenied


# The guard


def _guard_save(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    user = actor()
    if user is None:
        return
    is_stored = not instance._state.adding
    if not is_stored and instance.pk is not None:  # an older version, or a file with keys
        is_stored = _stored(sender).filter(pk=instance.pk).exists()
    may_do = allowed(user, "change", instance) if is_stored else _has_permission(user, "add", sender)
    if not may_do:
        raise PermissionDenied
    _require_new_state(user, instance)


def _guard_delete(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    user = actor()
    if user is not None and not allowed(user, "delete", instance):
        raise PermissionDenied


def _guard_relation(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    """A relation to many is changed by who may change the record that has the field, from whichever side."""
    user = actor()
    if user is None or not action.startswith("pre_"):
        return
    if not reverse:
        owner, chosen = type(instance), Q(pk=instance.pk)
    elif pk_set is not None:
        owner, chosen = model, Q(pk__in=pk_set)
    else:  # all are taken away from the other side
        owner, chosen = model, Q(pk__in=_related_to(sender, model, instance))
    if not (_has_permission(user, "change", owner) and _in_reach(user, owner, chosen)):
        raise PermissionDenied


def _related_to(through: Any, owner: type[Model], instance: Model) -> QuerySet:
    """The keys of the owners of a relation that have this record on the other side."""
    to_owner = next(field for field in through._meta.fields if field.related_model is owner)
    to_other = next(field for field in through._meta.fields if field.related_model is type(instance))
    return through._default_manager.filter(**{to_other.name: instance}).values(to_owner.attname)
