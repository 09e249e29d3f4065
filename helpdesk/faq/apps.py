from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class FaqConfig(content_app.ContentAppConfig):
    name = "helpdesk.faq"
    verbose_name = _("Technical FAQ")

    def ready(self) -> None:
        from helpdesk.faq import publish_rules  # noqa: F401 (the rules register themselves)

        super().ready()
