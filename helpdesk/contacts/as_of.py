"""Lines of a contact point as of a moment, and their restoring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext

from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.history.versions import is_deletion, living_at, versions_at


def lines_at(pk: int, moment: datetime) -> list[ContactLine]:
    """Return the lines that a contact point had at a moment. Two queries.

    At the moment the contact point was deleted, they are those that went with it.
    """
    last = versions_at(ContactPoint, moment, id=pk).first()
    if last is not None and is_deletion(last):
        gone = {"history_type": last.history_type, "history_date": last.history_date}
        return [row.instance for row in ContactLine.history.filter(contact_point_id=pk, **gone)]
    return [row.instance for row in living_at(ContactLine, moment, contact_point_id=pk)]


def put_back_lines(contact_point: ContactPoint, moment: datetime) -> Iterator[str]:
    """Make the lines of a moment those of a contact point; yield a sentence for each one that is left out."""
    wanted = lines_at(contact_point.pk, moment)
    contact_point.lines.exclude(pk__in=[line.pk for line in wanted]).delete()
    for line in wanted:
        if ContactLine.objects.filter(slug=line.slug).exclude(pk=line.pk).exists():
            sentence = gettext("The line “%(line)s” is left out: another line has its key “%(slug)s” now.")
            yield sentence % {"line": str(line), "slug": line.slug}
        else:
            line.contact_point = contact_point
            line.save()
