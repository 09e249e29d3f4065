"""`manage.py start`: everything from an empty machine to a serving portal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from helpdesk import startup

FIRST_ACCOUNT = """
    Your staff account. The password is shown only now:

        address    {address}admin/
        user       admin
        password   {password}

"""


class Command(BaseCommand):
    help = "Prepares the database, the first content and the static files, then serves the portal."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.prepare()
            startup.serve()
        except KeyboardInterrupt:
            # Before the server was there to take it.
            self.stdout.write("Stopped.")

    def prepare(self) -> None:
        startup.refuse_busy_port(settings.HOST, settings.PORT)
        startup.refuse_unreachable_services()
        startup.refuse_forgetful_database()
        address = settings.PUBLIC_URL + "/" if settings.PUBLIC_URL else startup.address(settings.HOST, settings.PORT)
        with startup.one_at_a_time(settings.DATA_DIR):
            startup.prepare_database()
            if loaded := startup.load_first_content():
                self.stdout.write(f"Loaded the first content: {loaded}.")
            for line in startup.bring_search_in_step():
                self.stdout.write(line)
            startup.collect_static_files()
            if password := startup.create_first_account():
                self.stdout.write(FIRST_ACCOUNT.format(address=address, password=password))
        self.stdout.write(f"{settings.PORTAL_NAME} is at {address} (Ctrl-C stops it)")
        self.stdout.flush()
