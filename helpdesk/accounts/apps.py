"""The app of staff accounts; its signal receivers are connected here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "helpdesk.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from helpdesk.accounts import account_protection, events

        events.connect()
        account_protection.connect()

        # These load django-axes, which listens as well: so a failed sign-in is logged before the lock-out it leads to.
        from helpdesk.accounts import sessions, throttling

        throttling.connect()
        sessions.connect()
