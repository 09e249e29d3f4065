"""`manage.py export_content`: all content, or some guides with what belongs to them, as one readable file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.transfer.archive import export_bundle


class Command(BaseCommand):
    help = "Writes the content as a bundle: YAML to review, to keep under version control, to copy to another portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="Where to write it. Without it, to the standard output.")
        parser.add_argument(
            "--guide", action="append", default=[], metavar="SLUG", help="Only this guide and what belongs to it."
        )
        parser.add_argument(
            "--without-onward", action="store_true", help="Leave out the guides that the chosen ones lead to."
        )
        parser.add_argument("--force", action="store_true", help="Write over a file that is there.")

    def handle(self, *args: str, **options: Any) -> None:
        try:
            file, content = export_bundle(options["guide"], onward=not options["without_onward"])
        except KeyError as error:
            raise CommandError(f"There is no guide {error}.") from None
        if not options["file"]:
            if file.content_type == "application/zip":
                raise CommandError("The content has pictures, so it is a ZIP file: name the file to write it to.")
            self.stdout.write(file.data.decode(), ending="")
            return
        path = Path(options["file"])
        if path.exists() and not options["force"]:
            raise CommandError(f"{path} is there already. To write over it: --force")
        try:
            path.write_bytes(file.data)
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}).") from None
        self.stderr.write(f"{len(content)} records, {len(file.data) // 1024} KB, in {path}")
