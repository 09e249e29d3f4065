"""`make bench-search`: how well the search finds what customers mean, and what it costs, beside the plain engine.

    python -m tests.search.bench [number of documents ...]

On SQLite, and on PostgreSQL where it is installed, each in a database of its own. Relevance: the judged sets on the
first content. Times: generated documents, half symptoms with three shared causes, half FAQ entries; words drawn by
Zipf's law from 30,000. Each query is asked of the plain engine, of our index and of the whole search one after the
other, so that what else the machine does falls on all alike; figures are ratios to the plain engine's median and 99th
percentile. The plain engine is asked for all of the words and, where no page has them, for some, as for relevance.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import StringIO
from itertools import accumulate, islice
from pathlib import Path
from time import perf_counter
from typing import Any

SIZES = (1_000, 10_000, 100_000)
PROJECT = Path(__file__).resolve().parent.parent.parent
QUERIES = 60  # of each class
ROUNDS, ROUNDS_WITH_MANY = 5, 2  # with 100,000 documents the plain engine takes a second for some queries


def main(sizes: list[int]) -> None:
    from tests.provide.postgresql import find_programs, running

    measure_in_a_process("SQLite", {}, sizes)
    programs = find_programs()
    if programs is None:
        print("PostgreSQL is not on this machine.")
        return
    with running(programs) as address:
        measure_in_a_process("PostgreSQL", {"DATABASE_URL": address}, sizes)


def measure_in_a_process(name: str, environ: dict[str, str], sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        without = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        surroundings = without | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "helpdesk.settings"} | environ
        command = [sys.executable, "-m", "tests.search.bench", "--measure", name, *map(str, sizes)]
        subprocess.run(command, check=True, cwd=PROJECT, env=surroundings)


def measure(name: str, sizes: list[int]) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_first_content", verbosity=0, stdout=StringIO())
    relevance(name)
    for size in sizes:
        times(name, size)


# Relevance


def relevance(database: str) -> None:
    from helpdesk.search.documents import search_texts
    from tests.search import plain_engine
    from tests.search.judging import SETS, address, judge, our_search

    plain_engine.build(search_texts())

    def plain(query: str) -> list[str]:
        return [address(path) for path in plain_engine.search(query)]

    for name in SETS:
        ours, misses = judge(name, our_search)
        base, _ = judge(name, plain)
        print(f"\n{database}, {name} queries      ours: first  in 3   MRR     plain: first  in 3   MRR")
        for kind, score in ours.items():
            figures = "   ".join(f"{figure:.3f}" for figure in score.figures)
            beside = "   ".join(f"{figure:.3f}" for figure in base[kind].figures)
            print(f"  {kind:12} {score.queries:4d} queries        {figures}          {beside}")
        for line in misses:
            print(f"    not first: {line}")


# Times


def times(database: str, size: int) -> None:
    from django.db import connection
    from django.urls import set_urlconf

    generated = Generated(size)
    started = perf_counter()
    generated.store()
    seconds = perf_counter() - started
    print(f"\n{database}, {size:,} documents (made and indexed in {seconds:.0f} s)")
    print("                      plain engine ms     our index: ratio     whole search: ratio")
    print("  class                p50      p99          p50    p99           p50    p99")
    for kind, queries in generated.queries().items():
        plain, index, whole = measured(queries, generated.variants(), ROUNDS if size < 50_000 else ROUNDS_WITH_MANY)
        ratios = (index[0] / plain[0], index[1] / plain[1], whole[0] / plain[0], whole[1] / plain[1])
        shown = "{:12.2f} {:6.2f} {:13.2f} {:6.2f}".format(*ratios)
        print(f"  {kind:16} {plain[0]:8.2f} {plain[1]:8.2f} {shown}")
    bare, suggestions = measured(generated.beginnings(), [bare_view(), suggest], ROUNDS)
    set_urlconf(None)
    print(
        f"  suggestions      {suggestions[0]:.3f} ms, p99 {suggestions[1]:.3f}; a bare view {bare[0]:.3f} ms: "
        f"ratio of medians {suggestions[0] / bare[0]:.2f}"
    )
    connection.close()


def measured(queries: list[str], variants: list[Callable[[str], Any]], rounds: int) -> list[tuple[float, float]]:
    """Median and 99th percentile in milliseconds for each way to answer, all asked the same in turn."""
    for way in variants:
        for query in queries[:5]:
            way(query)
    taken: list[list[float]] = [[] for _ in variants]
    for _ in range(rounds):
        for query in queries:
            for way, into in zip(variants, taken, strict=True):
                started = perf_counter()
                way(query)
                into.append((perf_counter() - started) * 1000)
    return [(percentile(into, 50), percentile(into, 99)) for into in taken]


def percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def bare_view() -> Callable[[str], Any]:
    """Django's whole way to a view that answers with a constant: no middleware, no database, no other address."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory, override_settings
    from django.urls import path

    module: Any = type(sys)("bare_urls")
    module.urlpatterns = [path("", lambda request: HttpResponse("x" * 10_000))]
    sys.modules["bare_urls"] = module

    class Bare(WSGIHandler):
        def resolve_request(self, request: HttpRequest) -> Any:
            request.urlconf = "bare_urls"  # type: ignore[attr-defined]
            return super().resolve_request(request)

    with override_settings(MIDDLEWARE=[]):
        handler = Bare()
    environ = RequestFactory(SERVER_NAME="localhost")._base_environ(PATH_INFO="/")
    return lambda _: b"".join(handler(dict(environ), lambda *_: None))


def suggest(typed: str) -> Any:
    from helpdesk.search.query import suggest

    return suggest(typed)


class Generated:
    """Documents whose words are as unevenly frequent as those of a language, and queries for them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.random = random.Random(7)
        letters = "bcdfghklmnprstvw"
        made: set[str] = set()
        while len(made) < 30_000:
            made.add(
                "".join(
                    self.random.choice(letters) + self.random.choice("aeiou") for _ in range(self.random.randint(2, 4))
                )
                + self.random.choice("nrst")
            )
        self.words = sorted(made)
        self.random.shuffle(self.words)
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.words))))
        self.titles: list[str] = []

    def text(self, least: int, most: int) -> str:
        count = self.random.randint(least, most)
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=count))

    def store(self) -> None:
        from django.db import connection, transaction
        from django.utils import timezone

        from helpdesk.faq.models import FaqCategory, FaqEntry
        from helpdesk.guides.models import Cause, Check, Guide, Resolution, Symptom
        from helpdesk.search import documents, index
        from helpdesk.search.documents import search_texts
        from helpdesk.search.models import SearchDocument, SearchWord, StaleDocument
        from tests.search import plain_engine

        documents.plain = str  # type: ignore[assignment]  # there is no Markdown in these texts, so none is rendered
        for model in (Check, Symptom, FaqEntry, FaqCategory, Guide, Cause, Resolution, SearchDocument, SearchWord):
            model.objects.all().delete()
        now = timezone.now()
        with transaction.atomic():
            guides = [
                Guide.objects.create(slug=f"g{n}", title=self.text(3, 6), short_title=self.text(1, 2), publish_at=now)
                for n in range(20)
            ]
            causes = []
            for n in range(300):
                resolution = Resolution.objects.create(slug=f"r{n}", title=self.text(3, 6), body=self.text(30, 60))
                causes.append(
                    Cause.objects.create(
                        slug=f"c{n}", title=self.text(3, 7), how_to_check=self.text(20, 40), resolution=resolution
                    )
                )
            topic = FaqCategory.objects.create(slug="t", title=self.text(2, 3))
            base = 10_000 + self.size * 10
            symptoms = [
                Symptom(
                    guide=guides[n % 20], slug=f"s{n}", number=base + n, title=self.text(4, 9), publish_at=now,
                    message=self.text(3, 6), keywords=", ".join(self.text(1, 2) for _ in range(6)),
                    introduction=self.text(10, 20), updated_at=now,
                )
                for n in range(self.size // 2)
            ]  # fmt: skip
            Symptom.objects.bulk_create(symptoms, batch_size=1_000)
            checks = [
                Check(symptom=symptom, cause=cause, position=place)
                for symptom in symptoms
                for place, cause in enumerate(self.random.sample(causes, 3), start=1)
            ]
            Check.objects.bulk_create(checks, batch_size=1_000)
            entries = [
                FaqEntry(
                    category=topic, slug=f"e{n}", number=base + self.size + n, question=self.text(4, 9), publish_at=now,
                    answer=self.text(60, 120), keywords=", ".join(self.text(1, 2) for _ in range(6)), updated_at=now,
                )
                for n in range(self.size - self.size // 2)
            ]  # fmt: skip
            FaqEntry.objects.bulk_create(entries, batch_size=1_000)
            StaleDocument.objects.all().delete()
        self.titles = [symptom.title for symptom in symptoms] + [entry.question for entry in entries]
        self.messages = [symptom.message for symptom in symptoms]
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS plain")
        plain_engine.build([])
        pages = search_texts()
        done = 0
        while portion := list(islice(pages, 1_000)):
            with transaction.atomic():
                index.store(portion, [page.number for page in portion])
                plain_engine.add(portion)
            done += len(portion)
            print(f"\r  {done:,} of {self.size:,}", end="", file=sys.stderr)
        print(file=sys.stderr)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def queries(self) -> dict[str, list[str]]:
        choose = self.random.choice
        common = self.words[:300]
        middling = self.words[300:3_000]
        return {
            "message pasted": [f"Error: {choose(self.messages)}!!! (code 17)" for _ in range(QUERIES)],
            "words of a title": [" ".join(choose(self.titles).split()[:3]) for _ in range(QUERIES)],
            "one middling word": [choose(middling) for _ in range(QUERIES)],
            "two common words": [f"{choose(common)} {choose(common)}" for _ in range(QUERIES)],
            "misspelled": [self.misspelled(choose(self.titles)) for _ in range(QUERIES)],
            "half-typed": [choose(self.titles)[:-2] for _ in range(QUERIES)],
        }

    def misspelled(self, title: str) -> str:
        first, second, *_ = title.split()
        at = self.random.randint(1, len(second) - 2)
        return f"{first} {second[:at]}{second[at + 1]}{second[at]}{second[at + 2 :]}"

    def beginnings(self) -> list[str]:
        return [self.random.choice(self.titles)[: self.random.randint(3, 12)] for _ in range(4 * QUERIES)]

    def variants(self) -> list[Callable[[str], Any]]:
        from helpdesk.search.query import candidates, search
        from helpdesk.search.query_expansion import add_corrections, expand
        from helpdesk.search.tokens import clean, parse
        from tests.search import plain_engine

        def our_index(query: str) -> Any:
            expanded = expand(parse(clean(query)))
            if expanded.unknown:
                add_corrections(expanded)
            return candidates(expanded, "")

        return [plain_engine.search, our_index, search]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], [int(size) for size in sys.argv[3:]])
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
