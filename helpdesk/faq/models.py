"""Models of the Technical FAQ: questions and answers by category."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed
from helpdesk.content.audience import Audience
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.content.publishing import Publishable, PublishableQuerySet
from helpdesk.guides.models import Symptom
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, VersionedQuerySet, Versions
from helpdesk.web.urls import path_of


class FaqCategoryQuerySet(NaturalKeyQuerySet["FaqCategory"]):
    """Topics; a topic has no public life of its own."""

    def published(self, *, at: datetime | None = None) -> Self:
        """Return the topics with an entry that visitors may see, now or `at` a moment."""
        return self.filter(pk__in=FaqEntry.objects.published(at=at).order_by().values("category"))

    def visible_to(self, audience: Audience) -> Self:
        """Return the topics with an entry that the audience may see."""
        return self.filter(pk__in=FaqEntry.objects.visible_to(audience).order_by().values("category"))


class FaqCategory(Versioned, Addressed):
    """A category of the FAQ."""

    title = models.CharField(_("title"), max_length=160)
    introduction = MarkdownField(_("introduction"), blank=True, help_text=MARKDOWN_HELP)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = FaqCategoryQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("FAQ category")
        verbose_name_plural = _("FAQ categories")
        ordering = ["position", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="faq_faqcategory_slug_once"),
            models.CheckConstraint(condition=~Q(title=""), name="faq_faqcategory_title_given"),
        ]

    def __str__(self) -> str:
        return self.title

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("faq-topic", self.slug)


class FaqEntryQuerySet(VersionedQuerySet["FaqEntry"], PublishableQuerySet["FaqEntry"]):  # type: ignore[override]  # as_manager of each
    def get_by_natural_key(self, slug: str) -> FaqEntry:
        return self.get(slug=slug)

    def for_list(self) -> FaqEntryQuerySet:
        """Entries with their category, in the order of the FAQ. One query."""
        return self.select_related("category").order_by("category__position", "category__number", "position", "number")


class FaqEntry(Versioned, Addressed, Publishable):
    """A question, its answer, and related symptoms."""

    name_field = "question"

    category = models.ForeignKey(
        FaqCategory, on_delete=models.PROTECT, related_name="entries", verbose_name=_("category")
    )
    question = models.CharField(_("question"), max_length=200)
    answer = MarkdownField(_("answer"), help_text=MARKDOWN_HELP)
    keywords = models.TextField(
        _("keywords"), blank=True, help_text=_("Other words customers use for this. Separate them with commas.")
    )
    related_symptoms = models.ManyToManyField(
        Symptom, blank=True, related_name="faq_entries", verbose_name=_("related situations")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = FaqEntryQuerySet.as_manager()
    history = Versions(m2m_fields=[related_symptoms])

    class Meta(Publishable.Meta):
        verbose_name = _("FAQ entry")
        verbose_name_plural = _("FAQ entries")
        ordering = ["category__position", "category__number", "position", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="faq_faqentry_slug_once"),
            models.CheckConstraint(condition=~Q(question="") & ~Q(answer=""), name="faq_faqentry_text_given"),
        ]

    def __str__(self) -> str:
        return self.question

    @depends_on("faq.faqcategory", "guides.symptom")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("faq-entry", self.slug)
