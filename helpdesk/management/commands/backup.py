"""`manage.py backup`: back up the database and the images into one file, while the portal runs."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from helpdesk.operations.backup import creation
from helpdesk.operations.backup.backup_errors import as_command_error

KEEP = 14


class Command(BaseCommand):
    help = (
        "Backs up the database and the pictures into one file. The portal can keep running: the backup has "
        "everything as it was at one moment. The secret key is not in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="Folder to write to (default: BACKUP_DIR).")
        parser.add_argument(
            "--keep",
            type=int,
            default=KEEP,
            metavar="N",
            help=f"Keep the newest N backups (default: {KEEP}); 0 keeps all.",
        )

    def handle(self, *args: str, **options: Any) -> None:
        folder, keep = options["to"] or settings.BACKUP_DIR, options["keep"]
        if keep < 0:
            raise CommandError(gettext("--keep must be 0 or more."))
        began = monotonic()
        with as_command_error(gettext("No backup was made, and nothing was removed")):
            made = creation.make(folder, keep or None)
        seconds, size = monotonic() - began, made.file.stat().st_size / 1e6
        manifest = made.manifest
        said = gettext(
            "%(rows)d rows of %(tables)d tables and %(pictures)d picture files: %(size).1f MB in %(seconds).1f seconds."
        )
        counts = {"rows": manifest.rows(), "tables": len(manifest.tables), "pictures": len(manifest.images())}
        self.stdout.write(str(made.file))
        self.stdout.write(said % {**counts, "size": size, "seconds": seconds})
        if made.removed:
            self.stdout.write(gettext("Older backups removed: %(count)d.") % {"count": len(made.removed)})
