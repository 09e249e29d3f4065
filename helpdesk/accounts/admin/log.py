"""The admin of the two logs: events of accounts, and changes of records."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.models import EventKind, LoggedChange, StaffEvent
from helpdesk.adminkit.coded_text import text_from_json
from helpdesk.adminkit.readonly import ReadOnlyAdmin
from helpdesk.history.reasons import reason_text
from helpdesk.permissions.names import display_name


class LogAdmin(ReadOnlyAdmin):
    """Read-only list under the name of its log."""

    list_display_links = None
    list_per_page = 50


class PersonFilter(admin.SimpleListFilter):
    """Filter by person, among all accounts."""

    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(str(user.pk), display_name(user)) for user in User.objects.order_by("username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if not (value.isascii() and value.isdecimal() and len(value) < 19):
            return queryset
        condition = Q(user=int(value))
        return queryset.filter(condition | Q(by=int(value)) if queryset.model is StaffEvent else condition)


@admin.register(StaffEvent)
class StaffEventAdmin(LogAdmin):
    list_display = ("moment", "account", "kind", "done_by", "more", "network")
    list_filter = (PersonFilter, "kind")
    date_hierarchy = "moment"
    list_select_related = ("user", "by")
    search_fields = ("user__username", "user__first_name", "user__last_name", "network")
    search_help_text = _("User name or network")
    fields = ("moment", "account", "kind", "done_by", "more", "network")

    @admin.display(description=_("account"), ordering="user__username")
    def account(self, event: StaffEvent) -> str:
        if event.user is None and event.kind in (EventKind.SIGN_IN_FAILED, EventKind.LOCKED_OUT):
            return gettext("unknown user name")
        return display_name(event.user, missing="–")

    @admin.display(description=_("by"), ordering="by__username", empty_value="")
    def done_by(self, event: StaffEvent) -> str:
        return display_name(event.by) if event.by else ""

    @admin.display(description=_("details"), ordering="detail")
    def more(self, event: StaffEvent) -> str:
        """The detail in words; rows of earlier versions have the words themselves."""
        return text_from_json(event.detail)


@admin.register(LoggedChange)
class LoggedChangeAdmin(LogAdmin):
    list_display = ("moment", "person", "what", "kind_of_record", "record")
    list_filter = (PersonFilter, "action_flag")
    date_hierarchy = "action_time"
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "user__username", "user__first_name", "user__last_name")
    search_help_text = _("Record or user name")
    fields = ("moment", "person", "what", "kind_of_record", "record")

    @admin.display(description=_("when"), ordering="action_time")
    def moment(self, change: LoggedChange) -> datetime:
        return change.action_time

    @admin.display(description=_("user"), ordering="user__username")
    def person(self, change: LoggedChange) -> str:
        return display_name(change.user, missing="–")

    @admin.display(description=_("action"), ordering="action_flag")
    def what(self, change: LoggedChange) -> str:
        if change.is_deletion():
            return gettext("Deleted.")
        text = reason_text(text_from_json(change.get_change_message()))
        return Truncator(text or change.get_action_flag_display()).chars(200)

    @admin.display(description=_("type"), ordering="content_type__model")
    def kind_of_record(self, change: LoggedChange) -> str:
        model = change.content_type.model_class() if change.content_type else None
        return str(model._meta.verbose_name) if model else "–"

    @admin.display(description=_("record"), ordering="object_repr")
    def record(self, change: LoggedChange) -> SafeString | str:
        address = None if change.is_deletion() else change.get_admin_url()
        if not address:
            return change.object_repr
        return format_html('<a href="{}">{}</a>', address, change.object_repr)
