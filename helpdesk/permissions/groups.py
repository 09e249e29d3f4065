"""The groups of staff and their rights: each app declares its own, and they are put in place after every `migrate`.

Agent: may sign in, and look. Author: writes drafts. Editor: decides what is public. Administrator: manages people, and
has whatever an Editor has. For other rights make another group: these four are set to what is declared, each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate

AGENT = "Agent"
AUTHOR = "Author"
EDITOR = "Editor"
ADMINISTRATOR = "Administrator"
ROLES = (AGENT, AUTHOR, EDITOR, ADMINISTRATOR)

# Group, then model, then what its members may do with it: "add change view".
Rights = Mapping[str, Mapping[str, str]]


def grant_after_migrate(app_label: str, rights: Rights) -> None:
    """Has the groups given these rights to the app's models whenever the database is brought up to date."""

    def grant_now(sender: AppConfig, using: str, apps: Any = installed_apps, **kwargs: Any) -> None:
        # Django makes the permissions on the same signal, maybe after us. A second time does nothing.
        create_permissions(sender, verbosity=0, using=using, apps=apps)
        grant(app_label, rights, using=using, apps=apps)

    rights = with_administrators(rights)
    sender = installed_apps.get_app_config(app_label)
    post_migrate.connect(grant_now, sender=sender, weak=False, dispatch_uid=f"staff.permissions.{app_label}")


def grant(app_label: str, rights: Rights, *, using: str = "default", apps: Any = installed_apps) -> None:
    """Gives each group exactly these rights to the app's models; what it has in other apps stays."""
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # the database is on its way, without users yet
        return
    of_app = permissions.objects.using(using).filter(content_type__app_label=app_label)
    for name, models in rights.items():
        group, _ = groups.objects.using(using).get_or_create(name=name)
        wanted = set(of_app.filter(codename__in=list(codenames(models))))
        had = set(group.permissions.filter(content_type__app_label=app_label))
        group.permissions.remove(*(had - wanted))
        group.permissions.add(*(wanted - had))


def with_administrators(rights: Rights) -> Rights:
    """The rights, with those of an Editor for Administrators as well."""
    merged = dict(rights.get(EDITOR, {}))
    for model, actions in rights.get(ADMINISTRATOR, {}).items():
        merged[model] = f"{merged.get(model, '')} {actions}".strip()
    return {**rights, ADMINISTRATOR: merged} if merged else rights


def codenames(models: Mapping[str, str]) -> Iterator[str]:
    """The names of the permissions: `{"guide": "add view"}` gives `add_guide` and `view_guide`."""
    for model, actions in models.items():
        for action in actions.split():
            yield f"{action}_{model}"
