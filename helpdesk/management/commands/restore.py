"""`manage.py restore FILE`: restore or verify a backup."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext

from helpdesk.operations.backup import restoration
from helpdesk.operations.backup.backup_errors import as_command_error


class Command(BaseCommand):
    help = (
        "Replaces all data with a backup. The whole backup is verified first, and the database "
        "changes in one step, or not at all."
    )
    # The database may be empty, or not there yet.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="Replace existing data. It's backed up first.")
        parser.add_argument(
            "--verify", action="store_true", help=("Only verify the backup, row by row. Changes nothing.")
        )

    def handle(self, *args: str, **options: Any) -> None:
        began, before = monotonic(), None
        with as_command_error(gettext("The database wasn't changed")):
            if options["verify"]:
                manifest = restoration.verify(options["file"])
            else:
                done = restoration.restore(options["file"], replace=options["replace"], backups=settings.BACKUP_DIR)
                manifest, before = done.manifest, done.before
        seconds = monotonic() - began
        word = gettext("Backup verified") if options["verify"] else gettext("Restored")
        said = gettext(
            "%(rows)d rows of %(tables)d tables and %(pictures)d picture files, from %(made_at)s, "
            "in %(seconds).1f seconds."
        )
        counts = {"rows": manifest.rows(), "tables": len(manifest.tables), "pictures": len(manifest.images())}
        details = said % {**counts, "made_at": manifest.made_at, "seconds": seconds}
        self.stdout.write(f"{word}: {details}")
        if before is not None:
            self.stdout.write(gettext("The previous data is in: %(before)s") % {"before": before})
