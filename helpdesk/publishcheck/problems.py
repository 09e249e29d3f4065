"""Problems of the publish check: a code and values, put into words when they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise

from helpdesk.adminkit.coded_text import CodedText, TextValue, plain_values, text_of_code

ProblemKey = tuple[str, str, object, str, tuple[tuple[str, TextValue], ...]]


class Severity(StrEnum):
    """Effect of a problem on the page: an error keeps it from being public, a warning asks somebody to have a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ProblemMessage:
    """A sentence for editors: what is wrong and what to do, under the name of its rule, such as "dead-link".

    A rule with several sentences tells them apart by `variant`. See `CodedText` for the text.
    """

    rule: str
    text: str | Promise
    severity: Severity = Severity.ERROR
    variant: str = ""

    def __post_init__(self) -> None:
        CodedText(self.code, self.text)

    @property
    def code(self) -> str:
        return f"{self.rule}.{self.variant}" if self.variant else self.rule

    def on(self, record: Model, field: str = "", **values: TextValue | date) -> Problem:
        """Return the problem that this message is about, on a record and in one of its fields."""
        return Problem(self, record, field, tuple(sorted(plain_values(values).items())))


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem on the record where it has to be corrected: a guide's problem may be one of its causes'."""

    message: ProblemMessage
    record: Model
    field: str = ""
    values: tuple[tuple[str, TextValue], ...] = ()

    @property
    def rule(self) -> str:
        return self.message.rule

    @property
    def severity(self) -> Severity:
        return self.message.severity

    @property
    def text(self) -> str:
        return text_of_code(self.message.code, dict(self.values))

    @property
    def key(self) -> ProblemKey:
        """Identity of the problem, the same when it is found again at another time or on another page."""
        return (self.message.code, self.record._meta.label, self.record.pk, self.field, self.values)


def iso_day(moment: datetime) -> date:
    """Return the day of a moment in the portal's time zone, as a value named `day`."""
    return timezone.localtime(moment).date()
