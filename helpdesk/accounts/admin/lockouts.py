"""Who has to wait after wrong tries, and how Administrators end that."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.accounts import events
from helpdesk.accounts.admin.log import LogAdmin
from helpdesk.accounts.models import FailedSignIns


@admin.action(description=gettext_lazy("End the lock-out: forget these wrong tries"), permissions=["end"])
def end_lock_out(model_admin: Any, request: HttpRequest, queryset: QuerySet[FailedSignIns]) -> None:
    """Forgets the wrong tries: whoever they came from may try again at once."""
    chosen = list(queryset)
    for name in sorted({tries.username or "" for tries in chosen}):
        events.note(request, events.Kind.LOCK_OUT_ENDED, User.objects.filter(username=name).first())
    FailedSignIns.objects.filter(pk__in=[tries.pk for tries in chosen]).delete()
    done = ngettext("%d lock-out ended.", "%d lock-outs ended.", len(chosen)) % len(chosen)
    messages.success(request, done)


@admin.register(FailedSignIns)
class FailedSignInsAdmin(LogAdmin):
    actions = [end_lock_out]
    list_display = ("username", "ip_address", "failures_since_start", "attempt_time", "waits")
    search_fields = ("username", "ip_address")
    search_help_text = gettext_lazy("A name or an address")
    ordering = ("-attempt_time",)
    fields = ("username", "ip_address", "failures_since_start", "attempt_time", "waits")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_failedsignins")

    @admin.display(description=gettext_lazy("waits until"))
    def waits(self, tries: FailedSignIns) -> str:
        until = tries.attempt_time + settings.AXES_COOLOFF_TIME
        if tries.failures_since_start < settings.AXES_FAILURE_LIMIT or until < timezone.now():
            return _("does not wait")
        return date_format(timezone.localtime(until), "j F, H:i")
