"""`manage.py loaddata`, as Django's; what it loads is in the history, with one version of each record it changed."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.loaddata import Command as LoadData
from django.utils.translation import gettext as _

from helpdesk.history.recording import together


class Command(LoadData):
    def handle(self, *labels: str, **options: Any) -> None:
        with together(_("Loaded from a file")):
            super().handle(*labels, **options)
