"""The admin of people, logs and lock-outs, for Administrators."""

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import User
from django_otp.plugins.otp_static import admin as otp_static_admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as otp_totp_admin
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.permissions.groups import ADMINISTRATOR, AGENT, AUTHOR, EDITOR, grant_after_migrate

# Imported above, so that they register their pages before we take them away: pages that show the secrets of second
# factors, and one on which anybody who may change a user can make a superuser.
_LOADED = (auth_admin, otp_static_admin, otp_totp_admin)
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
