"""Problems of the publish check: a code and values, put into words when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise

# Values as JSON holds them. Three names have a meaning: `day` is an ISO date, `moment` an ISO date and time, and `kind`
# the label of a model ("guides.cause").
ProblemValue = str | int
ProblemKey = tuple[str, str, object, str, tuple[tuple[str, ProblemValue], ...]]

_messages: dict[str, ProblemMessage] = {}


class Severity(StrEnum):
    """Effect of a problem on the page: an error keeps it from being public, a warning asks somebody to have a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ProblemMessage:
    """A sentence for editors: what is wrong and what to do, under the name of its rule, such as "dead-link".

    A rule with several sentences tells them apart by `variant`. `text` may be made by `ngettext_lazy`.
    """

    rule: str
    text: str | Promise
    severity: Severity = Severity.ERROR
    variant: str = ""

    def __post_init__(self) -> None:
        _messages[self.code] = self

    @property
    def code(self) -> str:
        return f"{self.rule}.{self.variant}" if self.variant else self.rule

    def on(self, record: Model, field: str = "", **values: str | int | date) -> Problem:
        """Return the problem that this message is about, on a record and in one of its fields."""
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        return Problem(self, record, field, tuple(sorted(plain.items())))


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem on the record where it has to be corrected: a guide's problem may be one of its causes'."""

    message: ProblemMessage
    record: Model
    field: str = ""
    values: tuple[tuple[str, ProblemValue], ...] = ()

    @property
    def rule(self) -> str:
        return self.message.rule

    @property
    def severity(self) -> Severity:
        return self.message.severity

    @property
    def text(self) -> str:
        return problem_text(self.message.code, dict(self.values))

    @property
    def key(self) -> ProblemKey:
        """Identity of the problem, the same when it is found again at another time or on another page."""
        return (self.message.code, self.record._meta.label, self.record.pk, self.field, self.values)


def problem_text(code: str, values: Mapping[str, ProblemValue]) -> str:
    """Return the sentence for a code and its values in the active language; the code itself where nobody knows it."""
    message = _messages.get(code)
    if message is None:
        return code
    return (
        str(message.text) if not values else str(message.text % {name: _shown(name, values[name]) for name in values})
    )


def _shown(name: str, value: ProblemValue) -> ProblemValue:
    text = str(value)
    if name == "day" and (day := parse_date(text)):
        return date_format(day, "j F Y")
    if name == "moment" and (moment := parse_datetime(text)):
        return date_format(timezone.localtime(moment), "j F Y, H:i")
    return str(apps.get_model(text)._meta.verbose_name) if name == "kind" else value


def iso_day(moment: datetime) -> date:
    """Return the day of a moment in the portal's time zone, as a value named `day`."""
    return timezone.localtime(moment).date()
