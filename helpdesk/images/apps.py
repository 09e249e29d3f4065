"""The app of pictures; its signal receivers and its rule are registered here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    name = "helpdesk.images"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        from helpdesk.images import signals  # noqa: F401
        from helpdesk.images.models import Image
        from helpdesk.permissions.enforcement import register_rule

        register_rule(Image)
