"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgentsConfig(AppConfig):
    name = "helpdesk.agents"
    label = "tickets"
    verbose_name = _("Ticket links")
