"""`manage.py start`: prepare everything, from an empty machine on, and serve the portal."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from helpdesk.identity.current import portal_name
from helpdesk.operations import serving, startup
from helpdesk.operations.backup import creation

if TYPE_CHECKING:
    from helpdesk.observability.metrics_server import Measure


def account_text(address: str, password: str) -> str:
    """Return the first account as lines to read, the values below each other."""
    rows = {gettext("address"): f"{address}admin/", gettext("user"): "admin", gettext("password"): password}
    width = max(map(len, rows)) + 3
    lines = (f"        {name:<{width}}{value}" for name, value in rows.items())
    intro = gettext("Your staff account. The password won't be shown again:")
    return f"\n    {intro}\n\n{chr(10).join(lines)}\n\n"


def newest_backup_timestamp() -> float | None:
    made_at = creation.newest_made_at(settings.BACKUP_DIR)
    return None if made_at is None else made_at.timestamp()


# Gauges for Prometheus in addition to the metrics that the processes count.
MEASURES: tuple[Measure, ...] = (
    (
        "portal_newest_backup_timestamp_seconds",
        "When the newest backup was made; not there while there is none.",
        newest_backup_timestamp,
    ),
    (
        "portal_data_free_bytes",
        "Room on the disk of DATA_DIR.",
        lambda: shutil.disk_usage(settings.DATA_DIR).free,
    ),
)


class Command(BaseCommand):
    help = "Prepares the database, first content and static files, then serves the portal."
    requires_system_checks = ()

    def handle(self, *args: str, **options: object) -> None:
        try:
            self.prepare()
            serving.serve(MEASURES)
        except KeyboardInterrupt:
            # Ctrl-C before the server had its own handler.
            self.stdout.write(gettext("Stopped."))

    def prepare(self) -> None:
        startup.refuse_busy_port(settings.HOST, settings.PORT)
        if settings.METRICS_PORT:
            startup.refuse_busy_port(settings.METRICS_HOST, settings.METRICS_PORT, "METRICS_PORT")
        startup.refuse_unreachable_services()
        startup.refuse_forgetful_database()
        address = settings.PUBLIC_URL + "/" if settings.PUBLIC_URL else startup.address(settings.HOST, settings.PORT)
        with startup.start_lock(settings.DATA_DIR):
            startup.prepare_database()
            if loaded := startup.load_first_content():
                self.stdout.write(gettext("Loaded the first content: %(loaded)s.") % {"loaded": loaded})
            for line in startup.bring_search_in_step():
                self.stdout.write(line)
            startup.collect_static_files()
            if password := startup.create_first_account():
                self.stdout.write(account_text(address, password))
        self.stdout.write(
            gettext("%(portal_name)s is at %(address)s (Ctrl-C stops it)")
            % {"portal_name": portal_name(), "address": address}
        )
        self.stdout.flush()
