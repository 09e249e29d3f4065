"""The history of guides, symptoms, causes and resolutions in the admin: whole pages, as they were, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helpdesk.contentadmin.history import HistoryAdmin
from helpdesk.contentadmin.history_pages import Past
from helpdesk.guides import as_of
from helpdesk.guides.models import Cause, Check, Symptom
from helpdesk.guides.views import walk_context
from helpdesk.guides.walk import Walk
from helpdesk.guides.walk_view import WalkView
from helpdesk.history.restore import Refused
from helpdesk.history.timeline import PageHistory


class SymptomHistory(HistoryAdmin):
    def page_history(self, pk: int) -> PageHistory:
        return as_of.symptom_history(pk)

    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> Past | None:
        found = as_of.PastSymptom(pk, moment)
        symptom = found.symptom
        if symptom is None or not found.has_guide:
            return None
        because = found.hidden_because
        if symptom.leads_to is not None:
            context = {
                "symptom": symptom,
                "guide": symptom.leads_to,
                "situations": as_of.situations_at(symptom.leads_to, moment),
                "contacts": as_of.contacts_at(moment),
            }
            return Past("guides/onward.html", context, not because, because)
        checks = tuple(check.cause.slug for check in symptom.checks.all())
        walk = WalkView(request, symptom, Walk(checks))
        return Past("guides/all.html", walk_context(walk), not because, because, found.lost)

    def put_back_rows(self, record: Symptom, moment: datetime) -> Sequence[str]:
        """The checks and their order as they were; causes that are gone are left out, and named."""
        wanted = as_of.checks_at(record.pk, moment)
        causes = Cause.objects.in_bulk([key for key, _title in wanted])
        kept = [causes[key] for key, _title in wanted if key in causes]
        if record.publish_at and not record.leads_to_id and not kept:
            raise Refused([_("All causes it had then were deleted, so visitors would find nothing to check.")])
        Check.objects.reorder(record, kept)
        return [
            _("The cause “%(title)s” was deleted meanwhile, so its check is left out.") % {"title": title}
            for key, title in wanted
            if key not in causes
        ]


class GuideHistory(HistoryAdmin):
    def page_history(self, pk: int) -> PageHistory:
        return as_of.guide_history(pk)

    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> Past | None:
        guide = as_of.guide_at(pk, moment)
        if guide is None:
            return None
        because = as_of.not_public_because(guide, moment)
        context = {"guide": guide, "situations": guide.situations, "contacts": as_of.contacts_at(moment)}
        return Past("guides/guide.html", context, not because, because)


class CauseHistory(HistoryAdmin):
    def page_history(self, pk: int) -> PageHistory:
        return as_of.cause_history(pk)


class ResolutionHistory(HistoryAdmin):
    def page_history(self, pk: int) -> PageHistory:
        return as_of.resolution_history(pk)
