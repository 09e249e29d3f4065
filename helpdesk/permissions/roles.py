"""The four roles, one of which each member of staff has; above them the superuser, who is bound by nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from helpdesk.permissions.groups import ADMINISTRATOR, AGENT, AUTHOR, EDITOR, ROLES

SUPERUSER = "Superuser"

MEANINGS = {
    AGENT: _("Agent: sends links to customers, changes nothing"),
    AUTHOR: _("Author: writes drafts"),
    EDITOR: _("Editor: publishes, and changes what is public"),
    ADMINISTRATOR: _("Administrator: what an Editor does, and the accounts of staff"),
    SUPERUSER: _("Superuser: everything, Administrators' accounts and special rights included"),
}


def role_of(user: Any) -> str:
    """The name of the user's role, the highest where he has several groups; empty where he has none."""
    if user.is_superuser:
        return SUPERUSER
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(ROLES) if role in names), "")


def name_of(user: Any) -> str:
    """The role with what it means, for people to read."""
    return str(MEANINGS.get(role_of(user), _("No role: nothing but this page and the preview")))


def give(user: Any, role: str) -> None:
    """Gives a stored user this role in the place of the one he had; groups of the operator's own making stay."""
    user.is_superuser = role == SUPERUSER
    user.save(update_fields=["is_superuser"])
    own = [] if role == SUPERUSER else [Group.objects.get(name=role)]
    user.groups.set([*user.groups.exclude(name__in=ROLES), *own])
