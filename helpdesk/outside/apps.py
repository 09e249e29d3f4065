from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class OutsideConfig(content_app.ContentAppConfig):
    name = "helpdesk.outside"
    verbose_name = _("Outside pages")

    def ready(self) -> None:
        from helpdesk.outside import publish_rules  # noqa: F401 (rules register themselves)

        super().ready()
