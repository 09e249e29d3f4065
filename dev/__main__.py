"""`python -m dev`: prepare the database in var-dev/ as `make run` does, then serve and reload what changes."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command

DEFAULTS = {
    "DATA_DIR": "var-dev",
    "DEBUG": "1",
    "DJANGO_SETTINGS_MODULE": "dev.settings",
    "PAGE_CACHE_MB": "0",  # it would show a page as the template was before
}


def main() -> None:
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    from helpdesk.environment import WrongSetting

    try:
        django.setup()
        prepare_once()
    except WrongSetting as refusal:
        sys.exit(str(refusal))

    from django.conf import settings

    call_command("runserver", f"{settings.HOST}:{settings.PORT}")


def prepare_once() -> None:
    """Do it in the process that watches the files, not in the one that is started again after each change."""
    if os.environ.get("RUN_MAIN") != "true":
        from helpdesk.management.commands.start import Command

        Command().prepare()


if __name__ == "__main__":
    main()
