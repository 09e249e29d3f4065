"""Roles: each member of staff has one of four; above them is the superuser, without restrictions."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.permissions.groups import ADMINISTRATOR, AGENT, AUTHOR, EDITOR, ROLES

SUPERUSER = "Superuser"

ROLE_LABELS = {
    AGENT: _("Agent: sends links to customers"),
    AUTHOR: _("Author: writes drafts"),
    EDITOR: _("Editor: publishes and changes public content"),
    ADMINISTRATOR: _("Administrator: everything an Editor can do, plus staff accounts"),
    SUPERUSER: _("Superuser: everything, including Administrators' accounts"),
}


def role_of(user: User) -> str:
    """Return the user's highest role; empty without any. One query, unless the groups are prefetched."""
    if user.is_superuser:
        return SUPERUSER
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(ROLES) if role in names), "")


def role_label(user: User) -> str:
    """Return the role with its meaning."""
    role = role_of(user)
    return str(ROLE_LABELS[role]) if role else gettext("No role: only this page and the preview")


def set_role(user: User, role: str) -> None:
    """Give a stored user this role in place of the present one; groups of the operator's own making stay."""
    user.is_superuser = role == SUPERUSER
    user.save(update_fields=["is_superuser"])
    own = [] if role == SUPERUSER else [Group.objects.get(name=role)]
    user.groups.set([*user.groups.exclude(name__in=ROLES), *own])
