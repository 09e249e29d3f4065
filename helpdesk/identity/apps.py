from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin import content_app


class IdentityConfig(content_app.ContentAppConfig):
    name = "helpdesk.identity"
    verbose_name = _("Identity")
