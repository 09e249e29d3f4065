from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class GuidesConfig(content_app.ContentAppConfig):
    name = "helpdesk.guides"
    verbose_name = _("Guides")
    has_own_permissions = True  # guides/admin/permissions.py

    def ready(self) -> None:
        # Rules register themselves.
        from helpdesk.guides import ordering, permission_rules, publish_rules, walk_rules  # noqa: F401

        permission_rules.connect()
        super().ready()
        ordering.connect()
