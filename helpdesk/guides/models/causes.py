"""Causes: the things to check, shared between symptoms."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.guides.models.resolutions import Resolution
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions


class CauseQuerySet(NaturalKeyQuerySet["Cause"]):
    pass


class Cause(Versioned, Addressed):
    """A cause, worded as something to check; shared between symptoms."""

    title = models.CharField(
        _("title"),
        max_length=160,
        help_text=_("The check as a question or a short instruction, in the visitor's words."),
    )
    how_to_check = MarkdownField(_("how to check"), help_text=MARKDOWN_HELP)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("How long the check and its fix take a visitor."),
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

    @depends_on("guides.resolution")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)
