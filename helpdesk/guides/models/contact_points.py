"""Contact points: the people to turn to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.content.markdown_field import MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.guides.models.base import MARKDOWN_HELP, NaturalKeyQuerySet
from helpdesk.history.versioned import Versioned, Versions


class ContactPointQuerySet(NaturalKeyQuerySet["ContactPoint"]):
    pass


class ContactPoint(Versioned):
    """People to turn to: who, for what, how."""

    slug = models.SlugField(_("key"), max_length=80, unique=True, help_text=_("A short name for staff and fixtures."))
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("for what"), help_text=_("What these people help with, in one or two sentences."))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    preparation = models.TextField(
        _("what to have ready"),
        blank=True,
        help_text=_("What callers should have at hand, and what they will be asked."),
    )
    details = MarkdownField(_("more to know"), blank=True, help_text=MARKDOWN_HELP)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ContactPointQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="guides_contactpoint_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)
