"""Causes, with the questions that find them out; shared between symptoms."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed
from helpdesk.content.markdown_field import MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.guides.models.resolutions import Resolution
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions


class CauseQuerySet(NaturalKeyQuerySet["Cause"]):
    pass


class Cause(Versioned, Addressed):
    """A cause as a statement, with the question that finds it out; shared between symptoms.

    Without a question, its resolution is the check.
    """

    title = models.CharField(
        _("title"), max_length=160, help_text=_("A statement, such as “Account not approved yet”. Used in lists.")
    )
    question = models.CharField(
        _("question"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Yes must mean that this is the cause: “Is your account still waiting for approval?” "
            "Empty: customers see what to do at once."
        ),
    )
    how_to_check = MarkdownField(
        _("how to find out"),
        blank=True,
        help_text=_(
            "Keep it short: the question and its answers should fit on one phone screen. "
            "Markdown. Link to another page of this portal by its short link, such as /s/1042/."
        ),
    )
    answer_yes = models.CharField(
        _("label for yes"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: “Yes, that's it”."),
    )
    answer_no = models.CharField(
        _("label for no"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: “No”. Such as “No, it's approved”."),
    )
    answer_unsure = models.CharField(
        _("label for not sure"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: “I can't tell”."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes to check"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Only if you know it: how long the check takes. Empty: no time is shown."),
    )
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="causes", verbose_name=_("resolution")
    )
    prevention = MarkdownField(
        _("how to avoid it next time"), blank=True, help_text=_("Shown when this was the cause. Markdown.")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CauseQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["title", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="guides_cause_slug_once"),
            models.CheckConstraint(condition=~Q(title=""), name="guides_cause_title_given"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 600)), name="guides_cause_minutes_sensible"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def offers_fix_after_yes(self) -> bool:
        """True where "tried" in an address means more than "no": a question whose yes leads to something to try."""
        return bool(self.question) and not self.resolution.ends_walk

    @depends_on("guides.resolution")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)
