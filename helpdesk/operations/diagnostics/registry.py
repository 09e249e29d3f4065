"""Registration of diagnostics with Django's check framework, and their run section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.core.checks.registry import registry
from django.db import Error as DatabaseError
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Check = Callable[[], CheckMessage]

registered: list[Check] = []

# Django's warnings that PUBLIC_URL decides; a check of our own says so where it is not set.
_DECIDED_BY_PUBLIC_URL = {"security.W004", "security.W008", "security.W010", "security.W012", "security.W016"}


class Section(TextChoices):
    """The headings of the report, in their order; each is a tag of the checks below it."""

    DATABASE = "database", _("Database")
    DATA = "data", _("Stored data")
    CONTENT = "content", _("Content, read in full")
    STAFF = "staff", _("Staff")
    CLOCK = "clock", _("Clock")
    SETTINGS = "settings", _("Settings")
    BACKUPS = "backups", _("Backups")
    MACHINE = "machine", _("Machine")

    @property
    def tag(self) -> str:
        return f"portal_{self.value}"


# Sections that query tables: of no use while the database does not answer or has other tables.
_OF_TABLES = (Section.DATA, Section.CONTENT, Section.STAFF, Section.CLOCK)


def diagnostic(section: Section) -> Callable[[Check], Check]:
    """Register a check, so that an error it raises becomes a message, and `portal.<name>` its ID."""

    def register(check: Check) -> Check:
        def run(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
            message = _message_of(check)
            message.id = f"portal.{check.__name__}"
            return [message]

        checks.register(run, section.tag, deploy=True)
        registered.append(check)
        return check

    return register


def _message_of(check: Check) -> CheckMessage:
    try:
        return check()
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        return checks.Error(
            gettext("The database doesn't answer: %(reason)s.") % {"reason": reason},
            hint=gettext("Start it, or fix DATABASE_URL."),
        )
    except OSError as error:
        name = check.__name__.replace("_", " ")
        return checks.Error(
            gettext("“%(name)s” couldn't be checked: %(reason)s.") % {"name": name, "reason": error.strerror or error},
            hint=gettext("Run this as the portal's user."),
        )


def examine(*, quick: bool = False) -> Iterator[tuple[str, CheckMessage]]:
    """Yield every message with its heading, the worst of a section first; `quick` skips what reads all content.

    Changes nothing but a cache entry that expires by itself.
    """
    skipped: set[Section] = {Section.CONTENT} if quick else set()
    for section in Section:
        if section in skipped:
            continue
        messages = _run([section.tag])
        yield from ((str(section.label), message) for message in messages)
        if section is Section.DATABASE and any(message.level >= checks.ERROR for message in messages):
            skipped |= {*_OF_TABLES}
    yield from (("Django", message) for message in django_messages())


def django_messages() -> list[CheckMessage]:
    """Return the warnings and errors of Django's own checks and of other apps, as `check --deploy` shows them."""
    ours = {section.tag for section in Section}
    messages = _run(sorted(set(registry.tags_available(deployment_checks=True)) - ours))
    return [
        message
        for message in messages
        if message.level >= checks.WARNING and (settings.PUBLIC_URL or message.id not in _DECIDED_BY_PUBLIC_URL)
    ]


def _run(tags: list[str]) -> list[CheckMessage]:
    messages = checks.run_checks(tags=tags, include_deployment_checks=True)
    found = [message for message in messages if not message.is_silenced()]
    return sorted(found, key=lambda message: (-message.level, str(message.id)))
