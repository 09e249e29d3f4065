"""Model of announcements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.announcements.links import is_outside_url, is_short_link, validate_link
from helpdesk.content.audience import Audience
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.guides.models import Guide, Symptom
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions


class AnnouncementSeverity(models.TextChoices):
    """The severity of an announcement; an outcome counts as disturbed for all but the first."""

    INFO = "info", _("Information")
    PROBLEM = "problem", _("Problem")
    OUTAGE = "outage", _("Outage")


class AnnouncementQuerySet(VersionedQuerySet["Announcement"]):
    def get_by_natural_key(self, title: str, starts_at: datetime) -> Announcement:
        return self.get(title=title, starts_at=starts_at)

    def live(self, *, at: datetime | None = None) -> Self:
        """Return what is announced now, by the database's clock, or `at` a moment."""
        moment = at or Now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def visible_to(self, audience: Audience) -> Self:
        """Return what is announced to the audience: now, or at the moment of a preview."""
        return self.live(at=audience.as_of)

    def concerning(self, guide: Q, symptom: Q) -> Self:
        """Return those for the portal, for a guide or for a symptom, by conditions on rows of these two."""
        guides = _chosen("guides").filter(guide__in=Guide.objects.filter(guide).order_by())
        symptoms = _chosen("symptoms").filter(symptom__in=Symptom.objects.filter(symptom).order_by())
        return self.filter(is_for_portal() | Q(Exists(guides)) | Q(Exists(symptoms)))

    def worst_first(self) -> Self:
        """Order by severity, then the latest first."""
        weights = [When(severity=severity, then=weight) for weight, severity in enumerate(WORST_FIRST)]
        return self.order_by(Case(*weights, default=len(WORST_FIRST)), "-starts_at", "-pk")


@dataclass(frozen=True, slots=True)
class Place:
    """A guide that an announcement is about, in whole or in part."""

    slug: str
    name: str


WORST_FIRST = (AnnouncementSeverity.OUTAGE, AnnouncementSeverity.PROBLEM, AnnouncementSeverity.INFO)


class Announcement(Versioned):
    """A known disturbance, or other news, from one moment to another; without guide or symptom for the whole portal."""

    title = models.CharField(
        _("title"),
        max_length=120,
        help_text=_("The news in one sentence: “Logins in Europe are slow this morning.”"),
    )
    text = MarkdownField(_("text"), blank=True, help_text=MARKDOWN_HELP)
    severity = models.CharField(
        _("severity"), max_length=10, choices=AnnouncementSeverity, default=AnnouncementSeverity.PROBLEM
    )
    link_text = models.CharField(_("link text"), max_length=60, blank=True)
    link = models.CharField(
        _("link"),
        max_length=300,
        blank=True,
        validators=[validate_link],
        help_text=_("A short link of this portal, such as /g/1001/, or a URL that starts with https://."),
    )
    starts_at = models.DateTimeField(_("starts"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("Empty: until somebody ends it."))
    guides = models.ManyToManyField(Guide, blank=True, related_name="announcements", verbose_name=_("guides"))
    symptoms = models.ManyToManyField(Symptom, blank=True, related_name="announcements", verbose_name=_("situations"))
    # Set once guides or symptoms are chosen: when the last of these is deleted, the announcement concerns no page,
    # and not the whole portal.
    is_limited = models.BooleanField(_("for chosen pages only"), default=False, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    # Set by `overview.current_with_places`.
    places: tuple[Place, ...] = ()

    objects = AnnouncementQuerySet.as_manager()
    history = Versions(m2m_fields=[guides, symptoms])

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["title", "starts_at"], name="announcements_announcement_once"),
            models.CheckConstraint(condition=~Q(title=""), name="announcements_announcement_title_given"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="announcements_announcement_ends_after_start",
                violation_error_message=_("An announcement must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(link="", link_text="") | ~(Q(link="") | Q(link_text="")),
                name="announcements_announcement_link_with_text",
                violation_error_message=_("Enter both the link and its text, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @depends_on("guides.guide", "guides.symptom")
    def natural_key(self) -> tuple[str, datetime]:
        return (self.title, self.starts_at)

    @property
    def href(self) -> str:
        """The link for a page; "" where it is stored but leads to no page, such as a script."""
        return self.link if is_short_link(self.link) or is_outside_url(self.link) else ""

    def clean(self) -> None:
        super().clean()
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": gettext("An announcement must end after it starts.")})
        if bool(self.link) != bool(self.link_text):
            missing = "link_text" if self.link else "link"
            raise ValidationError({missing: gettext("Enter both the link and its text, or neither.")})


def is_for_portal() -> Q:
    """Return the condition that an announcement concerns the whole portal."""
    return Q(~Exists(_chosen("guides")), ~Exists(_chosen("symptoms")), is_limited=False)


def _chosen(name: str) -> models.QuerySet[Any]:
    """Return the rows of a relation ("guides") of an announcement in an outer query."""
    return getattr(Announcement, name).through.objects.filter(announcement=OuterRef("pk"))
