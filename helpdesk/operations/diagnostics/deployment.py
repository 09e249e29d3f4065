"""How the portal is set up: keys, hosts, proxies, people, backups."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks

from helpdesk.operations.backup import create
from helpdesk.operations.diagnostics.finding import Finding, counted, good, look, wrong

BACKUP_LATE, BACKUP_MISSING = timedelta(hours=26), timedelta(days=8)
_THIS_MACHINE = ("127.0.0.1", "::1")


def debug_is_off() -> Finding:
    if settings.DEBUG:
        return wrong("DEBUG=1 shows everybody what went wrong, with the portal's insides.", "Take it away.")
    return good("Errors show nothing of the portal's insides.")


def key_is_secret() -> Finding:
    if os.environ.get("SECRET_KEY", "").strip():
        return good("The secret key comes from the environment.")
    file = settings.DATA_DIR / "secret_key"
    if file.stat().st_mode & 0o077:
        return wrong(f"Others may read the secret key in {file}.", f"chmod 600 {file}")
    return good("Only the portal may read its secret key. It is in no backup: keep a copy of it elsewhere.")


def has_public_address() -> Finding:
    if not settings.PUBLIC_URL:
        return look(
            "PUBLIC_URL is not set: no https, and links in feed and sitemap have whatever host was asked for.",
            "PUBLIC_URL=https://… with the address visitors know, and TRUSTED_PROXIES=1.",
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        return wrong(
            f"{settings.PUBLIC_URL} is not https: passwords of staff go over the network as they are.",
            "Let a proxy speak https (deploy/nginx.conf), and set PUBLIC_URL to that address.",
        )
    return good(f"Visitors know it as {settings.PUBLIC_URL}.")


def hosts_are_named() -> Finding:
    if "*" in settings.ALLOWED_HOSTS:
        return wrong(
            "ALLOWED_HOSTS=* answers to every name, so that a stranger's name can get into links.",
            "Name the hosts; that of PUBLIC_URL always counts.",
        )
    return good(f"It answers to {', '.join(settings.ALLOWED_HOSTS)}.")


def stands_behind_a_proxy() -> Finding:
    if not settings.TRUSTED_PROXIES and settings.HOST not in _THIS_MACHINE:
        return look(
            f"It listens on {settings.HOST} without a proxy in front, which would keep slow clients away from it.",
            "Put nginx or Caddy in front (docs/deployment.md), and set TRUSTED_PROXIES.",
        )
    if settings.TRUSTED_PROXIES and settings.HOST not in _THIS_MACHINE:
        return look(
            f"It listens on {settings.HOST}: whoever reaches that past the proxy can forge where he comes from.",
            f"See that only the proxy reaches port {settings.PORT}.",
        )
    return good("Only programs of this machine reach it.")


def django_is_content() -> Finding:
    """Django's own checks of a deployment."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=True)
        if message.level >= checks.WARNING and not message.is_silenced()
    ]
    # What PUBLIC_URL decides is said there.
    found = [message for message in found if message.id not in _OF_PUBLIC_URL or settings.PUBLIC_URL]
    if found:
        said = "; ".join(message.msg.strip() for message in found[:3])
        return look(f"Django says: {said}", "See `manage.py check --deploy`.")
    return good("Django finds nothing to say.")


_OF_PUBLIC_URL = {"security.W004", "security.W008", "security.W010", "security.W012", "security.W016"}


def weaknesses_can_be_reported() -> Finding:
    if not settings.SECURITY_CONTACT:
        return look(
            "Nobody is named to whom a weakness can be reported.",
            "SECURITY_CONTACT=mailto:…; it is said in /.well-known/security.txt.",
        )
    return good(f"Weaknesses are reported to {settings.SECURITY_CONTACT}.")


def staff_have_second_factors() -> Finding:
    if settings.REQUIRE_2FA:
        return good("Staff need a second factor.")
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    without = people.exclude(totpdevice__confirmed=True).distinct().count()
    if without:
        return look(
            f"{counted(without, 'member')} of staff can sign in with a password alone.",
            "REQUIRE_2FA=1 asks everybody for a code of an app; ADMIN_NETWORKS hides /admin/ from elsewhere.",
        )
    return good("All members of staff have a second factor.")


def first_account_was_used() -> Finding:
    unused = get_user_model().objects.filter(username="admin", is_active=True, last_login=None)
    if unused.exists():
        return look(
            "Nobody has signed in as “admin” yet; its password stands where the first start has printed it.",
            "Sign in, and change the password; or remove the account when others have taken its place.",
        )
    return good("No account waits for its first sign-in as “admin”.")


def has_a_fresh_backup() -> Finding:
    made = create.all_in(settings.BACKUP_DIR)
    if not made:
        return wrong(
            f"There is no backup in {settings.BACKUP_DIR}.",
            "Run `manage.py backup` every day (deploy/portal-backup.timer).",
        )
    age = datetime.now(UTC) - create.made_at(made[-1])
    said = f"The newest of {counted(len(made), 'backup')} is {age.total_seconds() / 3600:.0f} hours old"
    if age > BACKUP_MISSING:
        return wrong(f"{said}.", "See why `manage.py backup` does not run every day.")
    if age > BACKUP_LATE:
        return look(f"{said}.", "Run `manage.py backup` every day.")
    return good(f"{said}.")


def backups_are_elsewhere() -> Finding:
    folder = settings.BACKUP_DIR
    while not folder.exists():
        folder = folder.parent
    if folder.stat().st_dev == settings.DATA_DIR.stat().st_dev:
        return look(
            "Backups are on the same disk as the data, and would be lost with it.",
            "Let BACKUP_DIR be on another disk, or copy them to another machine.",
        )
    return good("Backups are on another disk than the data.")
