"""`manage.py start`: everything from an empty machine to a serving portal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand

from helpdesk.operations import serving, startup
from helpdesk.operations.backup import create

if TYPE_CHECKING:
    from helpdesk.observability.metrics_server import Measure

FIRST_ACCOUNT = """
    Your staff account. The password is shown only now:

        address    {address}admin/
        user       admin
        password   {password}

"""


def measures() -> Iterator[Measure]:
    """What those who watch want to know besides what the portal counts."""
    yield (
        "portal_newest_backup_timestamp_seconds",
        "When the newest backup was made; not there while there is none.",
        lambda: max((create.made_at(file).timestamp() for file in create.all_in(settings.BACKUP_DIR)), default=None),
    )
    yield (
        "portal_data_free_bytes",
        "Room on the disk of DATA_DIR.",
        lambda: shutil.disk_usage(settings.DATA_DIR).free,
    )


class Command(BaseCommand):
    help = "Prepares the database, the first content and the static files, then serves the portal."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.prepare()
            serving.serve(measures())
        except KeyboardInterrupt:
            # Before the server was there to take it.
            self.stdout.write("Stopped.")

    def prepare(self) -> None:
        startup.refuse_busy_port(settings.HOST, settings.PORT)
        if settings.METRICS_PORT:
            startup.refuse_busy_port(settings.METRICS_HOST, settings.METRICS_PORT, "METRICS_PORT")
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
