"""`manage.py check_links`: asks the sites that public content links to whether its links still work, for cron."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from helpdesk.outside.check_run import LinkStep, LinkSummary, check_links


class Command(BaseCommand):
    help = (
        "Checks the links of public content that lead to other sites, one request at a time, and stores the results "
        "for the work list. Does nothing unless CHECK_LINKS=1 is set. Ends with 1 if any link is dead."
    )

    def handle(self, *args: str, **options: Any) -> None:
        if not settings.CHECK_LINKS:
            self.stdout.write(
                gettext("Nothing was checked: set CHECK_LINKS=1 to let this command contact other sites.")
            )
            return
        summary = self.run_check()
        if summary.is_offline:
            raise CommandError(gettext("No site answered, so nothing was stored: can this server reach the internet?"))
        text = gettext(
            "Links checked: %(checked)d, left for the next run: %(left)d. "
            "Dead: %(dead)d, failing for less than a day: %(failing)d."
        ) % {"checked": summary.checked, "left": summary.left, "dead": summary.dead, "failing": summary.failing}
        if summary.dead:
            raise CommandError(text)
        self.stdout.write(text)

    def run_check(self) -> LinkSummary:
        work = check_links()
        while True:
            try:
                self.say(next(work))
            except StopIteration as end:
                return end.value

    def say(self, step: LinkStep) -> None:
        self.stdout.write(
            gettext("%(done)d of %(of)d: %(address)s: %(result)s")
            % {"done": step.done, "of": step.of, "address": step.link.address, "result": step.link.result}
        )
