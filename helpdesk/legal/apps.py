from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class LegalConfig(content_app.ContentAppConfig):
    name = "helpdesk.legal"
    verbose_name = _("Legal texts")
