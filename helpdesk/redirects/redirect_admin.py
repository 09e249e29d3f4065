"""Admin of redirects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed
from helpdesk.addresses.pages import pages_by_number, public_numbers
from helpdesk.addresses.paths import normalize_typed
from helpdesk.adminkit.html import record_link, record_url
from helpdesk.contentadmin.history import HistoryAdmin
from helpdesk.history.restore import RestoreRefused
from helpdesk.history.versions import DELETED
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.redirects.page_field import LONGEST, PageField
from helpdesk.redirects.page_search import find_page, name_of, search_pages
from helpdesk.redirects.validation import validate_redirect


class Destination(TextChoices):
    """Choice of where a redirect leads."""

    PAGE = "page", _("A page")
    GONE = "gone", _("Gone (410): visitors are told that the page no longer exists")


class RedirectForm(forms.ModelForm):
    """Form of a redirect, which asks for a page instead of its help number."""

    way = forms.ChoiceField(
        label=_("Redirect to"), choices=Destination.choices, widget=forms.RadioSelect, initial=Destination.PAGE
    )
    page = PageField(label=_("Page"), required=False, help_text=_("Help number, address, or words of the title."))

    class Meta:
        model = Redirect
        fields = ("path", "note")
        error_messages = {"path": {"unique": _("This address already has a redirect. Change or end that one instead.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["way"] = Destination.PAGE if self.instance.target_id else Destination.GONE
            self.initial["page"] = self.instance.target_id
            self.initial["note"] = self.instance.get_note_display()

    def clean_path(self) -> str:
        return normalize_typed(self.cleaned_data["path"])

    def clean_note(self) -> str:
        """Return the note, as its code where nobody has changed the text of one."""
        note = self.cleaned_data["note"]
        return self.instance.note if note == self.instance.get_note_display() else note

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        way, page = self.cleaned_data.get("way"), self.cleaned_data.get("page")
        if way == Destination.GONE:
            self.errors.pop("page", None)
            self.instance.target_id = None
        elif page is not None:
            self.instance.target_id = page.number
        elif "page" not in self.errors:
            self.add_error("page", gettext("Enter the page's help number, address, or words of its title."))
        if "path" not in self.errors:
            if "page" in self.errors:
                self.instance.target_id = None  # the path is judged all the same
            self._validate_redirect()
        return cleaned

    def _validate_redirect(self) -> None:
        is_new = self.instance.pk is None
        path = self.cleaned_data["path"] if is_new else self.instance.path
        try:
            validate_redirect(path, self.instance.target_id, is_new=is_new)
        except ValidationError as error:
            if is_new or "page" not in self.errors:
                self.add_error("path" if is_new else "page", error)


@admin.register(Redirect)
class RedirectAdmin(HistoryAdmin):
    form = RedirectForm
    list_display = ("path", "leads_to", "created_at", "note_text")
    list_filter = (("target", admin.EmptyFieldListFilter),)
    search_fields = ("path", "note", "=target__number")
    search_help_text = _("Part of the address, help number, or words of the note")
    fields = ("path", "way", "page", "note")
    view_on_site = False
    delete_confirmation_template = "admin/links/redirect/end.html"

    class Media:
        css = {"all": ["staff/admin.css", "staff/links.css"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Redirect | None = None) -> tuple[str, ...]:
        return ("path",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Redirect | None = None) -> Sequence[str]:
        """Return the fields; for a user who may only view, text in place of the form's questions."""
        if obj is not None and not self.has_change_permission(request, obj):
            return ("path", "leads_to", "note_text", "created_at")
        return self.fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if "page" in form.base_fields:
            form.base_fields["page"].request = request
        return form

    def save_model(self, request: HttpRequest, obj: Redirect, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        DeadAddress.objects.answered_by(obj).delete()

    def put_back_rows(self, record: Redirect, moment: datetime) -> Sequence[str]:
        """Refuse an older state that would never answer or would lead in a circle. Raises RestoreRefused."""
        last = record.history.first()
        try:
            validate_redirect(record.path, record.target_id, is_new=last is not None and last.history_type == DELETED)
        except ValidationError as error:
            raise RestoreRefused(error.messages) from None
        return []

    def response_post_save_add(self, request: HttpRequest, obj: Redirect) -> HttpResponse:
        return self.back(request) or super().response_post_save_add(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        response = super().response_delete(request, obj_display, obj_id)
        return self.back(request) or response

    def back(self, request: HttpRequest) -> HttpResponse | None:
        """Return a redirect to where the user came from: the record of the page, or the not-found log."""
        if "dead" in request.GET:
            return HttpResponseRedirect(reverse("admin:links_deadaddress_changelist"))
        page = find_page(request.GET.get("page", "")[:LONGEST])
        return HttpResponseRedirect(record_url(page)) if page else None

    # The list

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Redirect], search_term: str
    ) -> tuple[QuerySet[Redirect], bool]:
        """Return the redirects with these words, also where they are in a note of the portal as it reads."""
        words = search_term.casefold().split()
        coded = queryset.filter(note__startswith='{"code": ') if words else queryset.none()
        keys = [one.pk for one in coded if all(word in one.get_note_display().casefold() for word in words)]
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        return found | queryset.filter(pk__in=keys), has_duplicates

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list; the pages that its rows lead to are looked up together."""
        changelist = super().get_changelist_instance(request)
        show_targets(changelist.result_list)
        return changelist

    @admin.display(description=_("redirects to"))
    def leads_to(self, redirect: Any) -> SafeString | str:
        if not hasattr(redirect, "shown_target"):
            show_targets([redirect])
        return redirect.shown_target

    @admin.display(description=_("note"), ordering="note")
    def note_text(self, redirect: Redirect) -> str:
        return redirect.get_note_display()

    # Suggestions

    def get_urls(self) -> list[URLPattern]:
        pages = path("pages/", self.admin_site.admin_view(self.pages), name="links_redirect_pages")
        return [pages, *super().get_urls()]

    def pages(self, request: HttpRequest) -> HttpResponse:
        """Return the pages with the words `q`, by number and name, as JSON."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
        meant = find_page(words)
        found = [meant] if meant else search_pages(request, words) if words else []
        return JsonResponse({"pages": [{"number": page.number, "name": name_of(page)} for page in found]})


def show_targets(redirects: QuerySet[Redirect] | list[Redirect]) -> None:
    """Set `shown_target` of each redirect to a link to its page. A fixed number of queries."""
    numbers = {redirect.target_id for redirect in redirects if redirect.target_id}
    records, public = pages_by_number(numbers), public_numbers(numbers)
    for redirect in redirects:
        redirect.__dict__["shown_target"] = target_text(redirect.target_id, records, public)


def target_text(number: int | None, records: dict[int, Addressed], public: set[int]) -> SafeString | str:
    """Return a link to the page with this help number, or in words why there is none."""
    if number is None:
        return gettext("gone (410)")
    if number not in records:
        return gettext("help no. %(number)d (deleted)") % {"number": number}
    link = record_link(records[number], name_of(records[number]))
    if number in public:
        return link
    return format_html("{} ({})", link, gettext("not visible to visitors"))
