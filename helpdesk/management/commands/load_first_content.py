"""`manage.py load_first_content`: the fixtures, into an empty portal only."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from helpdesk.operations import startup


class Command(BaseCommand):
    help = "Loads the first content if the portal has no content yet."

    def handle(self, *args: str, **options: object) -> None:
        if loaded := startup.load_first_content():
            self.stdout.write(gettext("Loaded the first content: %(loaded)s.") % {"loaded": loaded})
        else:
            self.stdout.write(gettext("The portal already has content. Nothing was loaded."))
