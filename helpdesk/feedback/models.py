"""Models of visitors' feedback: outcomes of checks, hand-offs to support, words without a matching page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.guides.models import Cause, Guide, Symptom


class WayIn(models.TextChoices):
    """Referrer of a visit to a symptom, as far as the browser reports it."""

    UNKNOWN = "", _("not known")
    GUIDE = "guide", _("the guide's list")
    SEARCH = "search", _("search")
    FAQ = "faq", _("an FAQ entry")
    LINK = "link", _("a direct link")


class Outcome(models.Model):
    """A visitor's answer to one check."""

    class Answer(models.TextChoices):
        FIXED = "fixed", _("fixed")
        NOT_FIXED = "not-fixed", _("not fixed")
        CANNOT_TRY = "cannot-try", _("could not try")

    symptom = models.ForeignKey(Symptom, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("symptom"))
    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("cause"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)
    checks_before = models.PositiveSmallIntegerField(_("checks before"))
    day = models.DateField(_("day"))
    way_in = models.CharField(_("way in"), max_length=10, choices=WayIn.choices, blank=True, default=WayIn.UNKNOWN)
    visitor = models.CharField(_("visitor"), max_length=32, help_text=_("A mark that is another one every day."))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["visitor", "day", "symptom", "cause"], name="feedback_outcome_once_a_day"),
            models.CheckConstraint(
                condition=Q(answer__in=["fixed", "not-fixed", "cannot-try"]), name="feedback_outcome_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symptom}: {self.cause}: {self.get_answer_display()}"


class HandOff(models.Model):
    """Summary of a walk that ended at the contacts, under a reference number that is easy to read out."""

    reference = models.CharField(_("reference"), max_length=9, unique=True)
    symptom = models.ForeignKey(Symptom, on_delete=models.CASCADE, related_name="handoffs", verbose_name=_("symptom"))
    tried = models.JSONField(_("tried without success"), default=list, help_text=_("Cause numbers"))
    skipped = models.JSONField(_("could not try"), default=list, help_text=_("Cause numbers"))
    summary = models.TextField(_("summary"))
    visitor = models.CharField(_("visitor"), max_length=32)
    created_at = models.DateTimeField(_("given out"))

    class Meta:
        verbose_name = _("hand-off")
        verbose_name_plural = _("hand-offs")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.reference


class UnmatchedWords(models.Model):
    """Words of a visitor for whom no symptom of a guide matched, or, without a guide, the search found nothing."""

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, null=True, blank=True, related_name="unmatched", verbose_name=_("guide")
    )
    words = models.CharField(_("words"), max_length=300)
    visitor = models.CharField(_("visitor"), max_length=32)
    day = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("visitor's words")
        verbose_name_plural = _("visitors' words")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "day", "guide", "words"], name="feedback_unmatchedwords_once_a_day"
            ),
            # In SQL, NULL is not equal to NULL, so the constraint above does not cover words without a guide.
            models.UniqueConstraint(
                fields=["visitor", "day", "words"],
                condition=Q(guide=None),
                name="feedback_unmatchedwords_once_a_day_in_search",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="feedback_unmatchedwords_given"),
        ]

    def __str__(self) -> str:
        return self.words
