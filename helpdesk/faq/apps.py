from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaqConfig(AppConfig):
    name = "helpdesk.faq"
    verbose_name = _("Technical FAQ")

    def ready(self) -> None:
        from helpdesk.content.kinds import register
        from helpdesk.faq import kinds, permission_rules, publish_rules  # noqa: F401 (the rules register themselves)

        register(*kinds.KINDS)
        permission_rules.connect()
