"""`python -m tests.bench.content 100000`: a portal with so many symptoms, in the folder DATA_DIR or at DATABASE_URL.

The first content, and generated symptoms beside it: a guide for every hundred, three checks each, causes that ten
symptoms share on average, an FAQ entry for every hundred. Written in bulk, by the models' own rules: help numbers are
given out by the book, constraints and triggers hold, and the search index is made, unless `--without-search` is said.
Only the history is left out: it is on no public page.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

PORTION = 2_000
SYMPTOMS_OF_A_GUIDE = 100
CHECKS = 3
SYMPTOMS_OF_A_CAUSE = 10
CATEGORIES = 8

Say = Callable[[str], None]


def generate(symptoms: int, say: Say, *, with_search: bool = True) -> None:
    """Brings the portal to so many symptoms. The database is there and migrated; its first content too."""
    from django.db import transaction

    from helpdesk.guides.models import Symptom

    there = Symptom.objects.count()
    if symptoms > there:
        made = Generated(symptoms - there, f"bench-{there}")
        for what, portion in made.portions():
            with transaction.atomic():
                portion()
            say(what)
    if with_search:
        make_search_index(say)
    gather_statistics()


def make_search_index(say: Say) -> None:
    from helpdesk.operations.startup import bring_search_in_step

    for line in bring_search_in_step():
        say(line)


def gather_statistics() -> None:
    """What PostgreSQL does by itself after a while, and SQLite when it is asked to."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Generated:
    """So many symptoms and what belongs to them, the same ones each time; their slugs begin with the prefix."""

    def __init__(self, symptoms: int, prefix: str) -> None:
        self.symptoms = symptoms
        self.prefix = prefix
        self.random = random.Random(20261125)
        letters = "bcdfghklmnprstvw"
        self.words = [
            "".join(self.random.choice(letters) + self.random.choice("aeiou") for _ in range(3)) for _ in range(6_000)
        ]
        self.guides: list[Any] = []
        self.causes: list[Any] = []

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, k=words)).capitalize()

    def body(self, sentences: int) -> str:
        """A long text in Markdown, with a list in it."""
        lines = [f"- {self.text(6)}" for _ in range(3)]
        return "\n\n".join([". ".join(self.text(9) for _ in range(sentences)) + ".", "\n".join(lines), self.text(12)])

    def portions(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What is written in one transaction each, and what to say of it."""
        yield "Guides and causes", self._store_what_is_shared
        for start in range(0, self.symptoms, PORTION):
            count = min(PORTION, self.symptoms - start)
            yield (
                f"{start + count:,} of {self.symptoms:,} symptoms",
                lambda start=start, count=count: self._store(start, count),
            )  # type: ignore[misc]

    def _store_what_is_shared(self) -> None:
        from django.db.models import QuerySet
        from django.utils import timezone

        from helpdesk.faq.models import FaqCategory, FaqEntry
        from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution

        now = timezone.now()
        contact = ContactPoint.objects.order_by("position").first()
        resolutions = QuerySet(Resolution).bulk_create(
            [
                Resolution(
                    slug=f"{self.prefix}-r{n}",
                    title=self.text(4),
                    body=self.body(3),
                    contact_point=contact,
                    updated_at=now,
                )
                for n in range(max(1, self.symptoms // 25))
            ],
            batch_size=PORTION,
        )
        self.causes = self._numbered(
            Cause,
            [
                {
                    "slug": f"{self.prefix}-c{n}",
                    "title": self.text(6),
                    "how_to_check": self.body(2),
                    "minutes": self.random.randint(1, 9),
                    "resolution": resolutions[n % len(resolutions)],
                }
                for n in range(max(CHECKS, self.symptoms * CHECKS // SYMPTOMS_OF_A_CAUSE))
            ],
        )
        self.guides = self._numbered(
            Guide,
            [
                {
                    "slug": f"{self.prefix}-g{n}",
                    "title": self.text(6),
                    "short_title": self.text(2),
                    "introduction": self.body(2),
                    "position": 100,
                    "publish_at": now,
                }
                for n in range(-(-self.symptoms // SYMPTOMS_OF_A_GUIDE))
            ],
        )
        categories = self._numbered(
            FaqCategory,
            [{"slug": f"{self.prefix}-t{n}", "title": self.text(3), "position": 100} for n in range(CATEGORIES)],
        )
        self._numbered(
            FaqEntry,
            [
                {
                    "slug": f"{self.prefix}-e{n}",
                    "question": self.text(8) + "?",
                    "answer": self.body(5),
                    "category": categories[n % CATEGORIES],
                    "publish_at": now,
                }
                for n in range(self.symptoms // 100)
            ],
        )

    def _store(self, start: int, count: int) -> None:
        from django.db.models import QuerySet
        from django.utils import timezone

        from helpdesk.guides.models import Check, Symptom

        now = timezone.now()
        symptoms = self._numbered(
            Symptom,
            [
                {
                    "guide": self.guides[n // SYMPTOMS_OF_A_GUIDE],
                    "slug": f"{self.prefix}-s{n}",
                    "title": self.text(7),
                    "message": self.text(5),
                    "keywords": ", ".join(self.text(1) for _ in range(4)),
                    "introduction": self.body(1),
                    "position": n % SYMPTOMS_OF_A_GUIDE,
                    "publish_at": now,
                }
                for n in range(start, start + count)
            ],
        )
        QuerySet(Check).bulk_create(
            [
                Check(symptom=symptom, cause=cause, position=place)
                for symptom in symptoms
                for place, cause in enumerate(self.random.sample(self.causes, CHECKS), start=1)
            ],
            batch_size=PORTION,
        )

    def _numbered(self, model: Any, rows: Sequence[dict[str, Any]]) -> list[Any]:
        """Stores records of a kind that has help numbers: the next ones of the book, reserved in one go."""
        from django.db.models import Max, QuerySet
        from django.utils import timezone

        from helpdesk.addresses.models import HelpNumber

        highest = HelpNumber.objects.aggregate(highest=Max("number"))["highest"] or 1000
        numbers = range(highest + 1, highest + 1 + len(rows))
        HelpNumber.objects.bulk_create(
            [HelpNumber(number=number, kind=model.address_kind) for number in numbers], batch_size=PORTION
        )
        now = timezone.now()
        records = [model(number=number, updated_at=now, **row) for number, row in zip(numbers, rows, strict=True)]
        return list(QuerySet(model).bulk_create(records, batch_size=PORTION))


def main(arguments: Sequence[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()
    from helpdesk.operations import startup

    sizes = [int(argument) for argument in arguments if argument.isdecimal()]
    if len(sizes) != 1:
        raise SystemExit("How many symptoms? For example: python -m tests.bench.content 1000")
    started = perf_counter()
    startup.prepare_database()
    startup.load_first_content()
    startup.collect_static_files()

    def say(line: str) -> None:
        print(f"{perf_counter() - started:6.0f} s  {line}", file=sys.stderr, flush=True)

    generate(sizes[0], say, with_search="--without-search" not in arguments)
    say("done")


if __name__ == "__main__":
    main(sys.argv[1:])
