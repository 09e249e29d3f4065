"""The checks of symptoms and the related symptoms of FAQ entries, for many records at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Check
from helpdesk.transfer import history
from helpdesk.transfer.history import Note
from helpdesk.transfer.plan import Plan, Row

# Added to positions while they are dealt anew, so that no two are equal on the way.
ASIDE = 10_000


class Keys:
    """The database's keys of what the keys of a file lead to, as far as it is stored."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._found = {row.name: row.here.pk for row in plan.rows if row.here}

    def add(self, row: Row, pk: int) -> None:
        self._found[row.name] = pk

    def find(self, kind: str, key: str) -> int:
        """KeyError for what is neither stored nor here: the plan has left that out."""
        found = self._found.get((kind, key))
        if found is not None:
            return found
        here = self._plan.here.find(kind, key)
        if here is None or here.pk is None:
            raise KeyError(key)
        return here.pk

    def find_all(self, kind: str, keys: Sequence[str]) -> list[int]:
        """Of these keys those that are stored or here."""
        found = []
        for key in keys:
            row = self._plan.row(kind, key)
            if (kind, key) in self._found or row is None:
                found.append(self.find(kind, key))
        return found


def store_checks(rows: Sequence[Row], keys: Keys, note: Note) -> None:
    """Makes the checks of these symptoms what the rows say, with their own rows in the history."""
    wanted = {
        keys.find(*row.name): keys.find_all("cause", row.values["checks"]) for row in rows if "checks" in row.values
    }
    check: Any
    stored: dict[int, dict[int, Check]] = defaultdict(dict)
    changing = [row for row in rows if row.here is not None]
    for check in models.QuerySet(Check).filter(symptom_id__in=[keys.find(*row.name) for row in changing]):
        stored[check.symptom_id][check.cause_id] = check
    new, moved, gone = [], [], []
    for symptom, causes in wanted.items():
        mine = stored[symptom]
        if [check.cause_id for check in sorted(mine.values(), key=lambda check: check.position)] == causes:
            continue
        gone += [check for cause, check in mine.items() if cause not in causes]
        for position, cause in enumerate(causes, start=1):
            check = mine.get(cause)
            if check is None:
                new.append(Check(symptom_id=symptom, cause_id=cause, position=position))
            elif check.position != position:
                check.position = position
                moved.append(check)
    history.remove(gone)
    models.QuerySet(Check).filter(pk__in=[check.pk for check in moved]).update(position=F("position") + ASIDE)
    history.store_new(new)
    history.store_changed(moved, ["position"])
    note.record(Check, [*gone, *new, *moved])


def store_related(rows: Sequence[Row], keys: Keys) -> None:
    """Makes the related symptoms of these entries what the rows say."""
    through: Any = FaqEntry.related_symptoms.through
    wanted = {
        keys.find(*row.name): set(keys.find_all("symptom", row.values["related_symptoms"]))
        for row in rows
        if "related_symptoms" in row.values
    }
    link: Any
    gone = []
    for link in models.QuerySet(through).filter(faqentry_id__in=list(wanted)):
        if link.symptom_id in wanted[link.faqentry_id]:
            wanted[link.faqentry_id].discard(link.symptom_id)
        else:
            gone.append(link)
    history.remove(gone)
    history.store_new(
        [through(faqentry_id=entry, symptom_id=symptom) for entry, some in wanted.items() for symptom in sorted(some)]
    )
