"""Guides and symptoms as of a moment, and the reasons why visitors did not see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.content.publishing import State
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Symptom
from helpdesk.history import as_of
from helpdesk.history.as_of import RecordsAt
from helpdesk.history.changes import names_of
from helpdesk.history.versions import in_order, is_deletion, living_at, ordering_of, versions_at

# All that the page of a symptom is made of.
SYMPTOM_PAGE = ("guide", "leads_to", "checks__cause__resolution__contact_point__lines")


class SymptomHiddenReason(models.TextChoices):
    """Reason why visitors did not see a symptom that was published itself."""

    GUIDE = "guide", _("Its guide wasn't published.")
    ONWARD_GUIDE = "onward-guide", _("The guide it continued in wasn't published.")


def hidden_reason(symptom: Symptom, moment: datetime) -> models.TextChoices | None:
    """Return why visitors did not see a symptom, by what it and its guides were like then; None where they did."""
    if reason := as_of.hidden_reason(symptom, moment):
        return reason
    if symptom.guide.state_at(moment) != State.PUBLISHED:
        return SymptomHiddenReason.GUIDE
    if symptom.leads_to is not None and symptom.leads_to.state_at(moment) != State.PUBLISHED:
        return SymptomHiddenReason.ONWARD_GUIDE
    return None


def visible(symptoms: Iterable[Symptom], moment: datetime) -> list[Symptom]:
    """Return the symptoms that visitors saw at a moment, in the order of then."""
    return in_order((one for one in symptoms if hidden_reason(one, moment) is None), ordering_of(Symptom))


def situations_at(guide: Guide, moment: datetime) -> list[Symptom]:
    """Return the situations that visitors saw in a guide, or would have seen had it been public. Three queries."""
    symptoms: list[Symptom] = RecordsAt(moment).filter(Symptom, ["leads_to", "group"], guide_id=guide.pk)
    for symptom in symptoms:
        symptom.guide = guide
    # The page of the guide says whether the guide itself was public.
    shown = [one for one in symptoms if hidden_reason(one, moment) in (None, SymptomHiddenReason.GUIDE)]
    return sorted(shown, key=place_in_list)


def place_in_list(symptom: Symptom) -> tuple[int, ...]:
    """Return the place of a symptom among those of its guide, as `LIST_ORDER` has it."""
    group = symptom.group
    return (*((1, group.position, group.pk) if group else (0, 0, 0)), symptom.position, symptom.number)


def contacts_at(moment: datetime) -> list[ContactPoint]:
    """Return all contact points as of a moment, with their lines. Two queries."""
    return in_order(RecordsAt(moment).filter(ContactPoint, ["lines"]), ordering_of(ContactPoint))


def checks_at(pk: int, moment: datetime) -> list[tuple[int, str]]:
    """Return the causes that a symptom had at a moment, in order: their keys and their names. Four queries.

    At the moment the symptom was deleted, they are those that went with it.
    """
    last = versions_at(Symptom, moment, id=pk).first()
    if last is not None and is_deletion(last):
        rows = Check.history.filter(symptom_id=pk, history_type=last.history_type, history_date=last.history_date)
    else:
        rows = living_at(Check, moment, symptom_id=pk)
    keys = list(rows.order_by("position").values_list("cause_id", flat=True))
    names = names_of(Cause, keys)
    return [(key, names.get(key, "")) for key in keys]
