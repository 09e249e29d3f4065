"""Groups: headings in a guide's list of situations."""

from __future__ import annotations

from itertools import count

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from helpdesk.content.natural_keys import depends_on
from helpdesk.guides.models.guides import Guide
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions


class SituationGroupQuerySet(NaturalKeyQuerySet["SituationGroup"]):
    def free_slug(self, guide: Guide, title: str) -> str:
        """Return a key for a new group that no other one has: email-sending, email-sending-2. One query."""
        base = slugify(f"{guide.slug} {title}")[:70].strip("-") or "group"
        taken = set(self.filter(slug__startswith=base).values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in count(2))
        return base if base not in taken else next(slug for slug in numbered if slug not in taken)


class SituationGroup(Versioned):
    """A heading in a guide's list, with the situations below it."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="groups", verbose_name=_("guide"))
    slug = models.SlugField(_("key"), max_length=80, unique=True, help_text=_("A short name for staff and fixtures."))
    title = models.CharField(_("heading"), max_length=80, help_text=_("What its situations have in common: “Sending”."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SituationGroupQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("group of situations")
        verbose_name_plural = _("groups of situations")
        ordering = ["guide__position", "guide__number", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="guides_situationgroup_title_given"),
            models.UniqueConstraint(
                fields=["guide", "title"],
                name="guides_situationgroup_title_once_in_guide",
                violation_error_message=_("This guide already has a group with this heading."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @depends_on("guides.guide")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)
