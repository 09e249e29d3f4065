"""Model of a legal text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.content.publishing import Publishable, PublishableQuerySet
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions
from helpdesk.web.urls import path_of


class LegalTextQuerySet(VersionedQuerySet["LegalText"], PublishableQuerySet["LegalText"]):  # type: ignore[override]  # as_manager of each
    def get_by_natural_key(self, slug: str) -> LegalText:
        return self.get(slug=slug)


class LegalText(Versioned, Addressed, Publishable):
    """A text such as an imprint or a privacy notice."""

    title = models.CharField(_("title"), max_length=160)
    text = MarkdownField(_("text"), help_text=MARKDOWN_HELP)

    objects = LegalTextQuerySet.as_manager()
    history = Versions()

    class Meta(Publishable.Meta):
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ["title", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="legal_legaltext_slug_once"),
            models.CheckConstraint(condition=~Q(title=""), name="legal_legaltext_title_given"),
        ]

    def __str__(self) -> str:
        return self.title

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("legal-text", self.slug)
