#!/usr/bin/env python
"""Django's command line for the help portal."""

import os
import sys

from django.core.management import execute_from_command_line

from helpdesk.environment import WrongSetting


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
