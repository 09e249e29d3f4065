"""Rules of the publish check for the Technical FAQ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.addresses.page_index import Span, Way, directory, ways_of
from helpdesk.addresses.publish_rules import slug_problems, text_problems
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.publishcheck.problems import Problem, Severity, own_moment, rules_for
from helpdesk.publishcheck.text_rules import hard_reading, keyword_problems, review_problems


def categories() -> QuerySet[FaqCategory]:
    return FaqCategory.objects.prefetch_related("entries")


def category_from(category: FaqCategory) -> datetime | None:
    """The moment from which the first of its questions is public."""
    moments = (own_moment(entry) for entry in category.entries.all())
    return min((moment for moment in moments if moment), default=None)


@ways_of("category")
def ways_of_categories() -> dict[int, list[Way]]:
    """A category is public while one of its questions is."""
    ways: dict[int, list[Way]] = defaultdict(list)
    rows = FaqEntry.objects.order_by().values_list("category__number", "number", "publish_at", "archive_at")
    for category, number, since, until in rows:
        ways[category].append((Span(number, since, until),))
    return ways


@rules_for(FaqCategory, records=categories, public_from=category_from)
def category_problems(category: FaqCategory, at: datetime | None) -> Iterator[Problem]:
    together = frozenset({category.number})
    yield from slug_problems(category)
    yield from text_problems(category, "introduction", at=at, together=together)


def entries() -> QuerySet[FaqEntry]:
    related = Prefetch("related_symptoms", Symptom.objects.only("number", "title"))
    return FaqEntry.objects.prefetch_related(related)


@rules_for(FaqEntry, records=entries)
def entry_problems(entry: FaqEntry, at: datetime | None) -> Iterator[Problem]:
    at = at or timezone.now()
    yield from slug_problems(entry)
    yield from text_problems(entry, "answer", at=at, together=frozenset({entry.number}))
    yield from related_problems(entry, entry.related_symptoms.all() if entry.pk else (), at)
    yield from keyword_problems(entry)
    yield from review_problems(entry)
    yield from hard_reading(entry, entry.question, entry.answer)


def related_problems(entry: FaqEntry, symptoms: Iterable[Symptom], at: datetime) -> Iterator[Problem]:
    """Related situations that the answer does not name, since visitors do not see them."""
    for symptom in symptoms:
        page = directory().by_number("symptom", symptom.number)
        if page is not None and page.hidden(at) is not None:
            text = _("The related situation “%(name)s” is not public, so the answer does not name it.")
            text %= {"name": symptom}
            yield Problem("hidden-related-symptom", text, entry, "related_symptoms", Severity.WARNING)
