"""`python -m tests.survival [--kills 60] [--postgresql]`: what `kill -9` costs visitors."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.provide import postgresql
from tests.survival import killing

LONGEST_WAIT = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.survival", description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own, with its defaults")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-")))
        database = ""
        if given.postgresql:
            programs = postgresql.provide()
            if programs is None:
                print("PostgreSQL is not on this machine (Debian: apt install postgresql).")
                return 1
            database = stack.enter_context(postgresql.running(programs, settings=()))
        result = killing.run(folder, database, given.kills)
    print(f"kills            {result.kills}")
    print(f"acknowledged     {result.acknowledged} posts")
    print(f"lost, doubled    {result.lost}, {result.doubled}")
    print(f"never answered   {result.unanswered}")
    print(f"reads            {result.reads}")
    print(f"pressed again    {result.presses_again}")
    print(f"longest wait     {result.longest_wait} seconds, from the first press to the answer")
    harmless = not (result.lost or result.doubled or result.unanswered)
    return 0 if harmless and max(result.longest_wait.values()) <= LONGEST_WAIT else 1


if __name__ == "__main__":
    sys.exit(main())
