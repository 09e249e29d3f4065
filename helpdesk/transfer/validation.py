"""The publish check of what an import wrote, before it is there for all to see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.adminkit.progress import ProgressStep
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.rules import errors_of, is_archived, records_of
from helpdesk.transfer import history
from helpdesk.transfer.errors import MOST_FAULTS, Faults, Refused
from helpdesk.transfer.plan import Plan, Row, State

PAGES: dict[str, Any] = {"guide": Guide, "symptom": Symptom, "FAQ entry": FaqEntry}
# What symptoms show, and the way from a symptom to it.
SHOWN: dict[Any, str] = {
    Cause: "causes",
    Resolution: "causes__resolution",
    ContactPoint: "causes__resolution__contact_point",
}


class Broken(Refused):
    """Pages would be public that are not fit for it. They can be imported as drafts."""


def check(plan: Plan, written: Sequence[Row]) -> Iterator[ProgressStep]:
    """Looks at the pages that are or will be public and that the import wrote or changed.

    Raises Refused for a loop of guides, and Broken with everything that is wrong. In the import's own transaction.
    """
    refuse_loops()
    pages = _pages(plan, written)
    faults = Faults()
    found = 0
    # Each page is looked at by itself, and nobody reads warnings here.
    context = CheckContext(every_page=True, errors_only=True)
    for done, (page, only) in enumerate(pages, start=1):
        for problem in errors_of(page, context):
            if only is None or (type(problem.record), problem.record.pk) in only:
                faults.add(f"“{page}”", problem.text)
                found += 1
        if found > 2 * MOST_FAULTS:
            break
        yield ProgressStep(done, len(pages), _("pages checked"))
    try:
        faults.refuse()
    except Refused as refused:
        raise Broken(*refused.sentences) from None


def _pages(plan: Plan, written: Sequence[Row]) -> list[tuple[Any, set | None]]:
    """Each page to look at; with it the records whose problems count, or None for all.

    A page that only shows a changed cause is not held against the import for what was wrong with it before.
    """
    pages: dict[tuple[type, int], tuple[Any, set | None]] = {}

    def add(model: Any, lookup: str, keys: Sequence[Any], only: set | None = None) -> None:
        for batch in history.in_batches(keys):
            for page in _public(model).filter(**{f"{lookup}__in": batch}):
                if not is_archived(page):
                    pages.setdefault((model, page.pk), (page, only))

    for kind, model in PAGES.items():
        add(model, "number", [row.number for row in written if row.item.kind.name == kind])
    # What stands in a guide is public with it.
    opened = [row.number for row in written if row.item.kind.name == "guide" and is_new_to_visitors(row)]
    add(Symptom, "guide__number", opened)
    changed = {(row.item.kind.model, row.here.pk) for row in written if row.here and row.item.kind.model in SHOWN}
    for model, lookup in SHOWN.items():
        add(Symptom, lookup, [pk for changed_model, pk in changed if changed_model is model], changed)
    return list(pages.values())


def _public(model: Any) -> Any:
    """The pages of a kind that are no drafts, each once."""
    return records_of(model).filter(publish_at__isnull=False).order_by("number").distinct()


def is_new_to_visitors(row: Row) -> bool:
    return row.state is State.NEW or "publish_at" in row.changed


def refuse_loops() -> None:
    """Raises Refused, naming the guides, when visitors could come back to where they were. Two queries at most."""
    onward: dict[int, set[int]] = {}
    steps = Symptom.objects.exclude(leads_to=None).order_by("guide__number", "number")
    for guide, leads_to in steps.values_list("guide_id", "leads_to_id"):
        onward.setdefault(guide, set()).add(leads_to)
    loop = find_loop(onward)
    if loop:
        titles = dict(Guide.objects.filter(pk__in=loop).values_list("pk", "title"))
        way = " › ".join(titles[guide] for guide in loop)
        raise Refused(_("Visitors would go round in a circle: %(way)s.") % {"way": way})


def find_loop(onward: dict[int, set[int]]) -> list[int]:
    """The first way round in a graph, the beginning also at its end; empty where there is none."""
    finished: set[int] = set()
    for start in onward:
        way: list[int] = []
        todo: list[tuple[int, bool]] = [(start, False)]
        while todo:
            node, is_left = todo.pop()
            if is_left:
                way.pop()
                finished.add(node)
            elif node in way:
                return [*way[way.index(node) :], node]
            elif node not in finished:
                way.append(node)
                todo.append((node, True))
                todo += [(following, False) for following in sorted(onward.get(node, ()))]
    return []
