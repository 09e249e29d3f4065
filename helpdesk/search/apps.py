from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class SearchConfig(content_app.ContentAppConfig):
    name = "helpdesk.search"
    verbose_name = _("Search")
    has_own_permissions = True  # search/admin.py

    def ready(self) -> None:
        from helpdesk.search import index, publish_rules  # noqa: F401 (the rules register themselves)

        super().ready()
        index.connect(self)
