"""App config of Django's admin with the portal's own site."""

from django.contrib.admin import apps


class ContentAdminConfig(apps.AdminConfig):
    """Django's admin with the portal's own site; replaces it in INSTALLED_APPS."""

    default_site = "helpdesk.accounts.site.SignInSite"
