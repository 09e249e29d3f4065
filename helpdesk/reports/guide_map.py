"""Map of a guide: its situations, their checks, resolutions, people and onward guides, with what staff should know.

The picture (`map_drawing.py`) and the list below it show the same map.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_

from django.db.models import Count, Model, Prefetch, Q
from django.http import HttpRequest
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from helpdesk.adminkit.html import record_url
from helpdesk.content.kinds import ContentKind, kind_of
from helpdesk.content.publishing import Publishable, State
from helpdesk.flags.models import Flag, is_of_kind
from helpdesk.guides.models import Check, Guide, Symptom
from helpdesk.reports.kinds import may_view
from helpdesk.reports.models import PageCheck
from helpdesk.reports.page_checks import StoredProblem, stored_problems
from helpdesk.reports.rates import CheckRate, SymptomRate, check_rates, symptom_rates


@dataclass(eq=False)
class MapRecord:
    """A record on the map; `state` is None for a record without a public life, `url` empty for users without access."""

    key: str
    kind: ContentKind
    title: str
    url: str
    state: State | None = None
    rate: str = ""
    note: str = ""
    flags: int = 0
    problems: set[StoredProblem] = field(default_factory=set)

    @property
    def problem_text(self) -> str:
        """Number of errors and warnings, “1 error, 2 warnings”; empty where there are none."""
        errors = sum(problem.is_error for problem in self.problems)
        warnings = len(self.problems) - errors
        parts = []
        if errors:
            parts.append(ngettext("%d error", "%d errors", errors) % errors)
        if warnings:
            parts.append(ngettext("%d warning", "%d warnings", warnings) % warnings)
        return ", ".join(parts)

    @property
    def flag_text(self) -> str:
        """Open flags, “Needs change (2)”; empty where there are none."""
        if not self.flags:
            return ""
        return ngettext("Needs change", "Needs change (%(count)d)", self.flags) % {"count": self.flags}

    @cached_property
    def label(self) -> SafeString:
        """The record in the list: a link, its state, its problems and flags. Cached, since a record may come often."""
        parts = [format_html('<a href="{}">{}</a>', self.url, self.title) if self.url else escape(self.title)]
        if self.state:
            parts.append(format_html('<span class="state state-{}">{}</span>', self.state.value, self.state.label))
        marks = (("map-rate", self.note), ("map-problems", self.problem_text), ("map-flag", self.flag_text))
        parts += [format_html('<span class="{}">{}</span>', name, text) for name, text in marks if text]
        return format_html_join(" ", "{}", ((part,) for part in parts))


@dataclass(slots=True)
class MapCheck:
    """A check in its order: cause, success rate in this symptom, resolution, contact point."""

    number: int
    cause: MapRecord
    rate: str
    resolution: MapRecord
    contact_point: MapRecord | None


@dataclass(slots=True)
class MapSituation:
    """A symptom with its checks in order, or the guide it leads to."""

    item: MapRecord
    steps: list[MapCheck]
    leads_to: MapRecord | None


@dataclass(slots=True)
class GuideMap:
    """The whole map, and the number of its pages that were never checked."""

    guide: MapRecord
    situations: list[MapSituation]
    unchecked: int

    @property
    def is_walked(self) -> bool:
        """True where visitors answered any of its checks."""
        return any(situation.item.rate for situation in self.situations)


class _MapRecords:
    """Every record of a map once, however often it is used."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.known: dict[tuple[str, int], MapRecord] = {}
        self.may_view: dict[str, bool] = {}

    def __getitem__(self, record: Model) -> MapRecord:
        key = (record._meta.label_lower, record.pk)
        if key not in self.known:
            kind = kind_of(record)
            state = record.state if isinstance(record, Publishable) else None
            self.known[key] = MapRecord(f"{kind.name}-{record.pk}", kind, str(record), self._url(kind, record), state)
        return self.known[key]

    def _url(self, kind: ContentKind, record: Model) -> str:
        if kind.name not in self.may_view:
            self.may_view[kind.name] = may_view(self.request, kind)
        return record_url(record) if self.may_view[kind.name] else ""


def map_of(request: HttpRequest, guide: Guide) -> GuideMap:
    """Return the map of a stored guide. Seven queries, whatever its size."""
    checks = Check.objects.order_by("position").select_related("cause__resolution__contact_point")
    symptoms = guide.symptoms.order_by("position", "number").select_related("leads_to")
    symptoms = symptoms.prefetch_related(Prefetch("checks", checks))
    records = _MapRecords(request)
    rates, check_rate = symptom_rates(guide.symptoms.order_by()), check_rates(guide.symptoms.order_by())
    totals: dict[str, CheckRate] = defaultdict(CheckRate)
    found = GuideMap(records[guide], [], 0)
    for symptom in symptoms:
        item = records[symptom]
        item.rate = rates.get(symptom.pk, SymptomRate()).text
        steps = []
        for check in symptom.checks.all():
            rate = check_rate.get((symptom.pk, check.cause_id), CheckRate())
            step = _map_check(records, check, rate)
            totals[step.cause.key] += rate
            totals[step.resolution.key] += rate
            steps.append(step)
        found.situations.append(MapSituation(item, steps, records[symptom.leads_to] if symptom.leads_to else None))
    for item in records.known.values():
        item.rate = item.rate or totals[item.key].text
    _count_flags(records)
    found.unchecked = _mark_problems(records, guide, list(symptoms))
    return found


def _map_check(records: _MapRecords, check: Check, rate: CheckRate) -> MapCheck:
    resolution = check.cause.resolution
    people = resolution.contact_point
    contact_point = records[people] if people is not None else None
    if resolution.ends_walk:
        records[resolution].note = str(resolution.get_ending_display())
    return MapCheck(check.position, records[check.cause], rate.text, records[resolution], contact_point)


def _count_flags(records: _MapRecords) -> None:
    """Set the number of open flags on each record. One query."""
    keys: dict[type[Model], list[int]] = defaultdict(list)
    for (_label, pk), item in records.known.items():
        keys[item.kind.model].append(pk)
    mine = reduce(or_, (is_of_kind(model) & Q(object_id__in=pks) for model, pks in keys.items()))
    counted = Flag.objects.still_open().filter(mine).order_by()
    counted_by = counted.values_list("content_type__app_label", "content_type__model", "object_id")
    for app, model, pk, count in counted_by.annotate(Count("pk")):
        records.known[f"{app}.{model}", pk].flags = count


def _mark_problems(records: _MapRecords, guide: Guide, symptoms: Iterable[Symptom]) -> int:
    """Set the stored problems on each record, and return how many pages were never checked. One query.

    A problem of a page is shown at the record to correct, when that is on the map.
    """
    pages = {("guide", guide.pk): records[guide]} | {("symptom", symptom.pk): records[symptom] for symptom in symptoms}
    mine = Q(kind="guide", object_id=guide.pk) | Q(kind="symptom", object_id__in=[key for _kind, key in pages])
    never = set(pages)
    for checked in PageCheck.objects.filter(mine):
        page = pages.get((checked.kind, checked.object_id))
        if page is None:
            continue
        never.discard((checked.kind, checked.object_id))
        for problem in stored_problems(checked):
            records.known.get((problem.model, problem.pk or 0), page).problems.add(problem)
    return len(never)
