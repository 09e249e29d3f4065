"""Rules of the publish check for the walk: questions with their answers, and resolutions with their endings."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.guides.models import Cause, Resolution
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.publishcheck.rules import rules_for

NOBODY_TO_ACT = ProblemMessage(
    "contact-ending-without-people", _("Our people must act, but no contact point says who. Choose one.")
)
NOT_A_QUESTION = ProblemMessage(
    "question-without-mark", _("The question doesn't end with a question mark."), Severity.WARNING
)
ANSWERS_WITHOUT_QUESTION = ProblemMessage(
    "answers-without-question", _("This label isn't used: there's no question."), Severity.WARNING
)
SAME_LABELS = ProblemMessage(
    "answers-look-the-same",
    _("Two answers have the label “%(label)s”. Visitors can't tell them apart."),
    Severity.WARNING,
)
HOURS_WITHOUT_WAIT = ProblemMessage(
    "hours-without-wait", _("The hours to wait aren't used: time doesn't solve this."), Severity.WARNING
)

LABELS = ("answer_yes", "answer_no", "answer_unsure")


@rules_for(Cause)
def question_problems(cause: Cause, context: CheckContext) -> Iterator[Problem]:
    """Yield a question that is none, and labels of answers that nobody sees."""
    question = cause.question.strip()
    if question:
        if not question.endswith(("?", "？", "؟")):
            yield NOT_A_QUESTION.on(cause, "question")
        yield from _same_labels(cause)
        return
    for label in LABELS:
        if getattr(cause, label):
            yield ANSWERS_WITHOUT_QUESTION.on(cause, label)


def _same_labels(cause: Cause) -> Iterator[Problem]:
    """Yield the second of two labels that read the same, a default one included."""
    seen = set()
    for name, default in zip(LABELS, default_labels(), strict=True):
        label = getattr(cause, name).strip() or default
        if label.casefold() in seen:
            yield SAME_LABELS.on(cause, name, label=label)
        seen.add(label.casefold())


def default_labels() -> tuple[str, str, str]:
    """Return the labels of the answers for causes that have none of their own, as the buttons show them."""
    return gettext("Yes, that's it"), gettext("No"), gettext("I can't tell")


@rules_for(Resolution)
def ending_problems(resolution: Resolution, context: CheckContext) -> Iterator[Problem]:
    """Yield an ending that lacks what its page shows, or has what its page does not show."""
    if resolution.ending == Resolution.Ending.CONTACT and resolution.contact_point_id is None:
        yield NOBODY_TO_ACT.on(resolution, "contact_point")
    if resolution.wait_hours is not None and resolution.ending != Resolution.Ending.WAIT:
        yield HOURS_WITHOUT_WAIT.on(resolution, "wait_hours")
