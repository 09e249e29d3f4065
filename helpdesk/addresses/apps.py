"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AddressesConfig(AppConfig):
    name = "helpdesk.addresses"
    label = "links"
    verbose_name = _("Addresses")

    def ready(self) -> None:
        from helpdesk.addresses import publish_rules  # noqa: F401 (the rules register themselves)
        from helpdesk.addresses.triggers import TRIGGERS

        TRIGGERS.register(self)
