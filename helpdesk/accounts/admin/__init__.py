"""The admin of people, of the log, and of lock-outs: for Administrators."""

from django.contrib import admin
from django.contrib.auth import admin as djangos_users
from django.contrib.auth.models import User
from django_otp.plugins.otp_static import admin as recovery_codes
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as apps_with_codes
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.permissions.groups import ADMINISTRATOR, AGENT, AUTHOR, EDITOR, grant_after_migrate

# Loaded above, so that they have registered theirs and do not come after us: pages that show the secrets of second
# factors, and one that lets whoever may change a user make him a superuser.
_LOADED = (djangos_users, recovery_codes, apps_with_codes)
for _model in (User, TOTPDevice, StaticDevice):
    admin.site.unregister(_model)

from helpdesk.accounts.admin import lockouts, log, people  # noqa: E402

grant_after_migrate("auth", {ADMINISTRATOR: {"user": "add change view"}})
grant_after_migrate(
    "accounts",
    {
        AGENT: {},
        AUTHOR: {},
        EDITOR: {},
        ADMINISTRATOR: {"staffevent": "view", "loggedchange": "view", "failedsignins": "view delete"},
    },
)

__all__ = ["lockouts", "log", "people"]
