"""The app of staff accounts; its signal receivers are loaded here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "helpdesk.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # `throttling` is last: it loads django-axes, which listens as well, and a failed sign-in is logged before the
        # lock-out it leads to.
        from helpdesk.accounts import account_protection, events, sessions, throttling  # noqa: F401
