"""Protection of accounts against their own administrators: no Administrator makes or changes a superuser.

Users change their own password and the like, but never their own powers. Enforced on Django's signals, like
helpdesk/permissions/enforcement.py, for the models of `django.contrib.auth`.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.dispatch import receiver

from helpdesk.permissions.actor import StaffUser, current_actor
from helpdesk.permissions.groups import ROLES

# The fields that an account's powers depend on.
_POWERS = ("is_superuser", "is_staff", "is_active")


def may_manage(user: StaffUser, other: User) -> bool:
    """Decide whether a user may change the account of another one, as it is stored."""
    if user.is_superuser:
        return True
    return user.has_perm("auth.change_user") and not _is_superuser(other)


def _is_superuser(user: User) -> bool:
    return user.pk is not None and User.objects.filter(pk=user.pk, is_superuser=True).exists()


def _restricted_actor() -> User | None:
    """Return the current actor; None for the portal itself, a person who is signing in, and a superuser."""
    user = current_actor()
    return user if isinstance(user, User) and not user.is_superuser else None


@receiver(pre_save, sender=User)
def _check_user(sender: type[User], instance: User, **kwargs: object) -> None:
    user = _restricted_actor()
    if user is None:
        return
    stored = User.objects.filter(pk=instance.pk).values(*_POWERS).first() if instance.pk else None
    if stored is None:
        permitted = user.has_perm("auth.add_user") and not instance.is_superuser
    elif instance.pk == user.pk:
        permitted = all(getattr(instance, name) == stored[name] for name in _POWERS)
    else:
        permitted = user.has_perm("auth.change_user") and not stored["is_superuser"] and not instance.is_superuser
    if not permitted:
        raise PermissionDenied


@receiver(pre_delete, sender=User)
def _refuse_deletion(sender: type[User], instance: User, **kwargs: object) -> None:
    """Refuse to delete accounts: they are closed, so that their events stay under their names."""
    if current_actor() is not None:
        raise PermissionDenied


@receiver(m2m_changed, sender=User.groups.through)
def _check_groups(
    sender: object, instance: User, action: str, reverse: bool, pk_set: set[int] | None = None, **kwargs: object
) -> None:
    """Leave roles to administrators of accounts, and other groups to superusers."""
    user = _restricted_actor()
    if user is None or not action.startswith("pre_"):
        return
    foreign = reverse or (pk_set and Group.objects.filter(pk__in=pk_set).exclude(name__in=ROLES).exists())
    if foreign or action == "pre_clear" or instance.pk == user.pk or not may_manage(user, instance):
        raise PermissionDenied


@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
@receiver([pre_save, pre_delete], sender=Group)
@receiver([pre_save, pre_delete], sender=Permission)
def _check_superuser(sender: object, **kwargs: object) -> None:
    if _restricted_actor() is not None:
        raise PermissionDenied
