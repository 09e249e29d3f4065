"""Admin of the history of guides and symptoms: their pages as of a moment, and restoring checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from helpdesk.contentadmin.history import HistoryAdmin
from helpdesk.guides import as_of
from helpdesk.guides.models import Cause, Check, Guide, Symptom
from helpdesk.guides.views import walk_context
from helpdesk.guides.walk import Walk
from helpdesk.guides.walk_view import WalkView
from helpdesk.history.as_of import AsOfPage, RecordsAt, hidden_reason
from helpdesk.history.restore import RestoreRefused


class SymptomHistory(HistoryAdmin):
    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> AsOfPage | None:
        """Return the page of all checks, or the situations of the guide that the symptom led to."""
        records = RecordsAt(moment)
        symptom = records.get(Symptom, pk, as_of.SYMPTOM_PAGE)
        if symptom is None:
            return None
        hidden = as_of.hidden_reason(symptom, moment)
        if symptom.leads_to is not None:
            return AsOfPage("guides/onward.html", _onward_context(symptom, moment), hidden)
        walk = Walk(tuple(check.cause.slug for check in symptom.checks.all()))
        return AsOfPage("guides/all.html", walk_context(WalkView(request, symptom, walk)), hidden, records.lost)

    def put_back_rows(self, record: Symptom, moment: datetime) -> Sequence[str]:
        """Put back the checks in their order; causes that are gone are left out, and named."""
        wanted = as_of.checks_at(record.pk, moment)
        causes = Cause.objects.in_bulk([key for key, _title in wanted])
        kept = [causes[key] for key, _title in wanted if key in causes]
        if record.publish_at and not record.leads_to_id and not kept:
            raise RestoreRefused(
                [
                    gettext(
                        "All its causes from that version have been deleted, so there would be no checks. "
                        "Restore a cause first."
                    )
                ]
            )
        Check.objects.reorder(record, kept)
        return [
            gettext("The cause “%(title)s” has been deleted, so its check was left out.") % {"title": title}
            for key, title in wanted
            if key not in causes
        ]


class GuideHistory(HistoryAdmin):
    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> AsOfPage | None:
        guide = RecordsAt(moment).get(Guide, pk)
        if guide is None:
            return None
        context = {
            "guide": guide,
            "situations": as_of.situations_at(guide, moment),
            "contacts": as_of.contacts_at(moment),
        }
        return AsOfPage("guides/guide.html", context, hidden_reason(guide, moment))


def _onward_context(symptom: Symptom, moment: datetime) -> dict[str, object]:
    return {
        "symptom": symptom,
        "guide": symptom.leads_to,
        "situations": as_of.situations_at(symptom.leads_to, moment) if symptom.leads_to else [],
        "contacts": as_of.contacts_at(moment),
    }
