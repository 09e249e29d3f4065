"""Groups of staff and their permissions: each app declares its own, and `migrate` puts them in place.

Agent: signs in and looks. Author: writes drafts. Editor: decides what is public. Administrator: manages people, and has
the permissions of an Editor. The four are set to the declared permissions each time; for others make another group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate

AGENT = "Agent"
AUTHOR = "Author"
EDITOR = "Editor"
ADMINISTRATOR = "Administrator"
ROLES = (AGENT, AUTHOR, EDITOR, ADMINISTRATOR)

# Group name to model name to actions: {"Author": {"guide": "add change view"}}.
GroupPermissions = Mapping[str, Mapping[str, str]]


def grant_after_migrate(app_label: str, declared: GroupPermissions) -> None:
    """Give the groups these permissions for the app's models after each migration."""

    def grant_now(sender: AppConfig, using: str, apps: Apps = installed_apps, **kwargs: object) -> None:
        # Django creates the permissions on the same signal, maybe after us. A second time does nothing.
        create_permissions(sender, verbosity=0, using=using, apps=apps)
        grant(app_label, declared, using=using, apps=apps)

    declared = with_administrators(declared)
    sender = installed_apps.get_app_config(app_label)
    post_migrate.connect(grant_now, sender=sender, weak=False, dispatch_uid=f"permissions.groups.{app_label}")


def grant(app_label: str, declared: GroupPermissions, *, using: str = "default", apps: Apps = installed_apps) -> None:
    """Give each group exactly these permissions for the app's models; those for other apps stay."""
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # in the middle of the migrations, without users yet
        return
    of_app = permissions.objects.using(using).filter(content_type__app_label=app_label)
    for name, models in declared.items():
        group, _ = groups.objects.using(using).get_or_create(name=name)
        wanted = set(of_app.filter(codename__in=list(codenames(models))))
        had = set(group.permissions.filter(content_type__app_label=app_label))
        group.permissions.remove(*(had - wanted))
        group.permissions.add(*(wanted - had))


def with_administrators(declared: GroupPermissions) -> GroupPermissions:
    """Add the permissions of Editors to those of Administrators."""
    merged = dict(declared.get(EDITOR, {}))
    for model, actions in declared.get(ADMINISTRATOR, {}).items():
        merged[model] = f"{merged.get(model, '')} {actions}".strip()
    return {**declared, ADMINISTRATOR: merged} if merged else declared


def codenames(models: Mapping[str, str]) -> Iterator[str]:
    """Yield the codenames of permissions: `{"guide": "add view"}` gives `add_guide` and `view_guide`."""
    for model, actions in models.items():
        for action in actions.split():
            yield f"{action}_{model}"
