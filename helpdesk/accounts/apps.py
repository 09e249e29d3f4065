from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "helpdesk.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from helpdesk.accounts import events, guard, guessing, sessions

        events.connect()
        guessing.connect()
        sessions.connect()
        guard.connect()
