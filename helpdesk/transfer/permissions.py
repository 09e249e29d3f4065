"""Permissions of whoever imports."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from helpdesk.permissions import rules


class Operator:
    """Importer on the command line, who may do everything; `user` is the account that the history names."""

    def __init__(self, user: Any = None) -> None:
        self.user = user

    def may(self, action: str, target: Model | type[Model]) -> bool:
        """Return whether a stored record or records of a kind may be changed, added or published."""
        return True


class StaffImporter(Operator):
    """Signed-in user of the admin."""

    def may(self, action: str, target: Model | type[Model]) -> bool:
        return rules.allowed(self.user, action, target)
