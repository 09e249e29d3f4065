from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "helpdesk.guides"
    verbose_name = _("Guides")

    def ready(self) -> None:
        from helpdesk.guides import ordering, permission_rules, publish_rules  # noqa: F401 (the rules register themselves)

        ordering.connect()
        permission_rules.connect()
