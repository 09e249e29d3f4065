"""The map of a guide: its situations, their checks, resolutions, people and onward guides, with what staff should know.

The picture (`picture.py`) and the list below it show the same of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Model, Prefetch, Q
from django.http import HttpRequest
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from helpdesk.adminkit.html import record_url
from helpdesk.content.publishing import State
from helpdesk.flags.models import Flag, is_of_kind
from helpdesk.guides.models import Check, Guide, Symptom
from helpdesk.reports.models import PageCheck
from helpdesk.reports.page_checks import StoredProblem, stored_problems
from helpdesk.reports.rates import CheckRate, SymptomRate, check_rates, symptom_rates
from helpdesk.reports.record_kinds import Kind, kind_of


@dataclass(eq=False)
class Item:
    """A record on the map; `state` is None for what has no public life, `url` empty for who may not look at it."""

    key: str
    kind: Kind
    title: str
    url: str
    state: State | None = None
    rate: str = ""
    flags: int = 0
    problems: set[StoredProblem] = field(default_factory=set)

    @property
    def problem_text(self) -> str:
        """Such as “1 error, 2 warnings”; empty where there are none."""
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
        """Such as “Needs change (2)”; empty where nobody said so."""
        if not self.flags:
            return ""
        return ngettext("Needs change", "Needs change (%(count)d)", self.flags) % {"count": self.flags}

    @cached_property
    def label(self) -> SafeString:
        """The item in the list: a link, its state, its problems and flags. Made once, since an item may come often."""
        said = [format_html('<a href="{}">{}</a>', self.url, self.title) if self.url else escape(self.title)]
        if self.state:
            said.append(format_html('<span class="state state-{}">{}</span>', self.state.value, self.state.label))
        marks = (("map-problems", self.problem_text), ("map-flag", self.flag_text))
        said += [format_html('<span class="{}">{}</span>', name, text) for name, text in marks if text]
        return format_html_join(" ", "{}", ((part,) for part in said))


@dataclass(slots=True)
class Step:
    """A check at its place: the cause, how often it helped here, what to do, whom to call."""

    number: int
    cause: Item
    rate: str
    resolution: Item
    contact_point: Item | None


@dataclass(slots=True)
class Situation:
    """A symptom with its checks in order, or the guide it leads to."""

    item: Item
    steps: list[Step]
    leads_to: Item | None


@dataclass(slots=True)
class GuideMap:
    guide: Item
    situations: list[Situation]
    unchecked: int

    @property
    def is_walked(self) -> bool:
        """Whether visitors said anything of it."""
        return any(situation.item.rate for situation in self.situations)


class _Items:
    """Every record once, however often it is used."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.known: dict[tuple[str, int], Item] = {}
        self.may_look: dict[str, bool] = {}

    def __getitem__(self, record: Any) -> Item:
        kind = kind_of(record)
        found = self.known.get((record._meta.label_lower, record.pk))
        if found is None:
            found = Item(f"{kind.name}-{record.pk}", kind, str(record), self._url(kind, record))
            found.state = record.state if kind.is_page else None
            self.known[record._meta.label_lower, record.pk] = found
        return found

    def _url(self, kind: Kind, record: Model) -> str:
        if kind.name not in self.may_look:
            self.may_look[kind.name] = kind.may(self.request, "view")
        return record_url(record) if self.may_look[kind.name] else ""


def map_of(request: HttpRequest, guide: Guide) -> GuideMap:
    """The map of a stored guide. Seven queries, whatever its size."""
    checks = Check.objects.order_by("position").select_related("cause__resolution__contact_point")
    symptoms = guide.symptoms.order_by("position", "number").select_related("leads_to")
    symptoms = symptoms.prefetch_related(Prefetch("checks", checks))
    items = _Items(request)
    rates, check_rate = symptom_rates(guide.symptoms.order_by()), check_rates(guide.symptoms.order_by())
    totals: dict[str, CheckRate] = defaultdict(CheckRate)
    found = GuideMap(items[guide], [], 0)
    for symptom in symptoms:
        item = items[symptom]
        item.rate = rates.get(symptom.pk, SymptomRate()).text
        steps = []
        for check in symptom.checks.all():
            rate = check_rate.get((symptom.pk, check.cause_id), CheckRate())
            step = _step(items, check, rate)
            totals[step.cause.key] += rate
            totals[step.resolution.key] += rate
            steps.append(step)
        found.situations.append(Situation(item, steps, items[symptom.leads_to] if symptom.leads_to else None))
    for item in items.known.values():
        item.rate = item.rate or totals[item.key].text
    _count_flags(items)
    found.unchecked = _mark_problems(items, guide, list(symptoms))
    return found


def _step(items: _Items, check: Check, rate: CheckRate) -> Step:
    resolution = check.cause.resolution
    people = resolution.contact_point
    return Step(
        check.position, items[check.cause], rate.text, items[resolution], items[people] if people is not None else None
    )


def _count_flags(items: _Items) -> None:
    """Notes on each item how many flags it has. One query."""
    keys: dict[type[Model], list[int]] = defaultdict(list)
    for item, (_label, pk) in zip(items.known.values(), items.known, strict=True):
        keys[item.kind.model].append(pk)
    mine = reduce(or_, (is_of_kind(model) & Q(object_id__in=pks) for model, pks in keys.items()))
    counted = Flag.objects.still_open().filter(mine).order_by()
    counted_by = counted.values_list("content_type__app_label", "content_type__model", "object_id")
    for app, model, pk, count in counted_by.annotate(Count("pk")):
        items.known[f"{app}.{model}", pk].flags = count


def _mark_problems(items: _Items, guide: Guide, symptoms: Iterable[Symptom]) -> int:
    """Notes on each item what is wrong with it, as it was found last; says how many pages were never checked.

    A problem of a page is shown where it has to be put right, when that is on the map. One query.
    """
    pages = {("guide", guide.pk): items[guide]} | {("symptom", symptom.pk): items[symptom] for symptom in symptoms}
    mine = Q(kind="guide", object_id=guide.pk) | Q(kind="symptom", object_id__in=[key for _kind, key in pages])
    never = set(pages)
    for checked in PageCheck.objects.filter(mine):
        page = pages.get((checked.kind, checked.object_id))
        if page is None:
            continue
        never.discard((checked.kind, checked.object_id))
        for problem in stored_problems(checked):
            items.known.get((problem.model, problem.pk or 0), page).problems.add(problem)
    return len(never)
