"""The backup drill in full, with figures: `python -m tests.operations.backup [--postgresql] [--posts 900]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.operations.backup.drill import drill, must
from tests.provide import postgresql
from tests.survival import killing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.operations.backup")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--posts", type=int, default=900, help="acknowledged before and after the backup")
    parser.add_argument("--symptoms", type=int, default=0, help="generated content beside the first one")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-")))
        databases = ["", ""]
        if options.postgresql:
            programs = postgresql.provide()
            if programs is None:
                sys.exit("PostgreSQL is not installed.")
            databases = [stack.enter_context(postgresql.running(programs, settings=())) for _ in databases]
        (source := folder / "source").mkdir()
        if options.symptoms:
            print(f"making {options.symptoms} symptoms", flush=True)
            fill(source, databases[0], options.symptoms)
        with killing.serving(source, databases[0]) as portal:
            done = drill(portal, folder / "other", databases[1], posts=options.posts)
    for name, value in vars(done).items():
        print(f"{name.replace('_', ' '):18} {value}")
    return 1 if done.wrong else 0


def fill(folder: Path, database: str, symptoms: int) -> None:
    """Generated content, as the benchmarks use it."""
    must(folder, database, "migrate", "--verbosity=0")
    must(folder, database, "load_first_content")
    code = f"from tests.bench import content; content.generate({symptoms}, lambda text: None)"
    must(folder, database, "shell", "--verbosity=0", "--command", code)


if __name__ == "__main__":
    sys.exit(main())
