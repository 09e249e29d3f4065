"""`python -m tests.provide [--all] [pytest's arguments]`: the tests on SQLite, with the browser, and on PostgreSQL.

On PostgreSQL run the tests that tests/databases.py names; with `--all` every test that uses a database. Ends with the
share of the lines of helpdesk/ that ran on SQLite; the processes that some tests start are not counted.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from tests import databases
from tests.provide import browser, packages, postgresql

NO_TESTS_COLLECTED = 5
# One more than the cores that CI has: many tests wait for a server or a browser that they started.
WORKERS = 3

# SlipCover takes its probes out of code that ran. coverage.py made the suite two thirds slower on Python 3.11.
MEASURED = ["-m", "slipcover", "--source", "helpdesk", "--omit", "*/migrations/*", "--json", "--out"]
# It is in memory before pytest looks for plugins, of which it is one.
UNMARKED_PLUGIN = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    os.environ.pop("DATABASE_URL", None)
    mark = "postgresql"
    if arguments[:1] == ["--all"]:
        mark, arguments = "database", arguments[1:]
        os.environ["PORTAL_TESTS_ALL"] = "1"

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

    with tempfile.TemporaryDirectory(prefix="portal-coverage-") as folder:
        report = Path(folder) / "coverage.json"
        # A few tests say nothing of all the code, and start sooner without the probes.
        measured = [] if arguments else [*MEASURED, str(report)]
        code = _run("SQLite", measured, [*selection, *arguments])
        if not code and programs is not None:
            with postgresql.running(programs) as address:
                os.environ["DATABASE_URL"] = address
                # What the browser shows was tested above and is no different here.
                chosen = arguments or (databases.files() if mark == "postgresql" else [])
                code = _run("PostgreSQL", [], ["-m", f"{mark} and not browser", *chosen])
            # A selection ("-k") may be of browser tests only.
            code = 0 if arguments and code == NO_TESTS_COLLECTED else code
        if report.exists():
            print(_coverage(report), flush=True)
    return code


def _run(database: str, measured: list[str], arguments: list[str]) -> int:
    print(f"\nTests on {database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="portal-shared-") as folder:
        variables = os.environ | {"PORTAL_TESTS_SHARED": folder}
        # Without compiled files each worker compiles all tests again: ten seconds each, for assertions are rewritten.
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        # Each worker takes its share of the files in one piece, so that what a file prepares is prepared once.
        workers = ["-n", str(WORKERS), "--dist", "worksteal"]
        command = [sys.executable, *measured, "-m", "pytest", *(UNMARKED_PLUGIN if measured else []), *workers]
        return subprocess.run([*command, *arguments], env=variables, check=False).returncode


def _coverage(report: Path) -> str:
    summary = json.loads(report.read_text())["summary"]
    lines = summary["covered_lines"] + summary["missing_lines"]
    return f"\nCoverage: {summary['percent_covered']:.1f} % of {lines:,} lines in helpdesk/ (on SQLite, in process)"


def _stop(number: int, frame: object) -> NoReturn:
    """Ends through all `finally` blocks."""
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
