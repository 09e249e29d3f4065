"""What the history shows beside the list of changes: one version, a moment, what changed since, what was deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.history.changes import Lookup, changes, moment_text, names_of, texts
from helpdesk.history.restore import PUBLISHING
from helpdesk.history.timeline import Item, Key, PageHistory, history_url, order_of, person
from helpdesk.history.versions import DELETED, key_name, versions_at

DELETED_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Past:
    """A public page as it was at a moment: its template, and whether visitors saw it then."""

    template: str
    context: dict[str, Any]
    is_public: bool
    because: str = ""  # why visitors did not see it
    lost: int = 0  # checks whose text of that time is not known


class PastMoment:
    """The moment that a form asks for: `date` and maybe `time`, else the end of the day; or exactly, as `moment`."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self.date, self.time = str(sent.get("date", "")).strip(), str(sent.get("time", "")).strip()
        self.moment: datetime | None = None
        self.problem = ""
        try:
            self.moment = self._read(str(sent.get("moment", "")).strip().replace(" ", "+"))
        except (ValueError, OverflowError):
            self.problem = _("This is no moment that we can read. Choose a day, and a time if you like.")
        if self.moment is not None:
            local = timezone.localtime(self.moment)
            self.date, self.time = f"{local:%Y-%m-%d}", f"{local:%H:%M}"

    @property
    def text(self) -> str:
        """The moment in words."""
        return moment_text(self.moment) if self.moment else ""

    @property
    def exactly(self) -> str:
        """The moment as it goes into an address."""
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
        # What is still to come is not known; and every moment has to be one in all time zones.
        if not 1900 < moment.year < 9000:
            raise ValueError
        return min(moment, timezone.now())


def version_page(admin: Any, pk: int, version: Any, moment: datetime) -> dict[str, Any]:
    """What the page of one version shows: all it says, and what restoring it would change."""
    page = admin.page_history(pk)
    order = page.order_at(moment)
    present = versions_at(admin.model, **{key_name(admin.model): pk}).get()
    lookup = Lookup.of([(version, present)])
    is_present = present == version and order == page.order_at(timezone.now())
    said = texts(version, lookup)
    found = changes(present, version, lookup, without=PUBLISHING)
    if page.label:
        names = _names({*order, *page.order_at(timezone.now())})
        said.append((page.label, _listed(order, names) or "–"))
        if order != page.order_at(timezone.now()):
            found.append(order_of(page, page.order_at(timezone.now()), order, names))
    user = get_user_model()._default_manager.filter(pk=version.history_user_id).first()
    return {
        "title": _("As of %(when)s") % {"when": moment_text(moment)},
        "version": version,
        "who": person(user),
        "moment": PastMoment({"moment": moment.isoformat()}),
        "texts": said,
        "changes": found,
        "publishing_changes": changes(present, version, lookup, only=PUBLISHING),
        "is_present": is_present and present.history_type != DELETED,
    }


def comparison(page: PageHistory, moment: datetime) -> list[Item]:
    """What differs between a page at a moment and the page now: its own record, the order, then what stands on it."""
    now = timezone.now()
    own = (page.spans[0].model, page.spans[0].pk)
    records = list(dict.fromkeys([own, *page.records_at(moment), *page.records_at(now)]))
    before, after = _versions(records, moment), _versions(records, None)
    pairs = {key: (before[key], after[key]) for key in records if key in before and key in after}
    lookup = Lookup.of(pairs.values())
    items = []
    for key, (old, new) in pairs.items():
        if new.history_type == DELETED:
            items.append(_item(key, old, own, _("Deleted by now"), []))
        elif found := changes(old, new, lookup):
            items.append(_item(key, new, own, "", found))
    then, present = page.order_at(moment), page.order_at(now)
    if then != present:
        names = _names({*then, *present})
        place = 1 if items and not items[0].name else 0
        items.insert(place, Item("", "", "", [order_of(page, then, present, names)]))
    return items


def deleted_records(model: type[models.Model], page: Any) -> dict[str, Any]:
    """The records that are no longer there, the last one first, a page of them. Three queries."""
    attribute = model._meta.pk.attname
    there = model._base_manager.filter(pk=OuterRef(attribute))
    gone = versions_at(model).filter(~Exists(there), history_type=DELETED)
    paginator = Paginator(gone.order_by("-history_date", "-history_id"), DELETED_A_PAGE)
    shown = paginator.get_page(page)
    versions = list(shown.object_list)
    people = get_user_model()._default_manager.in_bulk({version.history_user_id for version in versions} - {None})
    rows = [
        {
            "name": str(version.instance),
            "number": getattr(version, "number", ""),
            "key": getattr(version, attribute),
            "who": person(people.get(version.history_user_id)),
            "moment": version.history_date,
            "version": version.history_id,
        }
        for version in versions
    ]
    return {"rows": rows, "page_obj": shown, "page_range": paginator.get_elided_page_range(shown.number)}


def _versions(records: list[Key], moment: datetime | None) -> dict[Key, Any]:
    by_model: dict[type[models.Model], list[Any]] = {}
    for model, pk in records:
        by_model.setdefault(model, []).append(pk)
    found = {}
    for model, keys in by_model.items():
        attribute = model._meta.pk.attname
        for version in versions_at(model, moment, **{f"{attribute}__in": keys}):
            found[model, getattr(version, attribute)] = version
    return found


def _item(key: Key, version: Any, own: Key, kind: str, found: list[Any]) -> Item:
    if key == own:
        return Item("", "", kind, found)
    return Item(f"{capfirst(key[0]._meta.verbose_name)} “{version.instance}”", history_url(key), kind, found)


def _names(keys: set[Key]) -> dict[Key, str]:
    found = {}
    for model in {model for model, _pk in keys}:
        for pk, name in names_of(model, [pk for its, pk in keys if its is model]).items():
            found[model, pk] = name
    return found


def _listed(keys: tuple[Key, ...], names: dict[Key, str]) -> str:
    return "\n".join(f"{place}. {names.get(key, '')}" for place, key in enumerate(keys, start=1))
