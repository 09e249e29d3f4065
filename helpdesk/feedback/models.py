"""Models of visitors' feedback: outcomes of checks, hand-offs to support, words without a matching page."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Value
from django.utils.translation import gettext_lazy as _

from helpdesk.guides.models import Cause, Check, Guide, Symptom


class WayIn(models.TextChoices):
    """Referrer of a visit to a symptom, as far as the browser reports it."""

    UNKNOWN = "", _("not known")
    GUIDE = "guide", _("the guide's list")
    SEARCH = "search", _("search")
    FAQ = "faq", _("an FAQ entry")
    LINK = "link", _("a direct link")


class Outcome(models.Model):
    """A visitor's last answer to one check on one day.

    `applies` keeps what the check's question came to when an answer to its fix follows, so that statistics can tell
    "the cause applies" from "the fix works". The revisions are the numbers of the versions of cause and resolution
    (helpdesk/history) that were current when the visitor answered.
    """

    class Answer(models.TextChoices):
        RULED_OUT = "not-this", _("ruled out")
        CANNOT_TELL = "cannot-tell", _("couldn't tell")
        APPLIES = "applies", _("applies")
        FIXED = "fixed", _("fixed")
        NOT_FIXED = "not-fixed", _("not fixed")
        CANNOT_TRY = "cannot-try", _("couldn't do it")

    symptom = models.ForeignKey(Symptom, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("situation"))
    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("cause"))
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices)
    applies = models.BooleanField(
        _("cause applies"), null=True, help_text=_("Answer to the question. Empty: no question, or couldn't tell.")
    )
    checks_before = models.PositiveSmallIntegerField(_("checks before"))
    answered_before = models.JSONField(
        _("answered before"), default=list, db_default=Value([], models.JSONField()), help_text=_("Numbers of causes")
    )
    cause_revision = models.BigIntegerField(_("revision of the cause"), null=True)
    resolution_revision = models.BigIntegerField(_("revision of the resolution"), null=True)
    during_announcement = models.BooleanField(
        _("during an announcement"),
        default=False,
        db_default=False,
        help_text=_("Outcomes during a problem or an outage don't count in rates."),
    )
    day = models.DateField(_("day"))
    way_in = models.CharField(_("way in"), max_length=10, choices=WayIn.choices, blank=True, default=WayIn.UNKNOWN)
    visitor = models.CharField(_("visitor"), max_length=32, help_text=_("A mark that changes every day."))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["visitor", "day", "symptom", "cause"], name="feedback_outcome_once_a_day"),
            models.CheckConstraint(
                condition=Q(answer__in=["not-this", "cannot-tell", "applies", "fixed", "not-fixed", "cannot-try"]),
                name="feedback_outcome_answer_known",
            ),
            models.CheckConstraint(
                # A condition that is NULL would let a row pass.
                condition=Q(answer="applies", applies=True, applies__isnull=False)
                | Q(answer="not-this", applies=False, applies__isnull=False)
                | Q(answer="cannot-tell", applies=None)
                | Q(answer__in=["fixed", "not-fixed", "cannot-try"]),
                name="feedback_outcome_applies_as_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symptom}: {self.cause}: {self.get_answer_display()}"


class HandOffQuerySet(models.QuerySet["HandOff"]):
    def for_page(self) -> HandOffQuerySet:
        """Load all that pages read, and `is_public`: whether visitors can open the situation. Two queries."""
        public = Symptom.objects.published().filter(pk=OuterRef("symptom"))
        found = self.annotate(is_public=Exists(public)).select_related("symptom__guide")
        return found.prefetch_related(Prefetch("symptom__checks", Check.objects.for_page()))


class HandOff(models.Model):
    """Summary of a walk that ended at the contacts, under a reference number that is easy to read out."""

    reference = models.CharField(_("reference number"), max_length=9, unique=True)
    symptom = models.ForeignKey(Symptom, on_delete=models.CASCADE, related_name="handoffs", verbose_name=_("situation"))
    tried = models.JSONField(_("ruled out or tried"), default=list, help_text=_("Numbers of causes"))
    fixes_tried = models.JSONField(
        _("of these, fix tried"), null=True, help_text=_("Numbers of causes. Empty if all of them were tried.")
    )
    skipped = models.JSONField(_("couldn't tell or try"), default=list, help_text=_("Numbers of causes"))
    found = models.PositiveIntegerField(_("cause found"), null=True, help_text=_("Number of the cause"))
    summary = models.TextField(_("summary"))
    visitor = models.CharField(_("visitor"), max_length=32)
    created_at = models.DateTimeField(_("given out"))

    objects = HandOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference number")
        verbose_name_plural = _("reference numbers")
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
