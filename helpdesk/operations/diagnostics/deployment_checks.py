"""Checks of settings, staff accounts and backups."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as CheckWarning

from helpdesk.operations.backup import creation
from helpdesk.operations.diagnostics.registry import Section, counted, diagnostic

# A daily backup with time to run, and one that has failed for a week.
BACKUP_LATE, BACKUP_MISSING = timedelta(hours=26), timedelta(days=8)
_THIS_MACHINE = ("127.0.0.1", "::1")


@diagnostic(Section.SETTINGS)
def debug_mode() -> CheckMessage:
    if settings.DEBUG:
        return Error("DEBUG=1 shows everybody what went wrong, with the portal's insides.", hint="Take it away.")
    return Info("Errors show nothing of the portal's insides.")


@diagnostic(Section.SETTINGS)
def secret_key() -> CheckMessage:
    if os.environ.get("SECRET_KEY", "").strip():
        return Info("The secret key comes from the environment.")
    file = settings.DATA_DIR / "secret_key"
    if file.stat().st_mode & 0o077:
        return Error(f"Others may read the secret key in {file}.", hint=f"chmod 600 {file}")
    return Info("Only the portal may read its secret key. It is in no backup: keep a copy of it elsewhere.")


@diagnostic(Section.SETTINGS)
def public_url() -> CheckMessage:
    if not settings.PUBLIC_URL:
        return CheckWarning(
            "PUBLIC_URL is not set: no https, and links in feed and sitemap have whatever host was asked for.",
            hint="PUBLIC_URL=https://… with the address visitors know, and TRUSTED_PROXIES=1.",
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        return Error(
            f"{settings.PUBLIC_URL} is not https: passwords of staff go over the network as they are.",
            hint="Let a proxy speak https (deploy/nginx.conf), and set PUBLIC_URL to that address.",
        )
    return Info(f"Visitors know it as {settings.PUBLIC_URL}.")


@diagnostic(Section.SETTINGS)
def allowed_hosts() -> CheckMessage:
    if "*" in settings.ALLOWED_HOSTS:
        return Error(
            "ALLOWED_HOSTS=* answers to every name, so that a stranger's name can get into links.",
            hint="Name the hosts; that of PUBLIC_URL always counts.",
        )
    return Info(f"It answers to {', '.join(settings.ALLOWED_HOSTS)}.")


@diagnostic(Section.SETTINGS)
def reverse_proxy() -> CheckMessage:
    if not settings.TRUSTED_PROXIES and settings.HOST not in _THIS_MACHINE:
        return CheckWarning(
            f"It listens on {settings.HOST} without a proxy in front, which would keep slow clients away from it.",
            hint="Put nginx or Caddy in front (docs/deployment.md), and set TRUSTED_PROXIES.",
        )
    if settings.TRUSTED_PROXIES and settings.HOST not in _THIS_MACHINE:
        return CheckWarning(
            f"It listens on {settings.HOST}: whoever reaches that past the proxy can forge where they come from.",
            hint=f"See that only the proxy reaches port {settings.PORT}.",
        )
    return Info("Only programs of this machine reach it.")


@diagnostic(Section.SETTINGS)
def security_contact() -> CheckMessage:
    if not settings.SECURITY_CONTACT:
        return CheckWarning(
            "Nobody is named to whom a weakness can be reported.",
            hint="SECURITY_CONTACT=mailto:…; it is said in /.well-known/security.txt.",
        )
    return Info(f"Weaknesses are reported to {settings.SECURITY_CONTACT}.")


@diagnostic(Section.STAFF)
def second_factors() -> CheckMessage:
    if settings.REQUIRE_2FA:
        return Info("Staff need a second factor.")
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    without = people.exclude(totpdevice__confirmed=True).distinct().count()
    if without:
        return CheckWarning(
            f"{counted(without, 'member')} of staff can sign in with a password alone.",
            hint="REQUIRE_2FA=1 asks everybody for a code of an app; ADMIN_NETWORKS hides /admin/ from elsewhere.",
        )
    return Info("All members of staff have a second factor.")


@diagnostic(Section.STAFF)
def first_account() -> CheckMessage:
    unused = get_user_model().objects.filter(username="admin", is_active=True, last_login=None)
    if unused.exists():
        return CheckWarning(
            "Nobody has signed in as “admin” yet; its password stands where the first start has printed it.",
            hint="Sign in, and change the password; or remove the account when others have taken its place.",
        )
    return Info("No account waits for its first sign-in as “admin”.")


@diagnostic(Section.BACKUPS)
def backup_age() -> CheckMessage:
    backups = creation.backups_in(settings.BACKUP_DIR)
    if not backups:
        return Error(
            f"There is no backup in {settings.BACKUP_DIR}.",
            hint="Run `manage.py backup` every day (deploy/portal-backup.timer).",
        )
    age = datetime.now(UTC) - creation.made_at(backups[-1])
    said = f"The newest of {counted(len(backups), 'backup')} is {age.total_seconds() / 3600:.0f} hours old"
    if age > BACKUP_MISSING:
        return Error(f"{said}.", hint="See why `manage.py backup` does not run every day.")
    if age > BACKUP_LATE:
        return CheckWarning(f"{said}.", hint="Run `manage.py backup` every day.")
    return Info(f"{said}.")


@diagnostic(Section.BACKUPS)
def backup_location() -> CheckMessage:
    folder = settings.BACKUP_DIR
    while not folder.exists():
        folder = folder.parent
    if folder.stat().st_dev == settings.DATA_DIR.stat().st_dev:
        return CheckWarning(
            "Backups are on the same disk as the data, and would be lost with it.",
            hint="Let BACKUP_DIR be on another disk, or copy them to another machine.",
        )
    return Info("Backups are on another disk than the data.")
