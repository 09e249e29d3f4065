"""Contexts of the history pages: one version, the changes since a moment, and deleted records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext

from helpdesk.content.dates import moment_in_words
from helpdesk.history.changes import NameLookup, changes, texts
from helpdesk.history.intervals import RecordKey
from helpdesk.history.page_history import PageHistory, page_history
from helpdesk.history.restore import PUBLISHING
from helpdesk.history.timeline import RecordChanges, names_of_all, order_of
from helpdesk.history.versions import DELETED, Version, is_deletion, key_name, versions_at
from helpdesk.permissions.names import display_name

DELETED_A_PAGE = 50


class AskedMoment:
    """Moment that a form asks for: by `date` and perhaps `time`, else the end of the day; or exactly, by `moment`."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.date, self.time = str(sent.get("date", "")).strip(), str(sent.get("time", "")).strip()
        self.moment: datetime | None = None
        self.problem = ""
        try:
            self.moment = self._read(str(sent.get("moment", "")).strip().replace(" ", "+"))
        except (ValueError, OverflowError):
            self.problem = gettext("This isn't a valid date. Choose a day and, if you like, a time.")
        if self.moment is not None:
            local = timezone.localtime(self.moment)
            self.date, self.time = f"{local:%Y-%m-%d}", f"{local:%H:%M}"

    @property
    def text(self) -> str:
        """The moment as text."""
        return moment_in_words(self.moment) if self.moment else ""

    @property
    def exactly(self) -> str:
        """The moment as a URL has it."""
        return self.moment.isoformat() if self.moment else ""

    def _read(self, sent: str) -> datetime:
        if sent:
            moment = parse_datetime(sent)
        else:
            day = parse_date(self.date)
            at = parse_time(self.time) if self.time else time.max
            moment = datetime.combine(day, at) if day and at else None
        if moment is None:
            raise ValueError
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        # The future is not known; and every moment has to be one in all time zones.
        if not 1900 < moment.year < 9000:
            raise ValueError
        return min(moment, timezone.now())


def version_context(model: type[models.Model], pk: int, version: Version, moment: datetime) -> dict[str, object]:
    """Return what the page of one version shows: all its fields, and what restoring it would change."""
    page = page_history(model, pk)
    then, now = page.order_at(moment), page.order_at(timezone.now())
    present = versions_at(model, **{key_name(model): pk}).get()
    lookup = NameLookup.of([(version, present)])
    fields = texts(version, lookup)
    found = changes(present, version, lookup, without=PUBLISHING)
    if page.label:
        names = names_of_all({*then, *now})
        lines = [f"{place}. {names.get(key, '')}" for place, key in enumerate(then, start=1)]
        fields.append((page.label, "\n".join(lines) or "–"))
        if then != now:
            found.append(order_of(page, now, then, names))
    user = get_user_model()._default_manager.filter(pk=version.history_user_id).first()
    return {
        "title": gettext("As of %(when)s") % {"when": moment_in_words(moment)},
        "version": version,
        "who": display_name(user, missing=gettext("the system")),
        "moment": AskedMoment({"moment": moment.isoformat()}),
        "texts": fields,
        "changes": found,
        "publishing_changes": changes(present, version, lookup, only=PUBLISHING),
        "is_present": present == version and then == now and not is_deletion(present),
    }


def comparison(page: PageHistory, moment: datetime) -> list[RecordChanges]:
    """Return the changes of a page since a moment: of its own record, the order, then of the records shown on it."""
    now = timezone.now()
    records = list(dict.fromkeys([page.own, *page.records_at(moment), *page.records_at(now)]))
    before, after = _versions(records, moment), _versions(records, None)
    pairs = {key: (before[key], after[key]) for key in records if key in before and key in after}
    lookup = NameLookup.of(pairs.values())
    items = []
    for key, (old, new) in pairs.items():
        if is_deletion(new):
            items.append(RecordChanges.of(key, old, page.own, gettext("Deleted since"), []))
        elif found := changes(old, new, lookup):
            items.append(RecordChanges.of(key, new, page.own, "", found))
    then, present = page.order_at(moment), page.order_at(now)
    if then != present:
        place = 1 if items and not items[0].name else 0
        order = order_of(page, then, present, names_of_all({*then, *present}))
        items.insert(place, RecordChanges("", "", "", [order]))
    return items


def deleted_records(model: type[models.Model], page: str | None) -> dict[str, object]:
    """Return a page of the records that are no longer stored, the last one first. Three queries."""
    there = model._base_manager.filter(pk=OuterRef(key_name(model)))
    gone = versions_at(model).filter(~Exists(there), history_type=DELETED)
    paginator = Paginator(gone.order_by("-history_date", "-history_id"), DELETED_A_PAGE)
    shown = paginator.get_page(page)
    versions = list(shown.object_list)
    people = get_user_model()._default_manager.in_bulk({version.history_user_id for version in versions} - {None})
    rows = [
        {
            "name": str(version.instance),
            "number": getattr(version, "number", ""),
            "key": getattr(version, key_name(model)),
            "who": display_name(people.get(version.history_user_id), missing=gettext("the system")),
            "moment": version.history_date,
            "version": version.history_id,
        }
        for version in versions
    ]
    return {"rows": rows, "page_obj": shown, "page_range": paginator.get_elided_page_range(shown.number)}


def _versions(records: list[RecordKey], moment: datetime | None) -> dict[RecordKey, Version]:
    by_model: dict[type[models.Model], list[int]] = {}
    for model, pk in records:
        by_model.setdefault(model, []).append(pk)
    return {
        (model, getattr(version, key_name(model))): version
        for model, keys in by_model.items()
        for version in versions_at(model, moment, **{f"{key_name(model)}__in": keys})
    }
