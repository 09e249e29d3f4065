"""The admin of help numbers and former addresses: for looking up what became of an address."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from helpdesk.links.models import FormerAddress, HelpNumber
from helpdesk.staff.permissions import EDITOR, grant_after_migrate
from helpdesk.staff.readonly_admin import ReadOnlyAdmin

grant_after_migrate("links", {EDITOR: {"helpnumber": "view", "formeraddress": "view"}})


@admin.register(HelpNumber)
class HelpNumberAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind")
    list_filter = ("kind",)
    search_fields = ("=number",)
    search_help_text = _("A help number")


@admin.register(FormerAddress)
class FormerAddressAdmin(ReadOnlyAdmin):
    list_display = ("slug", "kind", "scope", "number", "until")
    list_filter = ("kind",)
    search_fields = ("slug", "=number")
    search_help_text = _("The last part of an old address, or a help number")
