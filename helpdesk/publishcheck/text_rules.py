"""Rules of the publish check for texts: pictures, sentences, ease of reading, keywords, review dates."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helpdesk.content.publishing import Publishable
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.text import readability

# Twenty words are the aim; a few more in one sentence are not worth a warning.
LONGEST_SENTENCE = 25

FILE_NAME_ENDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")

NO_DESCRIPTION = ProblemMessage(
    "picture-without-description",
    _("The picture %(src)s has no description. Describe what it shows in the square brackets."),
)
FILE_NAME = ProblemMessage(
    "picture-described-by-file-name",
    _("The description “%(words)s” is a file name. Describe what the picture shows."),
    Severity.WARNING,
)
FOREIGN_PICTURE = ProblemMessage(
    "picture-from-elsewhere",
    _("Visitors can't see the picture %(src)s because it's on another site. Upload it here instead."),
    Severity.WARNING,
)
LONG_SENTENCE = ProblemMessage(
    "long-sentence",
    ngettext_lazy(
        "This sentence has %(count)d word. Aim for about 20: “%(start)s”",
        "This sentence has %(count)d words. Aim for about 20: “%(start)s”",
        "count",
    ),
    Severity.WARNING,
)
HARD_TO_READ = ProblemMessage(
    "hard-to-read",
    _(
        "Hard to read (Flesch reading ease %(score)d, for readers aged %(age)d and up). Plain "
        "English scores 60 or more. Use shorter sentences and words."
    ),
    Severity.WARNING,
)
NO_KEYWORDS = ProblemMessage(
    "no-keywords",
    _("No keywords. Add other words customers use for this, so that they can find the page."),
    Severity.WARNING,
)
NO_REVIEW_DATE = ProblemMessage("no-review-date", _("No review date."), Severity.WARNING)
REVIEW_DATE_PASSED = ProblemMessage("review-date-passed", _("Review date passed: %(day)s."), Severity.WARNING)


def picture_problems(record: Model, field: str) -> Iterator[Problem]:
    """Yield the pictures in a Markdown field that some visitors cannot see, or nobody."""
    found = readability.parts(getattr(record, field))
    for picture in found.pictures:
        if not picture.description:
            yield NO_DESCRIPTION.on(record, field, src=picture.src)
        elif picture.description.lower().endswith(FILE_NAME_ENDS):
            yield FILE_NAME.on(record, field, words=picture.description)
    for src in found.refused:
        yield FOREIGN_PICTURE.on(record, field, src=src)


def long_sentences(record: Model, context: CheckContext, *fields: str) -> Iterator[Problem]:
    """Yield the sentences that are too long to take in at once."""
    for field in fields if not context.errors_only else ():
        for sentence in readability.sentences(getattr(record, field)):
            count = len(readability.words(sentence))
            if count > LONGEST_SENTENCE:
                start = Truncator(sentence).words(8, truncate=" …")
                yield LONG_SENTENCE.on(record, field, count=count, start=start)


def hard_reading(page: Model, context: CheckContext, *texts: str) -> Iterator[Problem]:
    """Yield a warning for a page whose texts, read as one, are hard."""
    score = None if context.errors_only else readability.reading_ease(*texts)
    if score is not None and score < readability.HARD:
        yield HARD_TO_READ.on(page, score=round(score), age=readability.reading_age(score))


def keyword_problems(page: Model) -> Iterator[Problem]:
    """Yield a warning for a page that is found only by its own words."""
    if not getattr(page, "keywords", "").strip():
        yield NO_KEYWORDS.on(page, "keywords")


def review_problems(page: Publishable) -> Iterator[Problem]:
    """Yield a warning for a page that nobody will review, or should have by now."""
    if page.review_by is None:
        yield NO_REVIEW_DATE.on(page, "review_by")
    elif page.review_by < timezone.localdate():
        yield REVIEW_DATE_PASSED.on(page, "review_by", day=page.review_by)
