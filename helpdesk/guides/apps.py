from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "helpdesk.guides"
    verbose_name = _("Guides")

    def ready(self) -> None:
        from helpdesk.content.kinds import register
        from helpdesk.guides import kinds, ordering, permission_rules, publish_rules  # noqa: F401 (rules register themselves)

        register(*kinds.KINDS)
        ordering.connect()
        permission_rules.connect()
