"""Admin of groups: the headings of a guide as rows of its form, the choice of one, and each on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.ordered_inline import OrderedInline, OrderOnlyFormSet, TolerantFormSet
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.guides.admin.preview_paths import pages_of_guide
from helpdesk.guides.models import SituationGroup

Choices = list[tuple[Any, Any]]


def choices_of(groups: Iterable[SituationGroup]) -> Choices:
    """Return the choices of a field that chooses a group; below the names of their guides where there are several."""
    by_guide = [(guide, list(mine)) for guide, mine in groupby(groups, key=lambda group: group.guide)]
    named = [(guide.short_title, [(group.pk, group.title) for group in mine]) for guide, mine in by_guide]
    return [("", "–"), *(named if len(named) > 1 else [choice for _guide, mine in named for choice in mine])]


class GroupFormSet(TolerantFormSet):
    """Rows of groups; the key of a new one is made from its guide and its heading."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> SituationGroup:
        form.instance.slug = SituationGroup.objects.free_slug(self.instance, form.instance.title)
        return super().save_new(form, commit=commit)


class GroupInline(OrderedInline):
    """The groups of a guide."""

    model = SituationGroup
    formset = GroupFormSet
    fields = ("position", "title")
    verbose_name_plural = _("groups: headings in the list of situations")


class SituationFormSet(OrderOnlyFormSet):
    """Rows of situations, which can be ordered and put under a heading of their guide."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        field: Any = form.fields.get("group")
        if field is not None:
            field.queryset = SituationGroup.objects.filter(guide=self.instance.pk)
            field.choices = self._choices()
            select = getattr(field.widget, "widget", field.widget)  # the admin wraps it, with attributes of its own
            select.attrs["aria-label"] = f"{field.label}: {form.instance}"

    def _choices(self) -> Choices:
        """Return the groups of the guide. One query for all rows."""
        if not hasattr(self, "_group_choices"):
            groups = SituationGroup.objects.filter(guide=self.instance.pk).select_related("guide")
            self._group_choices = choices_of(groups)
        return self._group_choices


@admin.register(SituationGroup)
class SituationGroupAdmin(ContentAdmin):
    """Admin of a single group: its history, and a list of all headings."""

    list_display = ("title", "guide", "position")
    list_filter = ("guide",)
    list_select_related = ("guide",)
    search_fields = ("title", "slug", "guide__title")
    search_help_text = _("Words of a heading or a guide")
    autocomplete_fields = ("guide",)
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (_("Content"), {"fields": ("guide", "title", "position")}),
        (_("For staff"), {"fields": ("slug",)}),
    )
    field_help = {"position": _("Lower numbers come first.")}

    def preview_pages(self, record: SituationGroup, changed: set[str]) -> list[PreviewPage]:
        return pages_of_guide(record.guide)[:1]
