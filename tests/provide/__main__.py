"""`python -m tests.provide [what pytest takes]`: all tests, on SQLite with the browser and on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from typing import NoReturn

from tests.provide import browser, packages, postgresql

NO_TESTS_COLLECTED = 5


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    os.environ.pop("DATABASE_URL", None)

    selection = []
    if os.environ.get("WITHOUT_BROWSER") == "1":
        print("The tests in the real browser are left out, as WITHOUT_BROWSER=1 asks.", flush=True)
        selection = ["-m", "not browser"]
    elif path := browser.provide():
        os.environ["CHROMIUM"] = path
    else:
        print(browser.HOW_TO_GET_ONE, flush=True)
        return 1

    programs = postgresql.provide()
    if programs is None:
        print("PostgreSQL is not on this machine (Debian: apt install postgresql).", flush=True)
        if packages.in_ci():
            return 1
        print("The tests run on SQLite only.", flush=True)

    code = _run("SQLite", [*selection, *arguments])
    if code or programs is None:
        return code
    with postgresql.running(programs) as address:
        os.environ["DATABASE_URL"] = address
        # What the browser shows, and what uses no database, was tested above and is no different here.
        code = _run("PostgreSQL", ["-m", "database and not browser", *arguments])
    # A selection ("-k") may be of browser tests only.
    return 0 if arguments and code == NO_TESTS_COLLECTED else code


def _run(database: str, arguments: list[str]) -> int:
    print(f"\nTests on {database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="portal-shared-") as folder:
        variables = os.environ | {"PORTAL_TESTS_SHARED": folder}
        command = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
        return subprocess.run(command, env=variables, check=False).returncode


def _stop(number: int, frame: object) -> NoReturn:
    """Ends through all `finally` blocks."""
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
