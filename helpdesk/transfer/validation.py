"""Publish check of the pages that an import wrote or changed, before anybody sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext

from helpdesk.adminkit.progress import ProgressStep
from helpdesk.content.kinds import is_content
from helpdesk.content.publishing import Publishable
from helpdesk.guides.models import Guide, Symptom
from helpdesk.guides.models.loops import LOOP_TEXT, loop_words
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.rules import errors_of, is_archived, records_of
from helpdesk.transfer.bulk_writes import in_batches
from helpdesk.transfer.errors import MAX_LISTED, ErrorCollector, ImportRefused
from helpdesk.transfer.plan import PlanRow
from helpdesk.transfer.schema import FieldType, RecordSpec, record_specs, spec_of

# A page, and the records whose problems count, or None for all of them.
RecordKey = tuple[type[Model], int | None]
PageCheck = tuple[Any, set[RecordKey] | None]


class UnfitPages(ImportRefused):
    """Pages would be public that are not fit for it. They can be imported as drafts."""


def check(written: Sequence[PlanRow]) -> Iterator[ProgressStep]:
    """Check the pages that are or will be public and that these rows are or belong to.

    Raises ImportRefused for a loop of guides, and UnfitPages with everything that is wrong. To be called in the
    import's own transaction.
    """
    refuse_loops()
    pages = _pages(written)
    errors = ErrorCollector()
    # Each page is checked by itself, and nobody reads warnings here.
    context = CheckContext(every_page=True, errors_only=True)
    for done, (page, only) in enumerate(pages, start=1):
        for problem in errors_of(page, context):
            if only is None or (type(problem.record), problem.record.pk) in only:
                errors.add(f"“{page}”", problem.text)
        if len(errors) > 2 * MAX_LISTED:
            break
        yield ProgressStep(done, len(pages), gettext("pages checked"))
    errors.raise_if_any(UnfitPages)


def _pages(written: Sequence[PlanRow]) -> list[PageCheck]:
    """Return each page to check: neither drafts nor archived ones.

    A page that only shows a changed cause is not refused for what was wrong with it before.
    """
    pages: dict[tuple[type[Model], int], PageCheck] = {}
    changed = {(row.record.spec.model, row.here.pk) for row in written if row.here}
    for spec in record_specs():
        if spec.kind.is_publishable:
            public = records_of(spec.model).filter(publish_at__isnull=False).order_by("number").distinct()
            for lookup, keys, only in _lookups(spec, written, changed):
                for batch in in_batches(keys):
                    for page in public.filter(**{f"{lookup}__in": batch}):
                        if not is_archived(page):
                            pages.setdefault((spec.model, page.pk), (page, only))
    return list(pages.values())


def _lookups(
    spec: RecordSpec, written: Sequence[PlanRow], changed: set[RecordKey]
) -> Iterator[tuple[str, list[Any], set[RecordKey] | None]]:
    """Yield lookups of pages of a kind, the values to look for, and the records whose problems count."""
    yield "number", [row.number for row in written if row.record.spec is spec], None
    # What is written below a page is public with it, here from now on.
    if spec.parent and spec.parent.target.kind.is_publishable:
        above = [row for row in written if row.record.spec is spec.parent.target]
        opened = [row.number for row in above if row.is_new or "publish_at" in row.changed]
        yield f"{spec.parent.name}__number", opened, None
    for lookup, model in _shown_models(spec):
        yield lookup, [pk for its_model, pk in changed if its_model is model], changed


def _shown_models(spec: RecordSpec) -> Iterator[tuple[str, type[Model]]]:
    """Yield lookups to what pages of a kind show and that is no page itself, with what that refers to."""
    for lookup, model in spec.kind.models_read().items():
        if not issubclass(model, Publishable):
            yield lookup, model
            for field in spec_of(model).fields if is_content(model) else ():
                if field.type is FieldType.REFERENCE:
                    yield f"{lookup}__{field.name}", field.target.model


def refuse_loops() -> None:
    """Raise ImportRefused, naming the guides, when visitors could come back to where they were. Two queries at most."""
    steps = Symptom.objects.exclude(leads_to=None).order_by("guide__number", "number")
    if loop := find_loop(steps.values_list("guide_id", "leads_to_id")):
        titles = dict(Guide.objects.filter(pk__in=loop).values_list("pk", "title"))
        raise ImportRefused(LOOP_TEXT % {"way": loop_words(titles[guide] for guide in loop)})


def find_loop(steps: Iterable[tuple[int, int]]) -> list[int]:
    """Return a way round along these steps, its beginning also at its end; empty where there is none."""
    graph: TopologicalSorter[int] = TopologicalSorter()
    for start, end in steps:
        graph.add(start, end)
    try:
        graph.prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
