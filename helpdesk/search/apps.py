from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "helpdesk.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from helpdesk.search import index
        from helpdesk.search.models import Synonym
        from helpdesk.staff.rights import govern

        index.connect(self)
        govern(Synonym)
