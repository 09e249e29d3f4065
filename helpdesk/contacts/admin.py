"""Admin form of a contact line, and the lines as rows of their contact point."""

from __future__ import annotations

from django.contrib import admin

from helpdesk.contacts.models import ContactLine
from helpdesk.contentadmin.edit_conflicts import ContentForm


class ContactLineForm(ContentForm):
    """Form of one line."""

    class Meta:
        model = ContactLine
        fields = "__all__"


class ContactLineInline(admin.StackedInline):
    """The lines of a contact point, in the order visitors see them."""

    model = ContactLine
    extra = 0
