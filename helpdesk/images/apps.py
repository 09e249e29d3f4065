"""The app of pictures; its signal receivers and its rule are registered here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    name = "helpdesk.images"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        from helpdesk.images import signals
        from helpdesk.images.models import Image
        from helpdesk.permissions.enforcement import register_rule

        signals.connect()
        register_rule(Image)
