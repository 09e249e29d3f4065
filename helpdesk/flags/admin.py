"""Flags in admin lists: a column and a filter."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.adminkit.html import record_url
from helpdesk.flags.models import Flag
from helpdesk.flags.views import flag, flag_done


class FlaggedFilter(admin.SimpleListFilter):
    """Filter for records with open flags."""

    title = _("flag")
    parameter_name = "flagged"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", gettext("Needs change"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "yes":
            return queryset
        flagged = Flag.objects.still_open().of_kind(queryset.model).order_by()
        return queryset.filter(pk__in=flagged.values("object_id"))


class FlaggedAdmin(SimpleHistoryAdmin):
    """Admin of records that can be flagged."""

    carries_flags = True

    class Media:
        css = {"all": ["staff/flags.css"]}
        js = ["staff/flags.js"]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*super().get_list_display(request), "needs_change")

    def get_list_filter(self, request: HttpRequest) -> tuple[object, ...]:
        return (*super().get_list_filter(request), FlaggedFilter)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list with the number of open flags of each row. One query."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        counted = Flag.objects.still_open().of_kind(self.model).filter(object_id__in=[row.pk for row in rows])
        flags = dict(counted.order_by().values_list("object_id").annotate(Count("pk")))
        for row in rows:
            row.open_flags = flags.get(row.pk, 0)
        return changelist

    @admin.display(description=_("flag"), empty_value="")
    def needs_change(self, record: Model) -> SafeString | None:
        return flag_badge(record, getattr(record, "open_flags", 0))


def flag_badge(record: Model, count: int) -> SafeString | None:
    """Return a mark that links to the record's flags; None without any."""
    if not count:
        return None
    text = ngettext("Needs change", "Needs change (%(count)d)", count) % {"count": count}
    return format_html('<a class="flag-badge" href="{}#flags">{}</a>', record_url(record), text)


def flag_urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the URL patterns behind the buttons."""
    return [
        path("flags/<slug:app>/<slug:model>/<int:pk>/", site.admin_view(flag), name="flag"),
        path("flags/<int:pk>/done/", site.admin_view(flag_done), name="flag-done"),
    ]
