from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "helpdesk.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from helpdesk.content.kinds import register
        from helpdesk.permissions.enforcement import register_rule
        from helpdesk.search import index, kinds
        from helpdesk.search.models import Synonym

        register(*kinds.KINDS)
        index.connect(self)
        register_rule(Synonym)
