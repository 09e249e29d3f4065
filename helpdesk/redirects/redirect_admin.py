"""The admin of redirects: make one, see where each leads, end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.page_field import LONGEST, PageField
from helpdesk.addresses.page_index import name_of, page_meant, pages_with, public_numbers, records_of
from helpdesk.addresses.paths import read
from helpdesk.adminkit.html import record_link, record_url
from helpdesk.contentadmin.history import HistoryAdmin
from helpdesk.redirects.models import DeadAddress, Redirect


class Way(TextChoices):
    PAGE = "page", _("To a page")
    GONE = "gone", _("Nowhere: visitors are told that it is gone (410)")


class RedirectForm(forms.ModelForm):
    way = forms.ChoiceField(label=_("Where it leads"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.PAGE)
    page = PageField(
        label=_("Page"), required=False, help_text=_("Its help number, its address, or words of its title.")
    )

    class Meta:
        model = Redirect
        fields = ("path", "note")
        error_messages = {
            "path": {"unique": _("This address is led somewhere already. Change or end that redirect instead.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["way"] = Way.PAGE if self.instance.target_id else Way.GONE
            self.initial["page"] = self.instance.target_id

    def clean_path(self) -> str:
        return read(self.cleaned_data["path"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        way, page = self.cleaned_data.get("way"), self.cleaned_data.get("page")
        if way == Way.GONE:
            self.errors.pop("page", None)
            self.instance.target_id = None
        elif page is not None:
            self.instance.target_id = page.number
        elif "page" not in self.errors:
            self.add_error("page", gettext("Which page? Give its help number, its address, or words of its title."))
        return cleaned


@admin.register(Redirect)
class RedirectAdmin(HistoryAdmin):
    form = RedirectForm
    list_display = ("path", "leads_to", "created_at", "note")
    list_filter = (("target", admin.EmptyFieldListFilter),)
    search_fields = ("path", "note", "=target__number")
    search_help_text = _("A part of the address, the help number it leads to, or words of the note")
    fields = ("path", "way", "page", "note")
    view_on_site = False
    delete_confirmation_template = "admin/links/redirect/end.html"

    class Media:
        css = {"all": ["staff/admin.css", "staff/links.css"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("path",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """For who may only look, what the form would ask for is a line of text."""
        if obj is not None and not self.has_change_permission(request, obj):
            return ("path", "leads_to", "note", "created_at")
        return self.fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if "page" in form.base_fields:
            form.base_fields["page"].request = request
        return form

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        DeadAddress.objects.answered_by(obj).delete()

    def response_post_save_add(self, request: HttpRequest, obj: Redirect) -> HttpResponse:
        return self.back(request, obj) or super().response_post_save_add(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        response = super().response_delete(request, obj_display, obj_id)
        return self.back(request) or response

    def back(self, request: HttpRequest, redirect: Redirect | None = None) -> HttpResponse | None:
        """To where the user came from: the page that the redirect leads to, or the list of dead addresses."""
        if "dead" in request.GET:
            return HttpResponseRedirect(reverse("admin:links_deadaddress_changelist"))
        page = page_meant(request.GET.get("page", "")[:LONGEST])
        return HttpResponseRedirect(record_url(page)) if page else None

    # The list

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; the pages that its rows lead to are looked up together."""
        changelist = super().get_changelist_instance(request)
        show_targets(changelist.result_list)
        return changelist

    @admin.display(description=_("leads to"))
    def leads_to(self, redirect: Any) -> SafeString | str:
        if not hasattr(redirect, "shown_target"):
            show_targets([redirect])
        return redirect.shown_target

    # Suggestions

    def get_urls(self) -> list[URLPattern]:
        pages = path("pages/", self.admin_site.admin_view(self.pages), name="links_redirect_pages")
        return [pages, *super().get_urls()]

    def pages(self, request: HttpRequest) -> HttpResponse:
        """Pages with the words `q`, by number and name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
        meant = page_meant(words)
        found = [meant] if meant else pages_with(request, words) if words else []
        return JsonResponse({"pages": [{"number": page.number, "name": name_of(page)} for page in found]})


def show_targets(redirects: QuerySet[Redirect] | list[Redirect]) -> None:
    """Gives each redirect what to show of where it leads, `shown_target`. A fixed number of queries."""
    numbers = {redirect.target_id for redirect in redirects if redirect.target_id}
    records, public = records_of(numbers), public_numbers(numbers)
    for redirect in redirects:
        redirect.shown_target = shown(redirect.target_id, records, public)  # type: ignore[attr-defined]


def shown(number: int | None, records: dict[int, Any], public: set[int]) -> SafeString | str:
    if number is None:
        return gettext("nowhere: gone (410)")
    if number not in records:
        return gettext("help no. %(number)d, which is deleted") % {"number": number}
    link = record_link(records[number], name_of(records[number]))
    if number in public:
        return link
    return format_html("{} ({})", link, gettext("visitors do not see it now"))
