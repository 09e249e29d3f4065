"""Checks of settings, staff accounts and backups."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as CheckWarning
from django.utils.translation import gettext, ngettext

from helpdesk.operations.backup import creation
from helpdesk.operations.diagnostics.registry import Section, diagnostic

# A daily backup with time to run, and one that has failed for a week.
BACKUP_LATE, BACKUP_MISSING = timedelta(hours=26), timedelta(days=8)
_THIS_MACHINE = ("127.0.0.1", "::1")


@diagnostic(Section.SETTINGS)
def debug_mode() -> CheckMessage:
    if settings.DEBUG:
        return Error(
            gettext("DEBUG=1 shows everybody what went wrong, with the portal's insides."), hint=gettext("Remove it.")
        )
    return Info(gettext("Errors show nothing of the portal's insides."))


@diagnostic(Section.SETTINGS)
def secret_key() -> CheckMessage:
    if os.environ.get("SECRET_KEY", "").strip():
        return Info(gettext("The secret key comes from the environment."))
    file = settings.DATA_DIR / "secret_key"
    if file.stat().st_mode & 0o077:
        return Error(
            gettext("Others may read the secret key in %(file)s.") % {"file": file}, hint="chmod 600 " + str(file)
        )
    return Info(gettext("Only the portal may read its secret key. It is in no backup: keep a copy of it elsewhere."))


@diagnostic(Section.SETTINGS)
def public_url() -> CheckMessage:
    if not settings.PUBLIC_URL:
        return CheckWarning(
            gettext("PUBLIC_URL isn't set: no https, and links in feed and sitemap have the host that was asked for."),
            hint=gettext("PUBLIC_URL=https://… with the address visitors know, and TRUSTED_PROXIES=1."),
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        return Error(
            gettext("%(public_url)s isn't https: passwords of staff go over the network as they are.")
            % {"public_url": settings.PUBLIC_URL},
            hint=gettext("Let a proxy speak https (deploy/nginx.conf), and set PUBLIC_URL to that address."),
        )
    return Info(gettext("Visitors know it as %(public_url)s.") % {"public_url": settings.PUBLIC_URL})


@diagnostic(Section.SETTINGS)
def allowed_hosts() -> CheckMessage:
    if "*" in settings.ALLOWED_HOSTS:
        return Error(
            gettext("ALLOWED_HOSTS=* answers to every name, so that a stranger's name can get into links."),
            hint=gettext("Name the hosts; that of PUBLIC_URL always counts."),
        )
    return Info(gettext("It answers to %(hosts)s.") % {"hosts": ", ".join(settings.ALLOWED_HOSTS)})


@diagnostic(Section.SETTINGS)
def reverse_proxy() -> CheckMessage:
    if not settings.TRUSTED_PROXIES and settings.HOST not in _THIS_MACHINE:
        return CheckWarning(
            gettext("It listens on %(host)s without a proxy in front, which would keep slow clients away from it.")
            % {"host": settings.HOST},
            hint=gettext("Put nginx or Caddy in front (docs/deployment.md), and set TRUSTED_PROXIES."),
        )
    if settings.TRUSTED_PROXIES and settings.HOST not in _THIS_MACHINE:
        return CheckWarning(
            gettext("It listens on %(host)s: anyone who reaches that past the proxy can forge where they come from.")
            % {"host": settings.HOST},
            hint=gettext("Make sure that only the proxy reaches port %(port)s.") % {"port": settings.PORT},
        )
    return Info(gettext("Only programs of this machine reach it."))


@diagnostic(Section.SETTINGS)
def security_contact() -> CheckMessage:
    if not settings.SECURITY_CONTACT:
        return CheckWarning(
            gettext("There's no contact for reporting a weakness."),
            hint=gettext("SECURITY_CONTACT=mailto:…; it's published in /.well-known/security.txt."),
        )
    return Info(gettext("Weaknesses are reported to %(contact)s.") % {"contact": settings.SECURITY_CONTACT})


@diagnostic(Section.STAFF)
def second_factors() -> CheckMessage:
    if settings.REQUIRE_2FA:
        return Info(gettext("Staff need two-factor authentication."))
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    without = people.exclude(totpdevice__confirmed=True).distinct().count()
    if without:
        return CheckWarning(
            ngettext(
                "%(count)d member of staff can log in with a password alone.",
                "%(count)d members of staff can log in with a password alone.",
                without,
            )
            % {"count": without},
            hint=gettext(
                "REQUIRE_2FA=1 asks everybody for a code from an app; ADMIN_NETWORKS hides /admin/ from elsewhere."
            ),
        )
    return Info(gettext("All members of staff have two-factor authentication."))


@diagnostic(Section.STAFF)
def first_account() -> CheckMessage:
    unused = get_user_model().objects.filter(username="admin", is_active=True, last_login=None)
    if unused.exists():
        return CheckWarning(
            gettext("Nobody has logged in as “admin” yet; its password is where the first start printed it."),
            hint=gettext("Log in, and change the password; or delete the account when others are in use."),
        )
    return Info(gettext("No account waits for its first login as “admin”."))


@diagnostic(Section.BACKUPS)
def backup_age() -> CheckMessage:
    backups = creation.backups_in(settings.BACKUP_DIR)
    if not backups:
        return Error(
            gettext("There is no backup in %(folder)s.") % {"folder": settings.BACKUP_DIR},
            hint=gettext("Run `manage.py backup` every day (deploy/portal-backup.timer)."),
        )
    age = datetime.now(UTC) - creation.made_at(backups[-1])
    hours = round(age.total_seconds() / 3600)
    said = ngettext(
        "There is %(count)d backup, %(hours)d hours old.",
        "There are %(count)d backups; the newest is %(hours)d hours old.",
        len(backups),
    )
    text = said % {"count": len(backups), "hours": hours}
    if age > BACKUP_MISSING:
        return Error(text, hint=gettext("Find out why `manage.py backup` doesn't run every day."))
    if age > BACKUP_LATE:
        return CheckWarning(text, hint=gettext("Run `manage.py backup` every day."))
    return Info(text)


@diagnostic(Section.BACKUPS)
def backup_location() -> CheckMessage:
    folder = settings.BACKUP_DIR
    while not folder.exists():
        folder = folder.parent
    if folder.stat().st_dev == settings.DATA_DIR.stat().st_dev:
        return CheckWarning(
            gettext("Backups are on the same disk as the data, and would be lost with it."),
            hint=gettext("Let BACKUP_DIR be on another disk, or copy them to another machine."),
        )
    return Info(gettext("Backups are on a different disk than the data."))
