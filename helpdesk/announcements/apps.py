from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class AnnouncementsConfig(content_app.ContentAppConfig):
    name = "helpdesk.announcements"
    verbose_name = _("Announcements")

    def ready(self) -> None:
        from helpdesk.announcements import publish_rules  # noqa: F401 (the rules register themselves)

        super().ready()
