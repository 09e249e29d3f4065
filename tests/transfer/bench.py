"""Benchmark (`make bench-bundles`): import of 10,000 generated records into an empty portal, and export.

    python -m tests.transfer.bench [number of records]

On SQLite, and on PostgreSQL where it is installed, each in a database of its own, by the commands that operators use.
What comes out is compared with what went in, byte for byte.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

PROJECT = Path(__file__).resolve().parent.parent.parent
RECORDS = 10_000
MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def main(records: int) -> None:
    from tests.provide.postgresql import find_programs, running

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bundle = Path(folder) / "in.yaml"
        run(folder, {}, "-m", "tests.transfer.bench", "--make", str(bundle), str(records))
        print(f"{records:,} records, {bundle.stat().st_size / 1_000_000:.1f} MB of YAML")
        measure("SQLite", Path(folder), {})
        programs = find_programs()
        if programs is None:
            print("PostgreSQL is not on this machine.")
            return
        with running(programs) as address:
            measure("PostgreSQL", Path(folder), {"DATABASE_URL": address})


def run(folder: str | Path, environ: dict[str, str], *command: str) -> float:
    """Return the seconds a command took, start of Python included."""
    without = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    surroundings = without | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "helpdesk.settings"} | environ
    started = perf_counter()
    subprocess.run([sys.executable, *command], check=True, cwd=PROJECT, env=surroundings)
    return perf_counter() - started


def measure(name: str, folder: Path, environ: dict[str, str]) -> None:
    print(f"\n{name}", flush=True)
    given, back = folder / "in.yaml", folder / "out.yaml"
    run(folder, environ, "manage.py", "migrate", "-v0")
    taken = {
        "dry run": run(folder, environ, "manage.py", "import_content", str(given)),
        "import": run(folder, environ, "manage.py", "import_content", str(given), "--yes"),
        "export": run(folder, environ, "manage.py", "export_content", str(back), "--force"),
        "import again": run(folder, environ, "manage.py", "import_content", str(given), "--yes"),
    }
    for what, seconds in taken.items():
        print(f"  {what:14} {seconds:6.1f} s")
    print(f"  byte-identical: {given.read_bytes() == back.read_bytes()}", flush=True)
    run(folder, environ, "manage.py", "reindex", "--check")


def make(path: Path, records: int) -> None:
    """Write a bundle with so many records: a third symptoms, a third FAQ entries, the rest their parts."""
    import django

    django.setup()
    from helpdesk.transfer.bundle_writer import bundle_text

    path.write_text(bundle_text(Generated(records).content))


class Generated:
    def __init__(self, records: int) -> None:
        from helpdesk.transfer.records import ContentRecord, RecordSet
        from helpdesk.transfer.schema import record_specs

        specs = {spec.name: spec for spec in record_specs()}
        self.content = RecordSet()
        self.random = random.Random(7)
        letters = "bcdfghklmnprstvw"
        self.words = [
            "".join(self.random.choice(letters) + self.random.choice("aeiou") for _ in range(3)) for _ in range(8_000)
        ]
        number = 1001

        def add(kind_name: str, **given: object) -> str:
            nonlocal number
            spec = specs[kind_name]
            values = {field.name: field.default for field in spec.fields} | given
            if spec.is_addressed:
                values["number"] = number
                number += 1
            if "updated_at" in values:
                values["updated_at"] = MOMENT
            record = ContentRecord(spec, spec.key_of(values), values)
            self.content.add(record)
            return record.key

        symptoms = records * 3 // 10
        guides, entries, causes, resolutions = -(-symptoms // 60), records * 4 // 10, records * 15 // 100, records // 10
        contact = add("contact point", slug="desk", name="Desk", purpose="Everything.", email="desk@example.com")
        fixes = [
            add("resolution", slug=f"r{n:06}", title=self.text(4), body=self.body(50), contact_point=contact)
            for n in range(resolutions)
        ]
        checks = [
            add(
                "cause",
                slug=f"c{n:06}",
                title=self.text(5),
                how_to_check=self.body(30),
                resolution=fixes[n % resolutions],
            )
            for n in range(causes)
        ]
        places = [
            add("guide", slug=f"g{n}", title=self.text(5), short_title=self.text(2), position=n, publish_at=MOMENT)
            for n in range(guides)
        ]
        situations = []
        for n in range(guides):
            for place in range(60):
                if len(situations) == symptoms:
                    break
                situations.append(
                    add(
                        "symptom", guide=places[n], slug=f"s{place}", title=self.text(7), message=self.text(4),
                        keywords=", ".join(self.text(2) for _ in range(6)), introduction=self.body(15), position=place,
                        causes=tuple(self.random.sample(checks, 3)), publish_at=MOMENT,
                    )
                )  # fmt: skip
        topics = [add("FAQ category", slug=f"t{n}", title=self.text(3), position=n) for n in range(20)]
        for n in range(entries):
            add(
                "FAQ entry", category=topics[n // (entries // 20 + 1)], slug=f"e{n}", question=self.text(7), position=n,
                answer=self.body(80), keywords=self.text(8), publish_at=MOMENT,
                related_symptoms=(self.random.choice(situations),),
            )  # fmt: skip
        for n in range(max(0, records - len(self.content))):
            add("synonym", words=f"word{n:05} {self.text(1)}", means=self.text(2))

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, k=words)).capitalize()

    def body(self, words: int) -> str:
        """Return paragraphs with a list, as editors write them."""
        points = "\n".join(f"{place}. {self.text(6)}." for place in range(1, 4))
        return f"{self.text(words // 2)}.\n\n{points}\n\n{self.text(words // 2)}."


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else RECORDS)
