from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "helpdesk.reports"
    label = "insights"
    verbose_name = _("Insights")
