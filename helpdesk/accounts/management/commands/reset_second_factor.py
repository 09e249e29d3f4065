"""`manage.py reset_second_factor NAME`, for the last Administrator after the loss of telephone and recovery codes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.accounts import staff_accounts


class Command(BaseCommand):
    help = "Turns off two-factor authentication for a staff account, so that the password is enough to log in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="user name of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        if staff_accounts.reset_factor(None, user):
            self.stdout.write(
                f"Two-factor authentication of “{name}” was reset. All sessions of this account have ended."
            )
        else:
            self.stdout.write(f"“{name}” doesn't use two-factor authentication.")
