"""What authors and editors may do with guides, and with what guides are made of."""

from __future__ import annotations

from django.http import HttpRequest

from helpdesk.guides.permission_rules import PUBLISH
from helpdesk.permissions.groups import AUTHOR, EDITOR, Rights, grant_after_migrate

ALL = "add change delete view"

# Rights to a kind of record; what an author may do with one record of it is decided by each admin.
RIGHTS: Rights = {
    AUTHOR: {
        "guide": ALL,
        "symptom": ALL,
        "check": ALL,
        "cause": "add change view",
        "resolution": "add change view",
        "contactpoint": "view",
    },
    EDITOR: {
        "guide": f"{ALL} publish",
        "symptom": f"{ALL} publish",
        "check": ALL,
        "cause": ALL,
        "resolution": ALL,
        "contactpoint": ALL,
    },
}


def connect() -> None:
    grant_after_migrate("guides", RIGHTS)


def may_change_what_is_public(request: HttpRequest) -> bool:
    """Whether the user may change what the public pages are made of."""
    return request.user.has_perm(PUBLISH)
