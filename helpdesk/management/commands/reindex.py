"""`manage.py reindex`: update the search index from the content, or check that it is up to date."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from helpdesk.search import index

MOST_LINES = 20


class Command(BaseCommand):
    help = "Rebuilds the search index. It's updated automatically, so this is only needed if that failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Only list entries that are out of date. Exits with 1 if there are any.",
        )

    def handle(self, *args: str, **options: Any) -> None:
        self.last = 0.0
        started = monotonic()
        if options["check"]:
            self.check_drift()
            return
        changed = index.reindex(self.progress)
        seconds = monotonic() - started
        self.stdout.write(
            gettext("The search index is up to date. %(changed)d entries were updated in %(seconds).1f seconds.")
            % {"changed": changed, "seconds": seconds}
        )

    def check_drift(self) -> None:
        found = list(index.drift(self.progress))
        for line in found[:MOST_LINES]:
            self.stdout.write(line)
        if len(found) > MOST_LINES:
            self.stdout.write(gettext("and %(count)d more") % {"count": len(found) - MOST_LINES})
        if found:
            raise CommandError(gettext("The search index is out of date. To rebuild it, run: manage.py reindex"))
        self.stdout.write(gettext("The search index is up to date."))

    def progress(self, done: int, of: int) -> None:
        """Write a line per second at most: overwritten in a terminal, appended in a log."""
        if monotonic() - self.last < 1 and done < of:
            return
        self.last = monotonic()
        if of > index.PORTION:
            at_terminal = sys.stderr.isatty()
            self.stderr.write(
                gettext("%(done)d of %(of)d pages") % {"done": done, "of": of},
                ending="\r" if at_terminal and done < of else "\n",
            )
