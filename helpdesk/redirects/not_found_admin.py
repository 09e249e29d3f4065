"""Admin of the not-found log: paths that visitors asked for, and the decisions about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.help_numbers import parse_help_number
from helpdesk.addresses.pages import page_with_number
from helpdesk.adminkit.coded_text import CodedText
from helpdesk.adminkit.readonly import ReadOnlyAdmin
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.redirects.page_search import name_of
from helpdesk.redirects.suggestions import suggest_pages
from helpdesk.redirects.validation import validate_redirect

REDIRECT_FROM_LIST = CodedText("redirect-from-list", _("Created from the dead addresses"))


class WaitingFilter(admin.SimpleListFilter):
    """Filter that shows only the rows that wait for a decision, unless asked otherwise."""

    title = _("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("aside", gettext("Ignored"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": gettext("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[DeadAddress]:
        return queryset.exclude(dismissed_at=None) if self.value() == "aside" else queryset.waiting()


@admin.action(description=_("Mark as gone (410)"), permissions=["decide"])
def leave_gone(model_admin: DeadAddressAdmin, request: HttpRequest, queryset: QuerySet[DeadAddress]) -> None:
    with transaction.atomic():
        paths = list(queryset.values_list("path", flat=True))
        done = sum(model_admin.make_redirect(request, path, None) for path in paths)
    if done:
        text = ngettext("%d address is now gone (410).", "%d addresses are now gone (410).", done)
        messages.success(request, text % done)


@admin.action(description=_("Ignore"), permissions=["decide"])
def put_aside(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[DeadAddress]) -> None:
    done = DeadAddress.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))).update(
        dismissed_at=timezone.now()
    )
    messages.success(request, ngettext("%d address ignored.", "%d addresses ignored.", done) % done)


@admin.register(DeadAddress)
class DeadAddressAdmin(ReadOnlyAdmin):
    list_display = ("address", "count", "status_code", "last_day")
    list_display_links = None
    list_filter = (WaitingFilter, "status")
    list_per_page = 50
    search_fields = ("path",)
    search_help_text = _("Part of the address")
    actions = [leave_gone, put_aside]
    fields = ("path", "count", "status", "first_at", "last_at")

    class Media:
        css = {"all": ["staff/admin.css", "staff/links.css"]}

    def has_decide_permission(self, request: HttpRequest, obj: DeadAddress | None = None) -> bool:
        """Return whether the user may decide about a path."""
        return request.user.has_perm("links.add_redirect")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list; the suggestions of its rows are looked up together."""
        changelist = super().get_changelist_instance(request)
        rows: Any = changelist.result_list
        suggestions = suggest_pages([row.path for row in rows])
        for row in rows:
            row.suggestion, row.may_decide = suggestions.get(row.path), self.has_decide_permission(request)
        return changelist

    @admin.display(description=_("address and suggested page"), ordering="path")
    def address(self, row: DeadAddress) -> SafeString:
        return render_to_string("admin/links/deadaddress/_row.html", {"row": row})

    @admin.display(description=_("status"), ordering="status")
    def status_code(self, row: DeadAddress) -> int:
        return row.status

    @admin.display(description=_("last requested"), ordering="last_at")
    def last_day(self, row: DeadAddress) -> str:
        return date_format(timezone.localtime(row.last_at), "DATE_FORMAT")

    def list_title(self) -> str:
        return gettext("Addresses visitors couldn't find")

    # One click for each row

    def get_urls(self) -> list[URLPattern]:
        decide = path("<int:pk>/decide/", self.admin_site.admin_view(self.decide), name="links_deadaddress_decide")
        return [decide, *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Apply what a button in a row of the list decides: `to` is a help number, "gone" or "aside"."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_decide_permission(request):
            raise PermissionDenied
        row = get_object_or_404(DeadAddress, pk=pk)
        match request.POST.get("to", ""):
            case "gone":
                if self.make_redirect(request, row.path, None):
                    messages.success(request, gettext("%(path)s is now gone (410).") % {"path": row.path})
            case "aside":
                put_aside(self, request, DeadAddress.objects.filter(pk=pk))
            case chosen:
                self.redirect_to(request, row.path, chosen)
        return HttpResponseRedirect(reverse("admin:links_deadaddress_changelist"))

    def redirect_to(self, request: HttpRequest, path: str, chosen: str) -> None:
        number = parse_help_number(chosen)
        page = None if number is None else page_with_number(number)
        if page is None:
            messages.error(request, gettext("That page no longer exists. Choose another one."))
        elif self.make_redirect(request, path, page.number):
            text = gettext("%(path)s now redirects to “%(page)s”.")
            messages.success(request, text % {"path": path, "page": name_of(page)})

    def make_redirect(self, request: HttpRequest, path: str, number: int | None) -> bool:
        """Make a redirect. Returns False, with a message that says why, where it is refused."""
        try:
            validate_redirect(path, number, is_new=True)
        except ValidationError as error:
            for text in error.messages:
                messages.error(request, f"{path}: {text}")
            return False
        with transaction.atomic():
            redirect = Redirect.objects.set_target(path, number)
            self.log_addition(request, redirect, REDIRECT_FROM_LIST.to_json())
        return True
