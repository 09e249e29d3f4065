"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedirectsConfig(AppConfig):
    name = "helpdesk.redirects"
    verbose_name = _("Redirects")

    def ready(self) -> None:
        from helpdesk.permissions.enforcement import register_rule
        from helpdesk.redirects.models import Redirect

        register_rule(Redirect)
