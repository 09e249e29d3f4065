"""Publication of pages, decided by moments in the query, with no scheduler.

`publish_at` empty means draft, in the future scheduled; `archive_at` ends the page's life. Every public
query goes through `published()`, so there is one place where "public" is defined.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.audience import Audience
from helpdesk.content.dates import moment_in_words

# Names of the fields with the moments at which a page appears and goes.
PUBLICATION_MOMENTS = ("publish_at", "archive_at")

_Page = TypeVar("_Page", bound=models.Model, covariant=True)


def is_published(prefix: str = "", *, at: datetime | None = None) -> Q:
    """Return the condition "public at this moment" for the row behind `prefix` ("guide__").

    Without `at` the database's own clock decides, so that all processes and servers agree.
    """
    moment = at or Now()
    return was_published(prefix, at=at) & (
        Q(**{f"{prefix}archive_at__isnull": True}) | Q(**{f"{prefix}archive_at__gt": moment})
    )


def was_published(prefix: str = "", *, at: datetime | None = None) -> Q:
    """Return the condition "public at this moment, or before it and archived since"."""
    return Q(**{f"{prefix}publish_at__lte": at or Now()})


class PublishableQuerySet(models.QuerySet[_Page]):
    """Rows with a publication; a subclass names the rows above them that must be public too."""

    # Lookups from the row to the rows that have to be public as well ("guide__"): a page below a draft is a draft.
    chain: tuple[str, ...] = ()
    # The same for rows that need not be there; where one is, it has to be public.
    chain_if_any: tuple[str, ...] = ()

    def published(self, *, at: datetime | None = None) -> Self:
        """Return the rows that visitors may see, now or `at` a moment."""
        condition = is_published(at=at)
        for prefix in self.chain:
            condition &= is_published(prefix, at=at)
        for prefix in self.chain_if_any:
            condition &= Q(**{f"{prefix}isnull": True}) | is_published(prefix, at=at)
        return self.filter(condition)

    def gone(self, *, at: datetime | None = None) -> Self:
        """Return the rows that were public and are archived, themselves or through a row above them."""
        condition = was_published(at=at)
        for prefix in self.chain:
            condition &= was_published(prefix, at=at)
        return self.filter(condition).exclude(
            pk__in=type(self)(self.model, using=self.db).published(at=at).values("pk")
        )

    def visible_to(self, audience: Audience) -> Self:
        """Return the rows that the audience may see: the published ones; all of them in a preview with drafts."""
        shows_drafts = audience.is_preview and audience.as_of is None
        return self.all() if shows_drafts else self.published(at=audience.as_of)


class State(models.TextChoices):
    """The state of a page at a moment."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Publishable(models.Model):
    """A page that is a draft, scheduled, published or archived."""

    publish_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty for a draft that only staff can see. With a future date, visitors see the page from then on."
        ),
    )
    archive_at = models.DateTimeField(
        _("archive date"),
        null=True,
        blank=True,
        help_text=_("After this, visitors are told that the page is gone and where to look instead."),
    )
    review_by = models.DateField(
        _("review by"),
        null=True,
        blank=True,
        help_text=_("When someone should check that the page is still correct."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints = [
            models.CheckConstraint(
                condition=Q(archive_at__isnull=True) | Q(publish_at__isnull=False, archive_at__gt=F("publish_at")),
                name="%(app_label)s_%(class)s_archived_after_published",
                violation_error_message=_("The archive date must be after the publication date."),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.archive_at and (not self.publish_at or self.archive_at <= self.publish_at):
            raise ValidationError({"archive_at": gettext("The archive date must be after the publication date.")})

    def state_at(self, moment: datetime) -> State:
        """Return the state of the page itself at a moment, regardless of the pages above it."""
        if self.publish_at is None:
            return State.DRAFT
        if self.publish_at > moment:
            return State.SCHEDULED
        if self.archive_at is not None and self.archive_at <= moment:
            return State.ARCHIVED
        return State.PUBLISHED

    @property
    def state(self) -> State:
        """The state of the page itself now."""
        return self.state_at(timezone.now())

    @property
    def state_text(self) -> str:
        """The state in words: "Draft", "Published since March 3, 2026, 9:00 AM"."""

        match self.state:
            case State.DRAFT:
                return gettext("Draft")
            case State.SCHEDULED:
                return gettext("Scheduled for %(day)s") % {"day": moment_in_words(self.publish_at)}
            case State.ARCHIVED:
                return gettext("Archived since %(day)s") % {"day": moment_in_words(self.archive_at)}
        if self.archive_at:
            return gettext("Published until %(day)s") % {"day": moment_in_words(self.archive_at)}
        return gettext("Published since %(day)s") % {"day": moment_in_words(self.publish_at)}
