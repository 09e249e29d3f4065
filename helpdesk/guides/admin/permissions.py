"""Group permissions for guides and the records that guides consist of."""

from __future__ import annotations

from helpdesk.permissions.groups import AUTHOR, EDITOR, GroupPermissions, grant_after_migrate

ALL = "add change delete view"

# For kinds of record; helpdesk/guides/permission_rules.py has the rules for single records.
GROUP_PERMISSIONS: GroupPermissions = {
    AUTHOR: {
        "guide": ALL,
        "situationgroup": ALL,
        "symptom": ALL,
        "check": ALL,
        "cause": "add change view",
        "resolution": "add change view",
        "contactpoint": "view",
        "contactline": "view",
    },
    EDITOR: {
        "guide": f"{ALL} publish",
        "situationgroup": ALL,
        "symptom": f"{ALL} publish",
        "check": ALL,
        "cause": ALL,
        "resolution": ALL,
        "contactpoint": ALL,
        "contactline": ALL,
    },
}


def connect() -> None:
    grant_after_migrate("guides", GROUP_PERMISSIONS)
