"""`manage.py doctor`: what is wrong with this deployment, in plain words."""

from __future__ import annotations

from collections import Counter
from textwrap import fill
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.operations.diagnostics.finding import Finding, Level
from helpdesk.operations.diagnostics.runner import examine

WIDTH = 110
_INDENT = " " * 8


class Command(BaseCommand):
    help = (
        "Looks at the deployment: database, settings, people, backups, machine. Changes nothing. "
        "Says what to do about what is wrong, and ends with 1 if anything is."
    )
    # What is wrong is said here, in plainer words.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="Leave out what reads all of the content.")

    def handle(self, *args: Any, **options: Any) -> None:
        levels, last = Counter[Level](), ""
        for heading, finding in examine(quick=options["quick"]):
            if heading != last:
                self.stdout.write(f"{'' if not last else chr(10)}{heading}")
                last = heading
            self.say(finding)
            levels[finding.level] += 1
        summary = (
            f"{levels.total()} looks: {levels[Level.WRONG]} wrong, {levels[Level.LOOK]} to look at, "
            f"{levels[Level.GOOD]} all right."
        )
        self.stdout.write("")
        if levels[Level.WRONG]:
            raise CommandError(summary)
        self.stdout.write(summary)

    def say(self, finding: Finding) -> None:
        style = {Level.GOOD: self.style.SUCCESS, Level.LOOK: self.style.WARNING, Level.WRONG: self.style.ERROR}
        text = fill(finding.text, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
        self.stdout.write(style[finding.level](f"  {finding.level.value:<6}") + text[len(_INDENT) :])
        if finding.mend:
            self.stdout.write(
                fill(f"→ {finding.mend}", WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  ")
            )
