"""Signed-in staff for the tests."""

from __future__ import annotations

from itertools import count

from django.contrib.auth.models import Group, User
from django.test import Client

_serial = count(1)


def make_user(*groups: str, superuser: bool = False, staff: bool = True, name: str = "") -> User:
    """A member of staff in these groups."""
    user = User.objects.create_user(
        name or f"user-{next(_serial)}", password="x", is_staff=staff, is_superuser=superuser, last_name=name
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def author() -> Client:
    return signed_in(make_user("Author"))


def editor(name: str = "") -> Client:
    return signed_in(make_user("Editor", name=name))


def without_rights() -> Client:
    """Staff who may sign in and nothing else."""
    return signed_in(make_user())


def administrator() -> Client:
    return signed_in(make_user(superuser=True))
