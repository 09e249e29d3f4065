"""Guides: problem areas with their lists of situations."""

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


class GuideQuerySet(VersionedQuerySet["Guide"], PublishableQuerySet["Guide"]):  # type: ignore[override]  # as_manager of each
    def get_by_natural_key(self, slug: str) -> Guide:
        return self.get(slug=slug)


class Guide(Versioned, Addressed, Publishable):
    """One problem area with its list of situations."""

    class Icon(models.TextChoices):
        """Drawing on a guide's card; each is a file in templates/icons/."""

        SCREEN = "screen", _("Screen")
        GLOBE = "globe", _("Globe")
        KEY = "key", _("Key")
        SHIELD = "shield", _("Shield")
        PERSON = "person", _("Person")
        CARD = "card", _("Card")
        PHONE = "phone", _("Phone")
        MAIL = "mail", _("Envelope")
        CLOCK = "clock", _("Clock")

    NEUTRAL_ICON = "guide"

    title = models.CharField(
        _("title"), max_length=160, help_text=_("The problem in the visitor's words: “I can't log in to …”.")
    )
    short_title = models.CharField(_("short title"), max_length=60, help_text=_("For cards and breadcrumbs."))
    prompt = models.CharField(
        _("prompt"),
        max_length=200,
        default="Choose what best describes your situation",
        help_text=_("The sentence above the list of situations."),
    )
    introduction = MarkdownField(_("introduction"), blank=True, help_text=MARKDOWN_HELP)
    icon = models.CharField(
        _("icon"),
        max_length=20,
        choices=Icon.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("The drawing on its card. Without one, the card shows a sheet of paper."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = GuideQuerySet.as_manager()
    history = Versions()

    class Meta(Publishable.Meta):
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ["position", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="guides_guide_slug_once"),
            models.CheckConstraint(condition=~Q(title=""), name="guides_guide_title_given"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def icon_name(self) -> str:
        """Name of the drawing on the card."""
        return self.icon if self.icon in self.Icon.values else self.NEUTRAL_ICON

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("guide", self.slug)
