"""Admin form of a contact line, and the lines of a contact point as rows of its form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.ordered_inline import TolerantFormSet
from helpdesk.contacts.line_texts import READERS, missing_zone
from helpdesk.contacts.models import ContactLine
from helpdesk.contacts.numbers import InvalidNumber, parse
from helpdesk.contacts.zone_widget import ZoneWidget, zone_list

HELP = {
    "place": _("The country or region that callers look for: United States."),
    "number": _(
        "With the country code: +44 20 7710 5600, 1 877 442 2757. Words that stand for digits are fine: 1-800-FLOWERS."
    ),
    "extension": _("Digits only, dialed after the number."),
    "toll_free": _("Calls from this place are free. Visitors see the number the way people there write it."),
    "languages": _("Such as English, Spanish."),
    "cost": _("What a call costs, if callers should know."),
    "hours": _("Such as Mon-Fri 09:00-20:00, Sun 16:00-20:00. Also Sun-Thu 22:30-08:00 or 24 hours."),
    "time_zone": _("The time zone of these hours. Start typing a city."),
    "closed_days": _("Dates, with commas between them: 2026-12-25, 2027-01-01."),
    "note": _("One sentence that callers should read."),
}


class ContactLineFields(forms.ModelForm):
    """Number, hours, time zone and closed days as people write them; what cannot be read is refused by its field."""

    class Meta:
        model = ContactLine
        fields = (*HELP, "contact_point", "slug", "position")
        help_texts = HELP
        widgets = {
            "hours": forms.TextInput(attrs={"size": 60}),
            "closed_days": forms.TextInput(attrs={"size": 60}),
            "note": forms.TextInput(attrs={"size": 60}),
            "time_zone": ZoneWidget,
        }

    def clean_extension(self) -> str:
        return self._stored("extension")

    def clean_hours(self) -> str:
        return self._stored("hours")

    def clean_time_zone(self) -> str:
        return self._stored("time_zone")

    def clean_closed_days(self) -> str:
        return self._stored("closed_days")

    def _stored(self, name: str) -> str:
        """Return a text as it is stored; one that came from elsewhere may stay as it is until it is changed."""
        text = str(self.cleaned_data[name]).strip()
        try:
            return READERS[name](text) if text else ""
        except ValueError as error:
            if text == self.initial.get(name):
                return text
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._read_number()
        if self.cleaned_data.get("hours") and self.cleaned_data.get("time_zone") == "":
            self.add_error("time_zone", missing_zone())
        return cleaned

    def _read_number(self) -> None:
        """Store the number as it is read; one from an earlier version may stay as it is until it is changed."""
        typed = self.cleaned_data.get("number")
        if not typed or "extension" not in self.cleaned_data:
            return
        if typed == self.initial.get("number") and not self.instance.dialed.e164:
            return
        try:
            number = parse(typed, self.cleaned_data["extension"])
        except InvalidNumber as error:
            self.add_error("number", str(error))
            return
        self.cleaned_data |= {"number": number.text, "extension": number.extension}
        self.cleaned_data["toll_free"] = self.cleaned_data.get("toll_free") or number.is_toll_free


class ContactLineRow(ContactLineFields):
    """Row of a contact point's form; its key is made from the place."""

    class Meta(ContactLineFields.Meta):
        widgets = {**ContactLineFields.Meta.widgets, "time_zone": ZoneWidget(with_list=False)}


def free_slug(line: ContactLine) -> str:
    """Return a key for a new line that no other one has: customer-service-canada, customer-service-canada-2."""
    owner = getattr(line, "contact_point", None)
    base = slugify(f"{owner.slug if owner else ''} {line.place or 'line'}")[:70]
    taken = set(ContactLine.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := f"{base}-{n}" if n > 1 else base) not in taken)


class ContactLineFormSet(TolerantFormSet):
    """Rows of lines; two new ones of the same place get keys of their own."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> ContactLine:
        form.instance.contact_point = self.instance
        form.instance.slug = free_slug(form.instance)
        return super().save_new(form, commit=commit)


@admin.display(description=_("visitors read"))
def as_visitors_read_it(line: ContactLine) -> SafeString | str:
    """Return number, target and hours of a stored line as its pages show them."""
    parts = [line.shown_number, line.href, line.hours_words]
    if not any(parts):
        return "–"
    return format_html("<div>{}</div>", format_html_join(" · ", "<span>{}</span>", ((part,) for part in parts if part)))


class ContactLineInline(admin.StackedInline):
    """The lines of a contact point, in the order visitors see them."""

    model = ContactLine
    form = ContactLineRow
    formset = ContactLineFormSet
    template = "admin/contacts/lines.html"
    extra = 0
    view_on_site = False
    readonly_fields = ("reads",)
    fields = (
        "position",
        "place",
        ("number", "extension", "toll_free"),
        ("languages", "cost"),
        ("hours", "time_zone"),
        "closed_days",
        "note",
        "reads",
    )
    verbose_name_plural = _("lines, in the order visitors see them")

    def zone_list(self) -> SafeString:
        return zone_list()

    @admin.display(description=_("visitors read"))
    def reads(self, line: ContactLine) -> SafeString | str:
        return as_visitors_read_it(line)
