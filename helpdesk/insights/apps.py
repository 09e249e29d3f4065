from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "helpdesk.insights"
    verbose_name = _("Insights")
