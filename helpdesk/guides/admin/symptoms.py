"""Admin of symptoms, with their checks in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.extensions import StaffLink, record_links
from helpdesk.content.publishing import State
from helpdesk.contentadmin.content_admin import is_key
from helpdesk.contentadmin.edit_conflicts import StoredDifference
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.contentadmin.publishing import PUBLISHING_FIELDSET
from helpdesk.guides.admin.checks import CheckFormSet, CheckInline
from helpdesk.guides.admin.groups import choices_of
from helpdesk.guides.admin.history import SymptomHistory
from helpdesk.guides.admin.preview_paths import pages_of_symptom, symptom_path
from helpdesk.guides.models import Guide, SituationGroup, Symptom
from helpdesk.redirects.page_deletion_admin import PageDeletionAdmin


@record_links
def add_to_guide(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    if isinstance(record, Guide) and request.user.has_perm("guides.add_symptom"):
        yield StaffLink(gettext("Add a situation"), f"{reverse('admin:guides_symptom_add')}?guide={record.pk}")


def in_the_same_guide(request: HttpRequest, response: HttpResponse, symptom: Symptom) -> HttpResponse:
    """Return the response to a saved form; "Save and add another" stays in the same guide."""
    if "_addanother" in request.POST and isinstance(response, HttpResponseRedirect):
        path, _, query = response.url.partition("?")
        asked = QueryDict(query, mutable=True)
        asked["guide"] = str(symptom.guide_id)
        return HttpResponseRedirect(f"{path}?{asked.urlencode()}")
    return response


@admin.register(Symptom)
class SymptomAdmin(SymptomHistory, PageDeletionAdmin):
    """Admin of a symptom, with its checks."""

    list_display = ("number", "title", "guide", "state", "review_by")
    list_display_links = ("number", "title")
    list_filter = ("guide",)
    list_select_related = ("guide", "leads_to")
    search_fields = ("title", "message", "keywords", "slug", "number", "causes__title", "guide__title")
    search_help_text = _("Words of the situation, a message on the screen, a cause or a help number")
    autocomplete_fields = ("guide", "leads_to")
    prepopulated_fields = {"slug": ("title",)}
    inlines = [CheckInline]
    fieldsets = (
        (_("Content"), {"fields": ("guide", "group", "title", "message", "introduction", "notice")}),
        (_("Search and home page"), {"fields": ("keywords", "on_home")}),
        (_("Continue in another guide"), {"fields": ("leads_to",)}),
        PUBLISHING_FIELDSET,
        (_("Address"), {"fields": ("slug", "position")}),
    )
    field_help = {
        "guide": _("Moving a situation to another guide keeps its old address working."),
        "position": _("Its position in the guide's list. You can also reorder the whole list on the guide's page."),
    }

    merge_help = _(
        "All of the above, plus its keywords, its message (as a keyword), FAQ entries, "
        "reference numbers and answers to checks that both have, move to the other page. Its "
        "texts and its own checks are deleted."
    )

    def name_in_lists(self, symptom: Symptom) -> str:
        """Return the name of the symptom in autocomplete fields."""
        return symptom_path(symptom)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Symptom]:
        return super().get_queryset(request).select_related("guide", "group", "leads_to")

    def get_form(self, request: HttpRequest, obj: Symptom | None = None, **kwargs: Any) -> type[ModelForm]:
        """Offer the groups of the guide; of all guides where it is not known yet."""
        form = super().get_form(request, obj, **kwargs)
        field: Any = form.base_fields.get("group")
        if field is not None:
            guide: Any = obj.guide_id if obj else request.GET.get("guide")
            groups = SituationGroup.objects.select_related("guide")
            field.choices = choices_of(groups.filter(guide=int(guide)) if obj or is_key(guide) else groups)
        return form

    def hidden_because(self, page: Symptom) -> str:
        if page.state != State.PUBLISHED:
            return ""
        if page.guide.state != State.PUBLISHED:
            return gettext("Not visible to visitors: its guide isn't published.")
        if page.leads_to and page.leads_to.state != State.PUBLISHED:
            return gettext("Not visible to visitors: the guide it continues in isn't published.")
        return ""

    def response_add(self, request: HttpRequest, obj: Symptom, post_url_continue: str | None = None) -> HttpResponse:
        """Stay in the guide when another situation is added."""
        response = super().response_add(request, obj, post_url_continue)
        return in_the_same_guide(request, response, obj)

    def response_change(self, request: HttpRequest, obj: Symptom) -> HttpResponse:
        return in_the_same_guide(request, super().response_change(request, obj), obj)

    def preview_pages(self, record: Symptom, changed: set[str]) -> list[PreviewPage]:
        return pages_of_symptom(record)

    def further_differences(self, form: ModelForm, formsets: Sequence[BaseFormSet]) -> Sequence[StoredDifference]:
        """Return the stored order of checks, when it is not the one in the rows."""
        for formset in formsets:
            if isinstance(formset, CheckFormSet) and formset.is_valid() and formset.wanted() != formset.stored():
                lines = [f"{place}. {cause}" for place, cause in enumerate(formset.stored(), start=1)]
                return [StoredDifference(gettext("Checks"), "\n".join(lines) or "–")]
        return []
