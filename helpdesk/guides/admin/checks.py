"""Inline rows of a symptom's checks.

The form holds causes in an order, and `Check.objects.reorder` stores that. A row is identified by its cause and not by
its primary key, so rows that somebody else has deleted or moved meanwhile do no harm.
"""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import record_link
from helpdesk.adminkit.ordered_inline import OrderedInline, TolerantFormSet
from helpdesk.guides.models import Cause, Check


class CheckForm(forms.ModelForm):
    """Row with a cause and its position."""

    position = forms.IntegerField(label=_("order"), required=False)

    class Meta:
        model = Check
        fields = ("cause", "position")

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc]

    def validate_unique(self) -> None:
        """Left to the formset: rows that change places are not unique on the way."""

    def validate_constraints(self) -> None:
        """Left to the formset, as above."""


class CheckFormSet(TolerantFormSet):
    """Rows of checks, saved as a whole."""

    def validate_unique(self) -> None:
        """Left to `clean`, which names the cause."""

    def clean(self) -> None:
        causes = self.wanted()
        for cause in {cause for cause in causes if causes.count(cause) > 1}:
            raise ValidationError(
                gettext("“%(cause)s” is listed more than once. Remove the other rows.") % {"cause": cause}
            )

    def wanted(self) -> list[Cause]:
        """Return the causes of the rows that stay, by position; rows without one come last, equal ones as sent."""
        rows = []
        for index, form in enumerate(self.forms):
            sent = self._sent(form)
            if sent is not None:
                cause, number = sent
                rows.append((number is None, number or 0, index, cause))
        return [cause for *_order, cause in sorted(rows, key=lambda row: row[:3])]

    def _sent(self, form: forms.ModelForm) -> tuple[Cause, int | None] | None:
        """Return cause and position of a row; None for one that is empty, to be deleted, or not this user's to add."""
        if not hasattr(form, "cleaned_data") or form.cleaned_data.get("DELETE"):
            return None
        if form.has_changed():
            cause = form.cleaned_data.get("cause")
            return (cause, form.cleaned_data.get("position")) if cause else None
        # Also a row that its user may not change: the values sent for it do not count.
        return (form.instance.cause, form.instance.position) if form.instance.pk else None

    def stored(self) -> list[Cause]:
        """Return the causes of the symptom's stored checks, in order."""
        checks = Check.objects.filter(symptom_id=self.instance.pk).order_by("position")
        return [check.cause for check in checks.select_related("cause")]

    def save(self, commit: bool = True) -> list[Check]:
        """Make the rows the symptom's checks; write nothing when they are that already."""
        before = {check.cause_id: check for check in Check.objects.filter(symptom=self.instance)}
        wanted = self.wanted()
        if wanted != self.stored():
            Check.objects.reorder(self.instance, wanted)
        after = list(Check.objects.filter(symptom=self.instance).order_by("position"))
        kept = {check.cause_id for check in after}
        # Read by Django's admin for its log.
        self.new_objects = [check for check in after if check.cause_id not in before]
        self.changed_objects = [
            (check, ["position"])
            for check in after
            if check.cause_id in before and before[check.cause_id].position != check.position
        ]
        self.deleted_objects = [check for cause, check in before.items() if cause not in kept]
        return after


class CheckInline(OrderedInline):
    """The checks of a symptom, in the order of the walk."""

    model = Check
    form = CheckForm
    formset = CheckFormSet
    fields = ("position", "cause", "cause_page", "resolution_page")
    readonly_fields = ("cause_page", "resolution_page")
    autocomplete_fields = ("cause",)
    verbose_name_plural = _("checks, in the order visitors see them")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        return super().get_queryset(request).select_related("cause__resolution")

    @admin.display(description=_("page of the cause"))
    def cause_page(self, check: Check) -> SafeString | str:
        return record_link(check.cause) if check.cause_id else "–"

    @admin.display(description=_("page of the resolution"))
    def resolution_page(self, check: Check) -> SafeString | str:
        return record_link(check.cause.resolution) if check.cause_id else "–"
