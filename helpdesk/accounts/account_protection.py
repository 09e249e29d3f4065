"""Who may change accounts, whatever page asks: an Administrator never makes anybody a superuser, nor touches one.

Each user may change his own password and the like, but not what he may do.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models.signals import m2m_changed, pre_delete, pre_save

from helpdesk.permissions.actor import current_actor
from helpdesk.permissions.groups import ROLES

# What an account may do hangs on these.
_POWERS = ("is_superuser", "is_staff", "is_active")


def connect() -> None:
    pre_save.connect(_saved, sender=User, dispatch_uid="accounts.guard.saved")
    pre_delete.connect(_deleted, sender=User, dispatch_uid="accounts.guard.deleted")
    m2m_changed.connect(_groups, sender=User.groups.through, dispatch_uid="accounts.guard.groups")
    for through in (User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights, sender=through, dispatch_uid=f"accounts.guard.{through.__name__}")
    for sender in (Group, Permission):
        pre_save.connect(_rights, sender=sender, dispatch_uid=f"accounts.guard.{sender.__name__}.saved")
        pre_delete.connect(_rights, sender=sender, dispatch_uid=f"accounts.guard.{sender.__name__}.deleted")


def may_manage(user: Any, other: User) -> bool:
    """Whether the user may change the account of the other one, as it is stored."""
    if user.is_superuser:
        return True
    return user.has_perm("auth.change_user") and not _is_superuser(other)


def _is_superuser(user: User) -> bool:
    return user.pk is not None and User.objects.filter(pk=user.pk, is_superuser=True).exists()


def _acts_freely() -> bool:
    """Whether nobody's rights have to be looked at: the portal's own doing, somebody who signs in, a superuser."""
    user = current_actor()
    return user is None or not user.is_authenticated or user.is_superuser


def _saved(sender: Any, instance: User, **kwargs: Any) -> None:
    if _acts_freely():
        return
    stored = User.objects.filter(pk=instance.pk).values(*_POWERS).first() if instance.pk else None
    if stored is None:
        allowed = current_actor().has_perm("auth.add_user") and not instance.is_superuser
    elif instance.pk == current_actor().pk:
        allowed = all(getattr(instance, name) == stored[name] for name in _POWERS)
    else:
        allowed = (
            current_actor().has_perm("auth.change_user") and not stored["is_superuser"] and not instance.is_superuser
        )
    if not allowed:
        raise PermissionDenied


def _deleted(sender: Any, instance: User, **kwargs: Any) -> None:
    """Accounts are closed, not deleted: what their owners did stays under their names."""
    if current_actor() is not None:
        raise PermissionDenied


def _groups(sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any = None, **kwargs: Any) -> None:
    """Roles are given to others, by who manages accounts; other groups only by superusers."""
    if _acts_freely() or not action.startswith("pre_"):
        return
    foreign = reverse or (pk_set and Group.objects.filter(pk__in=pk_set).exclude(name__in=ROLES).exists())
    if (
        foreign
        or action == "pre_clear"
        or instance.pk == current_actor().pk
        or not may_manage(current_actor(), instance)
    ):
        raise PermissionDenied


def _rights(sender: Any, **kwargs: Any) -> None:
    if not _acts_freely():
        raise PermissionDenied
