from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PageCacheConfig(AppConfig):
    name = "helpdesk.pagecache"
    verbose_name = _("Page cache")

    def ready(self) -> None:
        from helpdesk.pagecache.triggers import TRIGGERS

        TRIGGERS.register(self)
