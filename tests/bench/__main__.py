"""`make bench`: what a page costs, beside a bare Django view and nginx. docs/benchmarks.md has the method.

python -m tests.bench [--seconds S] [--rounds R] [number of symptoms ...]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from tests.bench import load, sides
from tests.bench.sides import PROJECT, Side

SIZES = (22, 1_000, 100_000)
GUIDE = "/guides/trading-platform-login/"
# The first content's longest symptom page; it is there at every size.
SYMPTOM = f"{GUIDE}invalid-username-password/"
PAGES = {
    "symptom": SYMPTOM,
    "check": f"{SYMPTOM}check/account-not-approved/",
    "guide": GUIDE,
    "home": "/",
    "FAQ": "/faq/",
    "feed": "/feed/",
    "sitemap": "/sitemap.xml",
}
CACHE_MB = 64


@dataclass
class Row:
    """One side: the page, how it is asked for, and what came out in each round."""

    side: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)


def main(arguments: Sequence[str]) -> None:
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="symptoms")
    options.add_argument("--seconds", type=float, default=2.0, help="of each measurement over the wire")
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args(arguments)
    cores = sorted(os.sched_getaffinity(0))
    print(f"Server on core {cores[0]}, {load.generator()} on core {cores[-1]}; medians of {chosen.rounds} rounds.")
    if len(cores) == 1:
        print("There is one core only, so both share it: the figures per second mean little.")
    if sides.nginx_program() is None:
        print("nginx is not installed (Debian: apt install nginx), so its side is left out.")
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            print(f"\n{size:,} symptoms", flush=True)
            fill(Path(folder), size)
            over_the_wire(Path(folder), cores, chosen.seconds, chosen.rounds)
            in_process(Path(folder), cores[0], chosen.rounds)
            memory(Path(folder), cores[0])


def of_portal(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}


def fill(folder: Path, size: int) -> None:
    """Makes the content; no search index, as no page that is measured reads it."""
    command = [sys.executable, "-m", "tests.bench.content", str(size), "--without-search"]
    subprocess.run(command, check=True, cwd=PROJECT, env=of_portal(folder))
    # So that `manage.py start` does not index 100,000 pages before it serves.
    forget = "from helpdesk.search.models import StaleDocument; StaleDocument.objects.all().delete()"
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", forget], check=True, cwd=PROJECT, env=of_portal(folder)
    )


def over_the_wire(folder: Path, cores: list[int], seconds: float, rounds: int) -> None:
    core = cores[0]
    started = {
        "bare": sides.bare(core),
        "cached": sides.portal(core, folder, cache_mb=CACHE_MB),
        "uncached": sides.portal(core, folder, cache_mb=0),
    }
    with sides.running(started):
        body, tag = fetch(started["cached"].address + SYMPTOM)
        rows = {
            "bare Django view": Row("bare"),
            "cached page": Row("cached"),
            "cached page, brotli": Row("cached", {"Accept-Encoding": "br"}),
            "cached page, 304": Row("cached", {"If-None-Match": tag}, status=304),
            "uncached page": Row("uncached"),
        }
        if sides.nginx_program():
            server = sides.nginx(core, folder / "nginx", body)
            with sides.running({"nginx": server}):
                rows["nginx, the page as a file"] = Row("nginx")
                rounds_of(rows, started | {"nginx": server}, cores[-1], seconds, rounds)
        else:
            rounds_of(rows, started, cores[-1], seconds, rounds)
    show(rows)


def fetch(url: str) -> tuple[bytes, str]:
    """The page as it is, and its tag."""
    with urlopen(Request(url)) as answered:
        return answered.read(), answered.headers["ETag"]


def rounds_of(rows: dict[str, Row], started: dict[str, Side], core: int, seconds: float, rounds: int) -> None:
    """All sides in turn, again and again, so that what else the machine does falls on all alike."""
    for _ in range(rounds):
        for row in rows.values():
            side = started[row.side]
            before = side.seconds()
            rate = load.requests_in(side.address + SYMPTOM, seconds, core, row.headers, row.status)
            row.rates.append(rate)
            row.costs.append((side.seconds() - before) / max(rate * seconds, 1) * 1e6)


def show(rows: dict[str, Row]) -> None:
    bare = rows["bare Django view"]
    file = rows.get("nginx, the page as a file")
    print(f"  {'over the wire':28}{'requests/s':>11}{'x bare':>9}{'x nginx':>9}{'CPU us':>9}{'x bare':>9}")
    for name, row in rows.items():
        beside = f"{median(row.rates) / median(file.rates):9.2f}" if file else f"{'-':>9}"
        rate, cost = median(row.rates), median(row.costs)
        times, times_cost = rate / median(bare.rates), cost / median(bare.costs)
        print(f"  {name:28}{rate:11,.0f}{times:9.2f}{beside}{cost:9.0f}{times_cost:9.2f}", flush=True)


def in_process(folder: Path, core: int, rounds: int) -> None:
    """CPU of the application alone, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.inprocess", str(rounds), *PAGES.values()]
    said = subprocess.run(
        ["taskset", "-c", str(core), *command], check=True, cwd=PROJECT, env=of_portal(folder), capture_output=True
    )
    taken = json.loads(said.stdout)
    bare = taken.pop("bare")
    print(f"  {'in process, page cache off':28}{'CPU us':>11}{'x bare':>9}{'first render: us':>21}{'x bare':>9}")
    print(f"  {'bare Django view':28}{bare[0]:11.0f}{1:9.2f}")
    for name, path in PAGES.items():
        again, first = taken[path]
        print(f"  {name:28}{again:11.0f}{again / bare[0]:9.2f}{first:21.0f}{first / bare[1]:9.2f}", flush=True)
    if never_seen := taken.get("never seen"):
        print(
            f"  {'symptoms not rendered before':39}{'':9}{never_seen[0]:21.0f}{never_seen[0] / bare[1]:9.2f}",
            flush=True,
        )


def memory(folder: Path, core: int) -> None:
    """What a worker takes (PSS), of two that branched off one process; the portal's after it made its pages."""
    started = {
        "bare": sides.bare(core, workers=2),
        "portal": sides.portal(core, folder, cache_mb=CACHE_MB, workers=2),
    }
    with sides.running(started):
        for _ in range(20):
            for path in PAGES.values():
                fetch(started["portal"].address + path)
                fetch(started["bare"].address + path)
        bare, portal = started["bare"].memory(), started["portal"].memory()
    print(
        f"  memory of a worker: {portal:.0f} MB; of a bare one {bare:.0f} MB; "
        f"of 1.3 bare ones and the page cache's {CACHE_MB} MB {portal / (1.3 * bare + CACHE_MB):.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
