"""`manage.py check_content`: the publish check over everything, for cron and CI."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from helpdesk.adminkit.html import record_url
from helpdesk.adminkit.progress import ProgressStep, run_to_end
from helpdesk.publishcheck.full_check import CheckReport, RecordProblems, check_everything
from helpdesk.publishcheck.problems import Severity


class Command(BaseCommand):
    help = (
        "Checks public and scheduled content for errors: dead links, situations without checks and the "
        "like. Exits with 1 if there are errors."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--warnings", action="store_true", help="Show warnings, too, such as long sentences.")
        parser.add_argument(
            "--drafts", action="store_true", help=("Include drafts. Their errors don't affect the exit code.")
        )

    def handle(self, *args: str, **options: Any) -> None:
        self.last = started = monotonic()
        work = check_everything(warnings=options["warnings"], drafts=options["drafts"])
        report = run_to_end(work, self.progress)
        for one in report.found:
            self.say(one)
        summary = self.summary(report, options["warnings"], monotonic() - started)
        if report.count(Severity.ERROR, public=True):
            raise CommandError(summary)
        self.stdout.write(summary)

    def progress(self, step: ProgressStep) -> None:
        """Write a line per second at most: overwritten in a terminal, appended in a log."""
        if monotonic() - self.last >= 1:
            self.last = monotonic()
            self.stderr.write(
                gettext("%(done)d of %(of)d records") % {"done": step.done, "of": step.of},
                ending="\r" if sys.stderr.isatty() else "\n",
            )

    def say(self, found: RecordProblems) -> None:
        record = found.record
        draft = "" if found.public else f" ({gettext('not public')})"
        self.stdout.write(f"{capfirst(str(record._meta.verbose_name))} “{record}”{draft}  {record_url(record)}")
        for problem in found.problems:
            place = f", {record._meta.get_field(problem.field).verbose_name}" if problem.field else ""  # type: ignore[union-attr]
            self.stdout.write(f"  {problem.severity.value}{place}: {problem.text} [{problem.rule}]")

    def summary(self, report: CheckReport, warnings: bool, seconds: float) -> str:
        errors, drafts = (report.count(Severity.ERROR, public=public) for public in (True, False))
        found = [gettext("%(errors)s in public or scheduled content") % {"errors": errors_text(errors)}]
        found += [gettext("%(errors)s in drafts") % {"errors": errors_text(drafts)}] if drafts else []
        if warnings:
            count = report.count(Severity.WARNING)
            found.append(ngettext("%(count)d warning", "%(count)d warnings", count) % {"count": count})
        said = ngettext(
            "%(count)d record checked in %(seconds).1f seconds: %(found)s.",
            "%(count)d records checked in %(seconds).1f seconds: %(found)s.",
            report.records,
        )
        return said % {"count": report.records, "seconds": seconds, "found": ", ".join(found)}


def errors_text(count: int) -> str:
    return ngettext("%(count)d error", "%(count)d errors", count) % {"count": count}
