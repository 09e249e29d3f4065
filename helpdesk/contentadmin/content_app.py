"""Base of the apps that have content: registers their kinds, permission rules and group permissions."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models import Q

if TYPE_CHECKING:
    from helpdesk.content.kinds import ContentKind


class ContentAppConfig(AppConfig):
    """App whose module `kinds` has its content kinds in `KINDS`.

    A kind without a permission rule of its own gets the default one: who may not publish changes drafts only. The
    groups get the default permissions unless the app says `has_own_permissions` and grants them itself.
    """

    has_own_permissions = False

    def ready(self) -> None:
        # Not before: models and rules can be imported once all apps are loaded.
        from helpdesk.content.kinds import register
        from helpdesk.permissions.enforcement import register_rule
        from helpdesk.permissions.groups import grant_after_migrate
        from helpdesk.permissions.rules import rule_for

        kinds: tuple[ContentKind, ...] = import_module(f"{self.name}.kinds").KINDS
        register(*kinds)
        for kind in kinds:
            if rule_for(kind.model) is not None:
                continue
            if kind.is_publishable:
                register_rule(kind.model, public=is_no_draft, publish=f"{self.label}.publish_{kind.model_name}")
            else:
                register_rule(kind.model)
        if not self.has_own_permissions:
            grant_after_migrate(self.label, default_permissions(kinds))


def is_no_draft() -> Q:
    """Return the condition "public, scheduled or archived" on a page."""
    return Q(publish_at__isnull=False)


def default_permissions(kinds: Iterable[ContentKind]) -> dict[str, dict[str, str]]:
    """Return what authors and editors may do: authors write pages, editors publish them and keep all other records."""
    author, editor = {}, {}
    for kind in kinds:
        author[kind.model_name] = "add change delete view" if kind.is_publishable else "view"
        editor[kind.model_name] = "add change delete view" + (" publish" if kind.is_publishable else "")
    return {"Author": author, "Editor": editor}
