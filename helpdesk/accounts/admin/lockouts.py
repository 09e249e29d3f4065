"""The admin of lock-outs after failed sign-ins."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts import events
from helpdesk.accounts.admin.log import LogAdmin
from helpdesk.accounts.models import EventKind, FailedSignIns


@admin.action(description=_("End lockout"), permissions=["end"])
def end_lock_out(model_admin: object, request: HttpRequest, queryset: QuerySet[FailedSignIns]) -> None:
    """Delete the failures, so that their address may try again at once."""
    chosen = list(queryset)
    for name in sorted({tries.username or "" for tries in chosen}):
        events.log_event(request, EventKind.LOCK_OUT_ENDED, User.objects.filter(username=name).first())
    FailedSignIns.objects.filter(pk__in=[tries.pk for tries in chosen]).delete()
    done = ngettext("%d lockout ended.", "%d lockouts ended.", len(chosen)) % len(chosen)
    messages.success(request, done)


@admin.register(FailedSignIns)
class FailedSignInsAdmin(LogAdmin):
    actions = [end_lock_out]
    list_display = ("user_name", "address", "failures", "last_attempt", "waits")
    search_fields = ("username", "ip_address")
    search_help_text = _("User name or IP address")
    ordering = ("-attempt_time",)
    fields = ("user_name", "address", "failures", "last_attempt", "waits")

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_failedsignins")

    @admin.display(description=_("user name"), ordering="username")
    def user_name(self, tries: FailedSignIns) -> str:
        return tries.username or ""

    @admin.display(description=_("IP address"), ordering="ip_address")
    def address(self, tries: FailedSignIns) -> str:
        return tries.ip_address or ""

    @admin.display(description=_("failed logins"), ordering="failures_since_start")
    def failures(self, tries: FailedSignIns) -> int:
        return tries.failures_since_start

    @admin.display(description=_("last attempt"), ordering="attempt_time")
    def last_attempt(self, tries: FailedSignIns) -> datetime:
        return tries.attempt_time

    @admin.display(description=_("locked out until"))
    def waits(self, tries: FailedSignIns) -> str:
        until = tries.attempt_time + settings.AXES_COOLOFF_TIME
        if tries.failures_since_start < settings.AXES_FAILURE_LIMIT or until < timezone.now():
            return gettext("not locked out")
        return date_format(timezone.localtime(until), "DATETIME_FORMAT")
