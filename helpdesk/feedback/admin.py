"""Read-only admin of visitors' feedback."""

from __future__ import annotations

import re

from django.contrib import admin
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Replace, Upper
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import record_link
from helpdesk.adminkit.readonly import ReadOnlyAdmin
from helpdesk.contentadmin.content_admin import removed_with_its_record
from helpdesk.feedback import merging
from helpdesk.feedback.handoffs import found_of, walk_of
from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Cause, Resolution
from helpdesk.history.versions import Version, history_of
from helpdesk.permissions.groups import AUTHOR, EDITOR, grant_after_migrate

__all__ = ["HandOffAdmin", "OutcomeAdmin", "UnmatchedWordsAdmin", "merging"]

LOOKING = {"outcome": "view", "handoff": "view", "unmatchedwords": "view"}
grant_after_migrate("feedback", {AUTHOR: LOOKING, EDITOR: LOOKING})


@admin.register(Outcome)
@removed_with_its_record
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ("day", "answer", "cause", "symptom", "applies", "during_announcement", "checks_before", "way_in")
    list_filter = ("answer", "applies", "during_announcement", "way_in", "day", "symptom__guide")
    list_select_related = ("symptom", "cause")
    search_fields = ("symptom__title", "cause__title")
    search_help_text = _("Words of a situation or a cause")
    fields = (
        *("day", "symptom", "cause", "answer", "applies", "causes_before", "texts_shown", "way_in"),
        *("during_announcement", "recorded_at"),
    )

    @admin.display(description=_("answered before"))
    def causes_before(self, outcome: Outcome) -> str:
        """Return the titles of the causes with an earlier answer; outcomes of earlier versions have only a number."""
        titles = dict(Cause.objects.filter(number__in=outcome.answered_before).values_list("number", "title"))
        names = [titles.get(number, str(number)) for number in outcome.answered_before]
        return ", ".join(names) or str(outcome.checks_before)

    @admin.display(description=_("texts shown"))
    def texts_shown(self, outcome: Outcome) -> SafeString | str:
        """Return when the texts were saved that the visitor read, each with a link to its history."""
        shown = ((Cause, outcome.cause_revision), (Resolution, outcome.resolution_revision))
        versions = [history_of(model).filter(pk=revision).first() for model, revision in shown]
        return format_html_join(", ", '<a href="{}">{}</a>', map(_history_link, filter(None, versions)))


def _history_link(version: Version) -> tuple[str, str]:
    model = version.instance_type
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[version.id])
    saved = date_format(timezone.localtime(version.history_date), "DATETIME_FORMAT")
    return page, gettext("%(kind)s of %(moment)s") % {"kind": capfirst(model._meta.verbose_name), "moment": saved}


@admin.register(HandOff)
@removed_with_its_record
class HandOffAdmin(ReadOnlyAdmin):
    list_display = ("reference", "created_at", "situation")
    list_filter = ("symptom__guide", "created_at")
    list_select_related = ("symptom__guide",)
    search_fields = ("reference", "symptom__title")
    search_help_text = _("Reference number or words of a situation. Spaces, hyphens and capitals don't matter.")
    fields = ("reference", "created_at", "situation", "goes_on", "summary_text")

    @admin.display(description=_("situation"), ordering="symptom__title")
    def situation(self, handoff: HandOff) -> SafeString:
        """Return links to the public page, to send to the customer, and to the record."""
        page = handoff.symptom
        record = record_link(page, gettext("record"))
        return format_html('<a href="{}">{} › {}</a> ({})', page.get_absolute_url(), page.guide, page, record)

    @admin.display(description=_("continue at"))
    def goes_on(self, handoff: HandOff) -> SafeString:
        """Return a link to the cause found, else the first open check, else the contacts, with the answers so far."""
        symptom, walk = handoff.symptom, walk_of(handoff)
        found = found_of(handoff)
        cause = found or walk.next
        if cause is None:
            page, title = reverse("help:contact", args=[symptom.guide.slug, symptom.slug]), gettext("Contact")
        else:
            name = "help:fix" if found else "help:check"
            page = reverse(name, args=[symptom.guide.slug, symptom.slug, cause])
            title = next(check.cause.title for check in symptom.checks_in_order if check.cause.slug == cause)
        return format_html('<a href="{}">{}</a>', page + walk.query, title)

    @admin.display(description=_("summary"))
    def summary_text(self, handoff: HandOff) -> SafeString:
        return format_html('<div class="plain-summary">{}</div>', handoff.summary)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[HandOff], search_term: str
    ) -> tuple[QuerySet[HandOff], bool]:
        """Search as usual, and by reference without regard to spaces, hyphens, and case."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        letters = re.sub(r"[^0-9A-Z]", "", search_term.upper())
        if not letters:
            return found, duplicates
        bare = Replace(Upper(F("reference")), Value("-"), Value(""), output_field=CharField())
        by_reference = self.model._default_manager.annotate(bare=bare).filter(bare__contains=letters)
        return queryset.filter(pk__in=by_reference.values("pk")) | found, duplicates


@admin.register(UnmatchedWords)
@removed_with_its_record
class UnmatchedWordsAdmin(ReadOnlyAdmin):
    list_display = ("words", "guide", "day")
    list_filter = ("guide", "day")
    list_select_related = ("guide",)
    search_fields = ("words",)
    search_help_text = _("Visitors' words")
    empty_value_display = _("No guide: search without results")
    fields = ("words", "guide", "day", "recorded_at")
    list_display_links = None
