from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedirectsConfig(AppConfig):
    name = "helpdesk.redirects"
    verbose_name = _("Redirects")

    def ready(self) -> None:
        from helpdesk.permissions.rules import govern
        from helpdesk.redirects.models import Redirect

        govern(Redirect)
