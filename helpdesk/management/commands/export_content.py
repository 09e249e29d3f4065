"""`manage.py export_content`: all content, or some guides with what belongs to them, as one readable file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from helpdesk.transfer.archive import export_bundle


class Command(BaseCommand):
    help = "Exports content as a bundle: a YAML file to review, keep under version control, or copy to another portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="File to write (default: standard output).")
        parser.add_argument(
            "--guide",
            action="append",
            default=[],
            metavar="SLUG",
            help=("Export only this guide and everything it uses."),
        )
        parser.add_argument(
            "--without-onward", action="store_true", help="Leave out guides that the chosen ones continue in."
        )
        parser.add_argument("--force", action="store_true", help="Overwrite an existing file.")

    def handle(self, *args: str, **options: Any) -> None:
        try:
            file, content = export_bundle(options["guide"], onward=not options["without_onward"])
        except KeyError as error:
            raise CommandError(gettext("There is no guide %(name)s.") % {"name": error}) from None
        if not options["file"]:
            if file.content_type == "application/zip":
                raise CommandError(
                    gettext("The content has pictures, so it's exported as a ZIP file. Name the file to write.")
                )
            self.stdout.write(file.data.decode(), ending="")
            return
        path = Path(options["file"])
        if path.exists() and not options["force"]:
            raise CommandError(gettext("%(path)s already exists. To overwrite it, use --force.") % {"path": path})
        try:
            path.write_bytes(file.data)
        except OSError as error:
            raise CommandError(
                gettext("%(path)s can't be written (%(strerror)s).") % {"path": path, "strerror": error.strerror}
            ) from None
        self.stderr.write(
            gettext("%(records)d records, %(size)d KB, in %(path)s")
            % {"records": len(content), "size": len(file.data) // 1024, "path": path}
        )
