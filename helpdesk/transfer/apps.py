"""Configuration of the app for export and import. Its label is older than its name: tables keep theirs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "helpdesk.transfer"
    label = "bundles"
    verbose_name = _("Export and import")
