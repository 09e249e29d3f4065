"""Import of the rows of a plan: all that was chosen, in one transaction, or nothing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.adminkit.coded_text import CodedText
from helpdesk.adminkit.progress import ProgressStep
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.images.models import Image
from helpdesk.search import index
from helpdesk.transfer import images, validation
from helpdesk.transfer.archive import ImportFile
from helpdesk.transfer.bulk_writes import BATCH_SIZE, in_batches, store_changed, store_links, store_new
from helpdesk.transfer.models import Upload
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.plan import ImportPlan, PlanRow, make_plan
from helpdesk.transfer.records import RecordName, count_kinds
from helpdesk.transfer.schema import FORMER, FieldSpec, FieldType, RecordSpec, record_specs

log = logging.getLogger(__name__)

LOG_MESSAGE = CodedText("imported", _("%(new)d new, %(changed)d changed"))


class PlanChanged(Exception):
    """Content has changed since the plan was shown; nothing was written."""


@dataclass(frozen=True)
class ImportDecision:
    """Decision about a file after its plan with this fingerprint was shown."""

    file: ImportFile
    file_name: str
    chosen: Collection[str]  # ids of the changed rows to take over
    fingerprint: str
    as_drafts: bool = False


@dataclass(frozen=True)
class ImportResult:
    """Number of written records of each kind, and of pages that the search has yet to index."""

    new: Counter[str]
    changed: Counter[str]
    waiting: int = 0

    @property
    def is_nothing(self) -> bool:
        return not self.new and not self.changed


def run_import(decision: ImportDecision, importer: Operator) -> Generator[ProgressStep, None, ImportResult]:
    """Import, and bring the search index up to date.

    Raises PlanChanged, UnfitPages or ImportRefused, and then nothing was written.
    """
    new_pictures = images.missing(decision.file.pictures, {})
    try:
        with revision(Reason.IMPORTED.of(decision.file_name), user=importer.user):
            result = yield from _import(decision, importer)
    except BaseException as error:  # also when the person leaves the page
        images.remove_files(new_pictures)
        if isinstance(error, DatabaseError) and not isinstance(error, OperationalError):
            # Another process took a slug or a number in the same moment.
            log.warning("an import was given up: %s", error)
            raise PlanChanged from error
        raise
    waiting = yield from update_search_index()
    return replace(result, waiting=waiting)


def _import(decision: ImportDecision, importer: Operator) -> Generator[ProgressStep, None, ImportResult]:
    yield ProgressStep(0, 0, gettext("records compared"))
    content, as_drafts = decision.file.content, decision.as_drafts
    _lock(make_plan(content, importer, as_drafts=as_drafts).written(decision.chosen))
    # Once more, now that nobody can change what will be changed.
    plan = make_plan(content, importer, as_drafts=as_drafts)
    if plan.fingerprint != decision.fingerprint:
        raise PlanChanged
    written = plan.written(decision.chosen)
    if decision.file.pictures and importer.may("add", Image):
        images.store(decision.file.pictures, content.pictures)
    yield from _RowWriter(plan, written).write()
    yield from validation.check(written)
    new = count_kinds(row.record for row in written if row.is_new)
    result = ImportResult(new, count_kinds(row.record for row in written if row.changed))
    _log(decision, importer, result)
    return result


def _lock(rows: list[PlanRow]) -> None:
    """Lock the stored rows that are about to be changed."""
    for spec in record_specs():
        pks = [row.here.pk for row in rows if row.here and row.record.spec is spec]
        spec.kind.objects.select_for_update().order_by("pk").in_bulk(pks)


class _RowWriter:
    """Writes rows kind by kind, those that others refer to first."""

    def __init__(self, plan: ImportPlan, rows: list[PlanRow]) -> None:
        self.rows, self.now = rows, timezone.now()
        # Primary keys by the names in the file, of what is stored by now.
        self.keys: dict[RecordName, Any] = {record.name: record.pk for record in plan.here}
        for row in plan.rows:
            self.keys.pop(row.record.name, None)
        self.keys |= {row.record.name: row.here.pk for row in plan.rows if row.here}

    def write(self) -> Iterator[ProgressStep]:
        self._reserve_numbers()
        done = 0
        for spec in record_specs():
            rows = [row for row in self.rows if row.record.spec is spec]
            for some in ([row for row in rows if row.is_new], [row for row in rows if not row.is_new]):
                for batch in in_batches(some):
                    self._write(spec, batch)
                    done += len(batch)
                    yield ProgressStep(done, len(self.rows), gettext("records"))
        self._write_former_addresses()

    def _reserve_numbers(self) -> None:
        """Reserve the numbers of new records; those that come back have theirs."""
        numbers = {row.number: row.record.spec.kind.name for row in self.rows if row.is_new and row.number is not None}
        known = HelpNumber.objects.in_bulk(numbers)
        new = [HelpNumber(number=number, kind=kind) for number, kind in numbers.items() if number not in known]
        HelpNumber.objects.bulk_create(new, batch_size=BATCH_SIZE)

    def _write(self, spec: RecordSpec, rows: list[PlanRow]) -> None:
        """Write rows that are all new or all changed."""
        stored = spec.kind.objects.in_bulk([row.here.pk for row in rows if row.here])
        instances = [self._filled(stored[row.here.pk] if row.here else spec.model(), row) for row in rows]
        if stored:
            columns = {field.name for field in spec.model._meta.fields} & {*spec.columns, "updated_at"}
            store_changed(instances, sorted(columns - ({"number"} if spec.is_addressed else set())))
        else:
            store_new(instances)
        for row, instance in zip(rows, instances, strict=True):
            self.keys[row.record.name] = instance.pk
        for field in spec.fields:
            if field.through is not None:
                known = [row for row in rows if field.name in row.values]
                store_links(field, {self.keys[row.record.name]: self._linked(row, field) for row in known})

    def _linked(self, row: PlanRow, field: FieldSpec) -> list[int]:
        """Return the primary keys of the stored records that a relation leads to."""
        names = ((field.target.name, key) for key in row.values[field.name])
        return [self.keys[name] for name in names if name in self.keys]

    def _filled(self, instance: Any, row: PlanRow) -> Any:
        """Return the instance with the row's values. What the file says nothing of stays as it is."""
        if row.is_new and row.number is not None:
            instance.number = row.number
        for field in row.record.spec.all_fields:
            if field.name in row.values and field.name in row.record.spec.columns:
                value = row.values[field.name]
                if field.type is FieldType.REFERENCE and value:
                    value = self.keys[field.target.name, value]
                setattr(instance, field.field.attname, value or None if field.type is FieldType.REFERENCE else value)
        if not row.is_new or getattr(instance, "updated_at", self.now) is None:
            instance.updated_at = self.now
        return instance

    def _write_former_addresses(self) -> None:
        """Add what is not remembered here; of the rest only ends are taken over."""
        unique = ("kind", "number", "scope", "slug")
        rows = [
            FormerAddress(kind=row.record.spec.kind.name, number=row.number or 0, **vars(former))
            for row in self.rows
            for former in sorted(set(row.values.get(FORMER, ())))
        ]
        FormerAddress.objects.bulk_create(rows, batch_size=BATCH_SIZE, ignore_conflicts=True)
        ended = [row for row in rows if row.ended_at]
        FormerAddress.objects.bulk_create(
            ended, batch_size=BATCH_SIZE, update_conflicts=True, unique_fields=unique, update_fields=["ended_at"]
        )


def _log(decision: ImportDecision, importer: Operator, result: ImportResult) -> None:
    """Add the import to the log of the staff's changes, as a code with values."""
    new, changed = result.new.total(), result.changed.total()
    log.info("import of %s: %s new, %s changed", decision.file_name, new, changed)
    if importer.user is None or result.is_nothing:
        return
    LogEntry.objects.create(
        user=importer.user,
        content_type=ContentType.objects.get_for_model(Upload),
        object_repr=decision.file_name[:200],
        action_flag=CHANGE,
        change_message=LOG_MESSAGE.to_json(new=new, changed=changed),
    )


def update_search_index() -> Generator[ProgressStep, None, int]:
    """Index what changed, portion by portion.

    Return how many pages are left: the database may be read-only for the moment.
    """
    pages = left = index.waiting()
    while left:
        yield ProgressStep(pages - left, pages, gettext("pages indexed"))
        if not index.catch_up():
            break
        left = index.waiting()
        pages = max(pages, left)
    return left
