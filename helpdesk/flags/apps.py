"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlagsConfig(AppConfig):
    name = "helpdesk.flags"
    label = "staff"
    verbose_name = _("Staff")
