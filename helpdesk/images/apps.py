from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    name = "helpdesk.images"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        from helpdesk.images import storage
        from helpdesk.images.models import Image
        from helpdesk.permissions.enforcement import register_rule

        storage.connect()
        register_rule(Image)
