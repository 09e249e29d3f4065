"""Rules of the publish check for any text and any page, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.content.publishing import Publishable
from helpdesk.publishcheck.problems import Problem, Severity, warnings_are_wanted
from helpdesk.text import readability

# Twenty words are the aim; a few more in one sentence are not worth a word.
LONGEST_SENTENCE = 25

FILE_NAME_ENDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


def picture_problems(record: Model, field: str) -> Iterator[Problem]:
    """Pictures in a Markdown field that some visitors cannot see, or nobody."""
    found = readability.parts(getattr(record, field))
    for picture in found.pictures:
        if not picture.description:
            text = _("The picture %(src)s has no description. Write in the square brackets what it shows.")
            yield Problem("picture-without-description", text % {"src": picture.src}, record, field)
        elif picture.description.lower().endswith(FILE_NAME_ENDS):
            text = _("The description “%(words)s” is the name of a file. Write what the picture shows.")
            text %= {"words": picture.description}
            yield Problem("picture-described-by-file-name", text, record, field, Severity.WARNING)
    for src in found.refused:
        text = _("Visitors do not see the picture %(src)s: only pictures of this portal are shown.") % {"src": src}
        yield Problem("picture-from-elsewhere", text, record, field, Severity.WARNING)


def long_sentences(record: Model, field: str) -> Iterator[Problem]:
    """Sentences in a field that are too long to take in at once."""
    for sentence in readability.sentences(getattr(record, field)) if warnings_are_wanted() else ():
        count = len(readability.words(sentence))
        if count > LONGEST_SENTENCE:
            text = ngettext(
                "A sentence of %(count)d word; about 20 are easy to read: “%(start)s”",
                "A sentence of %(count)d words; about 20 are easy to read: “%(start)s”",
                count,
            )
            text %= {"count": count, "start": Truncator(sentence).words(8, truncate=" …")}
            yield Problem("long-sentence", text, record, field, Severity.WARNING)


def hard_reading(page: Model, *texts: str) -> Iterator[Problem]:
    """A page whose texts, read as one, are harder than plain English."""
    score = readability.reading_ease(*texts) if warnings_are_wanted() else None
    if score is not None and score < readability.PLAIN_ENGLISH:
        text = _(
            "Hard to read: Flesch reading ease %(score)d, for readers from about %(age)d years. 60 and more is plain "
            "English. Shorter sentences and shorter words help."
        ) % {"score": round(score), "age": readability.reading_age(score)}
        yield Problem("hard-to-read", text, page, severity=Severity.WARNING)


def keyword_problems(page: Model) -> Iterator[Problem]:
    """A page that is found only by its own words."""
    if not page.keywords.strip():  # type: ignore[attr-defined]
        text = _("No keywords. Other words that customers use for this help them to find the page.")
        yield Problem("no-keywords", text, page, "keywords", Severity.WARNING)


def review_problems(page: Publishable) -> Iterator[Problem]:
    """A page that nobody will read again, or that somebody should have by now."""
    if page.review_by is None:
        text = _("No date to review the page by.")
        yield Problem("no-review-date", text, page, "review_by", Severity.WARNING)
    elif page.review_by < timezone.localdate():
        text = _("To be reviewed by %(day)s, and that day is past.") % {"day": date_format(page.review_by, "j F Y")}
        yield Problem("review-date-passed", text, page, "review_by", Severity.WARNING)
