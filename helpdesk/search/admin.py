"""Admin of synonyms and of visitors' searches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import record_link
from helpdesk.adminkit.readonly import ReadOnlyAdmin
from helpdesk.content.kinds import searchable_kinds
from helpdesk.content.search_numbers import search_number, with_numbers
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.guides.models import Guide
from helpdesk.permissions.groups import AUTHOR, EDITOR, GroupPermissions, grant_after_migrate
from helpdesk.search import unmet_report
from helpdesk.search.models import Promise, Search, Synonym
from helpdesk.search.promise_form import PromiseForm
from helpdesk.search.search_log import UNCOUNTED
from helpdesk.search.synonym_form import SynonymForm

GROUP_PERMISSIONS: GroupPermissions = {
    AUTHOR: {
        "synonym": "add change view",
        "promise": "add change view",
        "search": "view",
        "openedpage": "view",
    },
    EDITOR: {
        "synonym": "add change delete view",
        "promise": "add change delete view",
        "search": "view",
        "openedpage": "view",
    },
}
grant_after_migrate("search", GROUP_PERMISSIONS)


@admin.register(Synonym)
class SynonymAdmin(ContentAdmin):
    has_page = False
    form = SynonymForm
    list_display = ("words", "means", "both_ways", "updated_at")
    list_filter = ("both_ways",)
    search_fields = ("words", "means")
    search_help_text = _("Words of customers or pages")
    fieldsets = (
        (
            None,
            {
                "fields": ("words", "means", "both_ways"),
                "description": _(
                    "Searches for a customer's word also find pages that use the portal's word. Changes "
                    "apply from the next search. Capitals, accents and endings don't matter: “token” also "
                    "covers “Tokens”."
                ),
            },
        ),
    )
    field_help = {
        "words": _("What customers type, such as “dongle”. Separate words or phrases with commas."),
        "means": _("What the pages call it, such as “security device”. Separate words or phrases with commas."),
        "both_ways": _(
            "Only if both mean exactly the same. Searches for the pages' words then also find "
            "pages that use the customers' words."
        ),
    }


@admin.register(Promise)
class PromiseAdmin(ContentAdmin):
    has_page = False
    form = PromiseForm
    list_display = ("phrases", "page", "updated_at")
    search_fields = ("words", "page")
    search_help_text = _("Words of customers, or the page's link")
    fieldsets = (
        (
            None,
            {
                "fields": ("page", "words"),
                "description": _("The page is the first result for these words, whatever other pages say."),
            },
        ),
    )
    field_help = {
        "words": _(
            "What customers type, such as “phone number”. One word or phrase on each line. Capitals, accents, endings, "
            "and spelling don't matter."
        ),
    }

    @admin.display(description=_("words"))
    def phrases(self, promise: Promise) -> str:
        return ", ".join(promise.words.splitlines())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if "page" in form.base_fields:
            form.base_fields["page"].request = request
        return form


class ResultFilter(admin.SimpleListFilter):
    title = _("result")
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("nothing", gettext("No results")),
            ("unopened", gettext("Results, none opened")),
            ("opened", gettext("Result opened")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Search]) -> QuerySet[Search]:
        match self.value():
            case "nothing":
                return queryset.filter(hits=0)
            case "unopened":
                return queryset.filter(hits__gt=0, opened=None)
            case "opened":
                return queryset.filter(opened__isnull=False).distinct()
        return queryset


class GuideFilter(admin.SimpleListFilter):
    title = _("guide")
    parameter_name = "guide"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", gettext("Whole portal")), *Guide.objects.values_list("slug", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Search]) -> QuerySet[Search]:
        if self.value() is None:
            return queryset
        return queryset.filter(guide="" if self.value() == "none" else self.value())


@admin.register(Search)
class SearchAdmin(ReadOnlyAdmin):
    list_display = ("words", "shown", "hits", "opened_pages", "guide", "day")
    list_filter = (ResultFilter, "day", GuideFilter)
    search_fields = ("words", "shown")
    search_help_text = _("Search words")
    fields = ("words", "shown", "hits", "opened_pages", "guide", "day", "recorded_at")

    @admin.display(description=_("opened"))
    def opened_pages(self, search: Any) -> str:
        titles = search.titles if hasattr(search, "titles") else titles_of([search])
        lines = ((titles.get(opened.number, opened.number),) for opened in search.opened.all())
        return format_html_join(", ", "{}", lines) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Search]:
        return super().get_queryset(request).prefetch_related("opened")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list, with the titles of all opened pages looked up together."""
        changelist = super().get_changelist_instance(request)
        titles = titles_of(changelist.result_list)
        for search in changelist.result_list:
            search.titles = titles
        return changelist

    # The report

    def get_urls(self) -> list[URLPattern]:
        in_vain = path("in-vain/", self.admin_site.admin_view(self.in_vain), name="search_search_in_vain")
        return [in_vain, *super().get_urls()]

    def in_vain(self, request: HttpRequest) -> HttpResponse:
        """Report searches without results, and those whose results nobody opened. Two queries."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Searches without results"),
            "opts": self.opts,
            "found_nothing": unmet_report.found_nothing(),
            "opened_nothing": unmet_report.opened_nothing(),
            "days": unmet_report.DAYS,
            "most": unmet_report.MOST_ROWS,
            "uncounted": UNCOUNTED,
            "may_add": request.user.has_perm("search.add_synonym"),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/search/search/in_vain.html", context)


def titles_of(searches: Iterable[Search]) -> dict[int, Any]:
    """Return a link to the record of each page that was opened, by number. One query for each kind of page."""
    numbers = {opened.number for search in searches for opened in search.opened.all()}
    found: dict[int, Any] = {}
    for kind in searchable_kinds():
        for page in kind.with_parent(kind.objects.filter(with_numbers(kind, numbers))):
            in_guide = getattr(kind.model, "address_scope", "")
            found[search_number(page)] = record_link(page, f"{kind.parent_name(page)} › {page}" if in_guide else "")
    return found
