"""Edits by lot, and after each of them no kept page that is not the fresh one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.redirects.models import Redirect
from tests import factories
from tests.pagecache.asking import Server

TEXTS = {
    Guide: ("title", "short_title"),
    Symptom: ("title", "message", "introduction"),
    Cause: ("title", "how_to_check"),
    Resolution: ("title", "body"),
    ContactPoint: ("name", "purpose"),
    FaqEntry: ("question", "answer"),
    FaqCategory: ("title",),
}
PAGES = (Guide, Symptom, FaqEntry)


class TakenBackError(Exception):
    """Ends a transaction whose changes are not to stay."""


class Editor:
    """Changes content by lot, in every way in which content can be changed."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)
        self.number = 0
        self.slugs: set[tuple[str, ...]] = set()

    def edit(self) -> str:
        """Makes one edit, alone or among several in one transaction, kept or taken back; returns what it was."""
        ways = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        way: Callable[[], None] = self.lot.choice(ways)
        ending = self.lot.choice(["", "", "", "together", "rollback", "savepoint"])
        with suppress(IntegrityError, TakenBackError, models.ProtectedError, models.RestrictedError):
            if not ending:
                way()
            else:
                with transaction.atomic():
                    way()
                    if ending == "savepoint":
                        with suppress(TakenBackError), transaction.atomic():
                            self.do_texts()
                            raise TakenBackError
                    elif ending == "together":
                        self.do_texts()
                    else:
                        raise TakenBackError
        return f"{way.__name__} {ending}"

    def word(self) -> str:
        self.number += 1
        return f"Word {self.number} {self.lot.randrange(1000)}"

    def one(self, model: Any) -> Any:
        return self.lot.choice(list(model.objects.order_by("pk")) or [None])

    def do_texts(self) -> None:
        model = self.lot.choice(list(TEXTS))
        record = self.one(model)
        if record is not None:
            setattr(record, self.lot.choice(TEXTS[model]), self.word())
            record.save()

    def do_update(self) -> None:
        model = self.lot.choice(list(TEXTS))
        model.objects.update(**{self.lot.choice(TEXTS[model]): self.word()})

    def do_bulk_update(self) -> None:
        records = list(Cause.objects.all()[:3])
        for record in records:
            record.title = self.word()
        Cause.objects.bulk_update(records, ["title"])

    def do_sql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE guides_resolution SET body = %s", [self.word()])

    def do_create(self) -> None:
        factories.make_symptom(guide=self.one(Guide), title=self.word(), slug=f"new-{self.number}")
        self.one(Symptom).checks.first()

    def do_create_entry(self) -> None:
        factories.make_faq_entry(question=self.word(), slug=f"new-{self.number}", category=self.one(FaqCategory))

    def do_bulk_create(self) -> None:
        ContactPoint.objects.bulk_create([ContactPoint(slug=f"c-{self.number}-x", name=self.word(), purpose="X")])

    def do_delete(self) -> None:
        model = self.lot.choice([Check, Symptom, FaqEntry, ContactPoint])
        if model.objects.count() > 3:
            self.one(model).delete()

    def do_moments(self) -> None:
        page = self.one(self.lot.choice(PAGES))
        now = timezone.now()
        name, moment = self.lot.choice(
            [
                ("publish_at", None),
                ("publish_at", now - timedelta(days=1)),
                ("publish_at", now + timedelta(days=1)),
                ("archive_at", None),
                ("archive_at", now - timedelta(hours=1)),
                ("archive_at", now + timedelta(hours=1)),
            ]
        )
        type(page).objects.filter(pk=page.pk).update(**{name: moment})

    def do_rename(self) -> None:
        page = self.one(self.lot.choice(PAGES))
        type(page).objects.filter(pk=page.pk).update(slug=f"renamed-{self.lot.randrange(4)}-{page.pk}")

    def do_move(self) -> None:
        symptom = self.one(Symptom)
        Symptom.objects.filter(pk=symptom.pk).update(guide=self.one(Guide))

    def do_reorder(self) -> None:
        for check in self.one(Symptom).checks.all():
            Check.objects.filter(pk=check.pk).update(position=self.lot.randrange(1, 10_000))

    def do_relate(self) -> None:
        self.one(FaqEntry).related_symptoms.set(self.lot.sample(list(Symptom.objects.order_by("pk")), 2))

    def do_redirect(self) -> None:
        self.number += 1
        Redirect.objects.create(path=f"/faq/dead-{self.number}/", target_id=self.one(Guide).number)

    def addresses(self) -> list[tuple[str, str]]:
        """Path and query of every public page there is or was, in a fixed order."""
        for symptom in Symptom.objects.select_related("guide"):
            self.slugs.add((symptom.guide.slug, symptom.slug))
        return sorted(set(self._addresses()))

    def _addresses(self) -> Iterator[tuple[str, str]]:
        yield from ((path, "") for path in ("/", "/contact/", "/faq/", "/feed/", "/sitemap.xml"))
        for guide, symptom in self.slugs:
            page = f"/guides/{guide}/{symptom}/"
            causes = list(Cause.objects.filter(checks__symptom__slug=symptom).values_list("slug", flat=True))
            yield from ((f"/guides/{guide}/", ""), (f"/guides/{guide}/none/", ""), (page, ""), (f"{page}all/", ""))
            for cause in causes:
                yield f"{page}check/{cause}/", ""
                yield f"{page}contact/", f"no={cause}"
                yield f"{page}fixed/", f"by={cause}"
        yield from ((f"/faq/{slug}/", "") for slug in FaqEntry.objects.values_list("slug", flat=True))
        yield from ((f"/faq/topic/{slug}/", "") for slug in FaqCategory.objects.values_list("slug", flat=True))


def content() -> None:
    """A small portal in which everything is shared by something."""
    contact = factories.make_contact_point()
    resolutions = [factories.make_resolution(slug=f"r-{n}", contact_point=contact) for n in range(2)]
    causes = [factories.make_cause(slug=f"c-{n}", resolution=resolutions[n % 2]) for n in range(3)]
    guides = [factories.make_guide(slug=f"g-{n}", title=f"Guide {n}") for n in range(3)]
    for n in range(4):
        factories.make_symptom(guide=guides[n % 2], slug=f"s-{n}", causes=causes[: n % 3 + 1])
    factories.make_symptom(guide=guides[0], slug="onward", leads_to=guides[2])
    topic = factories.make_faq_category(slug="t")
    for n in range(4):
        factories.make_faq_entry(slug=f"e-{n}", category=topic)


def stale_pages(edits: int, seed: int, sample: int = 6) -> tuple[list[str], int, int]:
    """Problem after any of so many edits (nothing, one hopes), the pages compared, those that were kept."""
    content()
    server, editor = Server(), Editor(seed)
    wrong, compared, kept = [], 0, 0
    for number in range(edits):
        edit = editor.edit()
        server.tell_all()
        addresses = editor.addresses()
        for path, query in editor.lot.sample(addresses, min(sample, len(addresses))):
            server.ask(path, query=query)
            asked = server.asked
            status, headers, body = server.ask(path, query=query)
            kept += server.asked == asked
            there, fresh_headers, fresh = server.fresh(path, query)
            compared += 1
            same = (status, headers.get("Location"), body) == (there, fresh_headers.get("Location"), fresh)
            if not same:
                wrong.append(f"edit {number} ({edit}): {path}?{query} {status} {there}")
    return wrong, compared, kept
