"""Rules: the one place that decides what a user may do with a record or a kind of record.

- Permissions for a kind of record are Django's (helpdesk/permissions/groups.py).
- Public records, now or later, are changed only by users with the publish permission.
- Parts of another record (a check of its symptom) are changed by whoever may change that record.

The stored row counts, not what a form has made of it in memory. Admin pages ask `allowed`; `enforcement` asks the same
for every write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from helpdesk.content.publishing import Publishable
from helpdesk.permissions.actor import StaffUser

PUBLICATION_FIELDS = ("publish_at", "archive_at")


@dataclass(frozen=True, slots=True)
class Rule:
    """The conditions on changes to records of one model.

    `public` is the condition for rows that visitors see, now or later; `publish` the permission that such rows ask for;
    `part_of` the foreign key to the record that a row is a part of.
    """

    public: Callable[[], Q] | None = None
    publish: str = ""
    part_of: str = ""


_rules: dict[type[Model], Rule] = {}


def rule_for(model: type[Model]) -> Rule | None:
    """Return the rule of a model, if it has one."""
    return _rules.get(model)


def add_rule(model: type[Model], rule: Rule) -> None:
    """Record the rule of a model; `enforcement.register_rule` also enforces it."""
    _rules[model] = rule


def allowed(user: StaffUser, action: str, target: Model | type[Model]) -> bool:
    """Decide whether a user may "view", "add", "change", "delete" or "publish" a stored record, or a kind of record.

    At most one query. "publish" is for pages only.
    """
    model = target if isinstance(target, type) else type(target)
    if action == "publish":
        return issubclass(model, Publishable) and _may_publish(user, model)
    if not has_model_permission(user, action, model):
        return False
    return isinstance(target, type) or action in ("view", "add") or in_reach(user, model, Q(pk=target.pk))


def require(user: StaffUser, action: str, target: Model | type[Model]) -> None:
    """Raise PermissionDenied unless the user is allowed to."""
    if not allowed(user, action, target):
        raise PermissionDenied


def has_model_permission(user: StaffUser, action: str, model: type[Model]) -> bool:
    """Check Django's permission for a kind of record; the one for changes includes the view, as in the admin."""
    app, name = model._meta.app_label, model._meta.model_name
    return user.has_perm(f"{app}.{action}_{name}") or (action == "view" and user.has_perm(f"{app}.change_{name}"))


def in_reach(user: StaffUser, model: type[Model], chosen: Q) -> bool:
    """Check that no chosen stored row is public, unless the user may publish. At most one query."""
    rule = _rules.get(model)
    if rule is None:
        return True
    if rule.part_of:
        whole = whole_of(model, rule)
        keys = stored_rows(model).filter(chosen).order_by().values(rule.part_of)
        return has_model_permission(user, "change", whole) and in_reach(user, whole, Q(pk__in=keys))
    if rule.public is None or user.has_perm(rule.publish):
        return True
    return not stored_rows(model).filter(chosen & rule.public()).exists()


def whole_of(model: type[Model], rule: Rule) -> type[Model]:
    """Return the model of the record that rows of this model are parts of."""
    return cast(type[Model], model._meta.get_field(rule.part_of).related_model)


def stored_rows(model: type[Model]) -> QuerySet:
    """Return all rows, whatever the model's managers leave out."""
    return QuerySet(model)


def _may_publish(user: StaffUser, model: type[Model]) -> bool:
    rule = _rules.get(model)
    return bool(rule and rule.publish and user.has_perm(rule.publish))
