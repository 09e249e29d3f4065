from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "helpdesk.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from helpdesk.permissions.enforcement import register_rule
        from helpdesk.search import index
        from helpdesk.search.models import Synonym

        index.connect(self)
        register_rule(Synonym)
