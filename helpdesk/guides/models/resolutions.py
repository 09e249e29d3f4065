"""Resolutions: the ways out, shared between causes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts.models import ContactPoint
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions


class ResolutionQuerySet(NaturalKeyQuerySet["Resolution"]):
    pass


class Resolution(Versioned):
    """The answer to a cause; shared between causes."""

    slug = models.SlugField(_("key"), max_length=80, unique=True, help_text=_("A short name for staff and fixtures."))
    title = models.CharField(_("title"), max_length=160, help_text=_("What to do, in a few words."))
    body = MarkdownField(_("what to do"), help_text=MARKDOWN_HELP)
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolutions",
        verbose_name=_("contact point"),
        help_text=_("Whom to call when this does not help."),
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
        ]

    def __str__(self) -> str:
        return self.title

    @depends_on("guides.contactpoint")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)
