"""`manage.py import_content`: the plan of an import, and with --yes the import itself."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from helpdesk.adminkit.progress import ProgressStep, run_to_end
from helpdesk.transfer.archive import read_file
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.plan import ImportPlan, make_plan
from helpdesk.transfer.plan_report import plan_lines, result_lines
from helpdesk.transfer.run_import import ImportDecision, ImportResult, PlanChanged, run_import
from helpdesk.transfer.validation import UnfitPages


class Command(BaseCommand):
    help = (
        "Shows what importing a bundle (or a spreadsheet of FAQ entries) would change; with --yes, imports it. New "
        "records are added. Records that differ here aren't changed unless --replace names them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="A .yaml, .zip or .xlsx file.")
        parser.add_argument("--yes", action="store_true", help="Import. Without this option, nothing is written.")
        parser.add_argument("--dry-run", action="store_true", help="Only show what would change, even with --yes.")
        parser.add_argument(
            "--replace",
            action="append",
            default=[],
            metavar="RECORD",
            help="Replace this changed record, by its name in the list, such as guide:login.",
        )
        parser.add_argument("--replace-all", action="store_true", help="Replace all changed records without warnings.")
        parser.add_argument("--drafts", action="store_true", help="Import pages as drafts.")
        parser.add_argument("--user", help="User name to record in the history.")

    def handle(self, *args: str, **options: Any) -> None:
        self.shown_at = 0.0
        importer = Operator(self.account(options["user"]))
        path = Path(options["file"])
        try:
            file = read_file(path.read_bytes())
            plan = make_plan(file.content, importer, as_drafts=options["drafts"])
        except OSError as error:
            raise CommandError(
                gettext("%(path)s can't be read (%(strerror)s).") % {"path": path, "strerror": error.strerror}
            ) from None
        except ImportRefused as refused:
            raise CommandError("\n".join(refused.sentences)) from None
        chosen = self.chosen(plan, options)
        for line in plan_lines(plan, chosen):
            self.stdout.write(line)
        if options["dry_run"] or not options["yes"]:
            self.stdout.write(gettext("Nothing was written. To import: --yes"))
            return
        decision = ImportDecision(file, path.name, chosen, plan.fingerprint, options["drafts"])
        started = monotonic()
        result = self.run_import(decision, importer)
        seconds = monotonic() - started
        for line in result_lines(result):
            self.stdout.write(line)
        records = result.new.total() + result.changed.total()
        self.stdout.write(
            gettext("It took %(seconds).1f seconds (%(rate).0f records a second).")
            % {"seconds": seconds, "rate": records / max(seconds, 0.001)}
        )

    def account(self, name: str | None) -> AbstractBaseUser | None:
        """Return the account with this name, if one is given."""
        if not name:
            return None
        users = get_user_model()._default_manager
        account = users.filter(**{get_user_model().USERNAME_FIELD: name}).first()
        if account is None:
            raise CommandError(gettext("There is no account %(name)s.") % {"name": name})
        return account

    def chosen(self, plan: ImportPlan, options: dict[str, Any]) -> set[str]:
        """Return the ids of the changed rows to take over."""
        chosen = plan.all_changed() if options["replace_all"] else set()
        possible = {row.id for row in plan.rows if row.is_choice}
        for name in options["replace"]:
            if name not in possible:
                raise CommandError(gettext("“%(name)s” isn't one of the changed records in the list.") % {"name": name})
            chosen.add(name)
        return chosen

    def run_import(self, decision: ImportDecision, importer: Operator) -> ImportResult:
        try:
            return run_to_end(run_import(decision, importer), self.progress)
        except UnfitPages as unfit:
            told = gettext("Nothing was imported. To import the pages as drafts: --drafts")
            raise CommandError("\n".join([*unfit.sentences, told])) from None
        except ImportRefused as refused:
            raise CommandError("\n".join(refused.sentences)) from None
        except PlanChanged:
            raise CommandError(
                gettext("The content changed in the meantime. Nothing was imported. Try again.")
            ) from None

    def progress(self, step: ProgressStep) -> None:
        """Write a line per second at most: overwritten in a terminal, appended in a log."""
        if step.of < 200 or (monotonic() - self.shown_at < 1 and step.done < step.of):
            return
        self.shown_at = monotonic()
        at_terminal = sys.stderr.isatty()
        ending = "\r" if at_terminal and step.done < step.of else "\n"
        text = gettext("%(done)d of %(of)d %(what)s") % {"done": step.done, "of": step.of, "what": step.what}
        self.stderr.write(text, ending=ending)
