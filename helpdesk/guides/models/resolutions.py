"""Resolutions: the ways out, shared between causes."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts.models import ContactPoint
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions

# A year.
MOST_HOURS = 8760


class ResolutionQuerySet(NaturalKeyQuerySet["Resolution"]):
    pass


class Resolution(Versioned):
    """The answer to a cause; shared between causes."""

    class Ending(models.TextChoices):
        """Ending of a walk with a resolution; after a fix, the walk goes on if it did not help."""

        FIX = "fix", _("The customer can fix it now")
        WAIT = "wait", _("Time solves it")
        CONTACT = "contact", _("Our people must act")
        NONE = "none", _("Nothing can fix it")

    slug = models.SlugField(
        _("short name"), max_length=80, unique=True, help_text=_("For staff and files. Visitors don't see it.")
    )
    title = models.CharField(_("title"), max_length=160, help_text=_("What to do, in a few words."))
    body = MarkdownField(_("what to do"), help_text=MARKDOWN_HELP)
    ending = models.CharField(
        _("how it ends"),
        max_length=10,
        choices=Ending.choices,
        default=Ending.FIX,
        db_default=Ending.FIX,
        help_text=_(
            "After a fix, customers are asked whether it worked. With any other ending, they see what happens now."
        ),
    )
    takes_effect = models.CharField(
        _("time until it takes effect"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("In words, such as “The next business day”. Empty: no time is shown."),
    )
    wait_hours = models.PositiveSmallIntegerField(
        _("hours to wait"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=_("Only where time solves it, and if you know the time: customers can add it to their calendar."),
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolutions",
        verbose_name=_("contact point"),
        help_text=_("Who to call. Required where our people must act."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ResolutionQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["title", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="guides_resolution_text_given"),
            models.CheckConstraint(
                condition=Q(ending__in=["fix", "wait", "contact", "none"]), name="guides_resolution_ending_known"
            ),
            models.CheckConstraint(
                condition=Q(wait_hours__range=(1, MOST_HOURS)), name="guides_resolution_wait_hours_sensible"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ends_walk(self) -> bool:
        """True where the walk ends with the resolution; else visitors are asked whether it helped."""
        return self.ending != self.Ending.FIX

    @property
    def has_reminder(self) -> bool:
        """True where visitors can add the end of the time to wait to their calendar."""
        return self.ending == self.Ending.WAIT and self.wait_hours is not None

    @depends_on("guides.contactpoint")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)
