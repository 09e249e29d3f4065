from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinksConfig(AppConfig):
    name = "helpdesk.links"
    verbose_name = _("Addresses")

    def ready(self) -> None:
        from helpdesk.links import triggers
        from helpdesk.links.models import Redirect
        from helpdesk.staff.rights import govern

        triggers.connect(self)
        govern(Redirect)
