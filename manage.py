#!/usr/bin/env python
"""Django's command line for the help portal."""

import os
import signal
import sys


def main() -> None:
    if sys.argv[1:2] == ["start"]:
        # Until the server takes Ctrl-C over it ends the process, at once. As an exception it may come in the middle of
        # an import, and some libraries swallow what comes there.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

    from django.core.management import execute_from_command_line

    from helpdesk.environment import WrongSetting

    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
