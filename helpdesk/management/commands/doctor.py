"""`manage.py doctor`: the diagnostics of this deployment, in plain words."""

from __future__ import annotations

from collections import Counter
from textwrap import fill
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, ngettext

from helpdesk.operations.diagnostics import examine

WIDTH = 110
_INDENT = " " * 10


class Command(BaseCommand):
    help = (
        "Checks the deployment: database, settings, accounts, backups, machine. Changes nothing. "
        "Tells you how to fix each problem. Exits with 1 if there are errors."
    )
    # They are part of the report.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="Skip checks that read all content.")

    def handle(self, *args: str, **options: Any) -> None:
        labels, last = Counter[str](), ""
        for heading, message in examine(quick=options["quick"]):
            if heading != last:
                self.stdout.write(f"{'' if not last else chr(10)}{heading}")
                last = heading
            labels[self.report(message)] += 1
        errors = ngettext("%(count)d error", "%(count)d errors", labels["error"]) % {"count": labels["error"]}
        warnings = ngettext("%(count)d warning", "%(count)d warnings", labels["warning"]) % {"count": labels["warning"]}
        counts = {"checks": labels.total(), "errors": errors, "warnings": warnings, "ok": labels["ok"]}
        summary = gettext("%(checks)d checks: %(errors)s, %(warnings)s, %(ok)d ok.") % counts
        self.stdout.write("")
        if labels["error"]:
            raise CommandError(summary)
        self.stdout.write(summary)

    def report(self, message: CheckMessage) -> str:
        """Write a message with its hint, and return the label of its level."""
        label, word, style = "ok", gettext("ok"), self.style.SUCCESS
        if message.level >= checks.WARNING:
            label, word, style = "warning", gettext("warning"), self.style.WARNING
        if message.level >= checks.ERROR:
            label, word, style = "error", gettext("error"), self.style.ERROR
        text = fill(message.msg, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
        self.stdout.write(style(f"  {word:<8}") + text[len(_INDENT) :])
        if message.hint:
            hint = f"→ {message.hint}"
            self.stdout.write(fill(hint, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  "))
        return label
