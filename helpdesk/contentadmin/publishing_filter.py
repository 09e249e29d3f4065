"""List filter by state."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.publishing import State, is_published

REVIEW_DUE = "review-due"


class StateFilter(admin.SimpleListFilter):
    """Filter by draft, scheduled, published and archived; and by a review date that has passed."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [*((state.value, str(state.label)) for state in State), (REVIEW_DUE, gettext("Review date passed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        conditions = {
            State.DRAFT.value: Q(publish_at=None),
            State.SCHEDULED.value: Q(publish_at__gt=now),
            State.PUBLISHED.value: is_published(at=now),
            State.ARCHIVED.value: Q(publish_at__lte=now, archive_at__lte=now),
            REVIEW_DUE: Q(review_by__lt=timezone.localdate()),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))
