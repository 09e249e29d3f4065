"""Model of the glossary."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from helpdesk.addresses.models import Addressed
from helpdesk.content.markdown_field import MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.content.publishing import Publishable, PublishableQuerySet
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions
from helpdesk.web.urls import path_of


class TermQuerySet(VersionedQuerySet["Term"], PublishableQuerySet["Term"]):
    def get_by_natural_key(self, slug: str) -> Term:
        return self.get(slug=slug)


class Term(Versioned, Addressed, Publishable):
    """A word of the trade, and what it means."""

    title = models.CharField("term", max_length=80)
    meaning = MarkdownField("meaning")
    keywords = models.TextField("keywords", blank=True)
    position = models.PositiveSmallIntegerField("position", default=0)

    objects = TermQuerySet.as_manager()
    history = Versions()

    class Meta(Publishable.Meta):
        verbose_name = "term"
        verbose_name_plural = "terms"
        ordering = ["title"]
        constraints = [
            *Addressed.Meta.constraints,
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="glossary_term_slug_once"),
            models.CheckConstraint(condition=~Q(title=""), name="glossary_term_title_given"),
        ]

    def __str__(self) -> str:
        return self.title

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("term", self.slug)
