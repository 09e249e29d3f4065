from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "helpdesk.staff"
    verbose_name = _("Staff")
    default = True


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's admin with the portal's own site; stands in INSTALLED_APPS in its place."""

    default = False
    default_site = "helpdesk.accounts.site.SignInSite"
