"""Rules of the publish check for the Technical FAQ, in addition to the common rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.page_index import PublicationWindow, Windows, page_index, publication_windows
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.publishcheck.rules import load_for_check, own_moment, rules_for
from helpdesk.publishcheck.text_rules import hard_reading

HIDDEN_SYMPTOM = ProblemMessage(
    "hidden-related-symptom",
    _("The related situation “%(name)s” isn't public, so it's not shown with the answer."),
    Severity.WARNING,
)


def categories() -> QuerySet[FaqCategory]:
    return FaqCategory.objects.prefetch_related("entries")


def category_from(category: FaqCategory) -> datetime | None:
    """Return the moment from which the first of its questions is public."""
    moments = (own_moment(entry) for entry in category.entries.all())
    return min((moment for moment in moments if moment), default=None)


@publication_windows("category")
def category_windows() -> dict[int, list[Windows]]:
    """Return the entries of each category: it is public while one of them is."""
    windows: dict[int, list[Windows]] = defaultdict(list)
    rows = FaqEntry.objects.order_by().values_list("category__number", "number", "publish_at", "archive_at")
    for category, number, since, until in rows:
        windows[category].append((PublicationWindow(number, since, until),))
    return windows


def entries() -> QuerySet[FaqEntry]:
    related = Prefetch("related_symptoms", Symptom.objects.only("number", "title"))
    return FaqEntry.objects.prefetch_related(related)


load_for_check(FaqCategory, categories, category_from)
load_for_check(FaqEntry, entries)


@rules_for(FaqEntry)
def entry_problems(entry: FaqEntry, context: CheckContext) -> Iterator[Problem]:
    """Yield related situations that the answer does not name, since visitors do not see them, and hard reading."""
    for symptom in entry.related_symptoms.all() if entry.pk else ():
        page = page_index(context).by_number("symptom", symptom.number)
        if page is not None and page.hidden_by(context.moment) is not None:
            yield HIDDEN_SYMPTOM.on(entry, "related_symptoms", name=str(symptom))
    yield from hard_reading(entry, context, entry.question, entry.answer)
