"""`manage.py reset_second_factor NAME`, for the last Administrator after the loss of telephone and recovery codes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.accounts import staff_accounts


class Command(BaseCommand):
    help = "Takes the second factor of a member of staff away, so that the password alone is enough to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"Nobody has the name “{name}”.")
        if staff_accounts.reset_factor(None, user):
            self.stdout.write(f"The second factor of “{name}” is reset. All sessions of this account are ended.")
        else:
            self.stdout.write(f"“{name}” has no second factor.")
