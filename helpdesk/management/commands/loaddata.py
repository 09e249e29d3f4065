"""`manage.py loaddata`, as Django's; what it loads is in the history, with one version of each record it changed."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.loaddata import Command as LoadData

from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision


class Command(LoadData):
    def handle(self, *labels: str, **options: Any) -> None:
        with revision(Reason.LOADED):
            super().handle(*labels, **options)
