"""Symptoms, the situations of a guide, and checks, their causes in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed
from helpdesk.contacts.models import ContactPoint
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.content.publishing import Publishable, PublishableQuerySet
from helpdesk.guides.models.causes import Cause
from helpdesk.guides.models.groups import SituationGroup
from helpdesk.guides.models.guides import Guide
from helpdesk.guides.models.loops import LOOP_TEXT, OnwardLink, find_loop, loop_words
from helpdesk.history.revisions import revision
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions
from helpdesk.web.urls import path_of

# Order of the symptoms of one guide on its page: those without a group first, then group by group.
LIST_ORDER = (F("group__position").asc(nulls_first=True), "group_id", "position", "number")


class SymptomQuerySet(VersionedQuerySet["Symptom"], PublishableQuerySet["Symptom"]):  # type: ignore[override]  # as_manager of each
    chain = ("guide__",)
    # A symptom that leads to an unpublished guide would be a dead end, so visitors do not see it.
    chain_if_any = ("leads_to__",)

    def get_by_natural_key(self, guide: str, slug: str) -> Symptom:
        return self.get(guide__slug=guide, slug=slug)

    def for_page(self) -> SymptomQuerySet:
        """Load all that the pages of a walk read: guide, checks, causes, resolutions, contacts. Two queries."""
        return self.select_related("guide", "group", "leads_to").prefetch_related(
            Prefetch("checks", Check.objects.for_page())
        )

    def count_in_guide(self) -> Coalesce:
        """Return the expression for the number of these symptoms in the guide of an outer query."""
        mine = self.filter(guide=OuterRef("pk")).order_by().values("guide")
        return Coalesce(Subquery(mine.annotate(n=models.Count("pk")).values("n")), 0)


class Symptom(Versioned, Addressed, Publishable):
    """A situation in the visitor's words, with its checks in order or the guide that asks one more question."""

    address_scope = "guide"
    # Set by the lookup of the symptom's pages: the contact points that have a line, for a symptom that names none.
    other_contacts: Sequence[ContactPoint] = ()

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="symptoms", verbose_name=_("guide"))
    group = models.ForeignKey(
        SituationGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="symptoms",
        verbose_name=_("group"),
        help_text=_("The heading that it's listed under in its guide. Those without one come first."),
    )
    title = models.CharField(_("title"), max_length=160, help_text=_("The situation in the visitor's words."))
    message = models.CharField(
        _("message on the screen"),
        max_length=300,
        blank=True,
        help_text=_("The text exactly as the visitor sees it, without quotation marks."),
    )
    keywords = models.TextField(
        _("keywords"), blank=True, help_text=_("Other words customers use for this. Separate them with commas.")
    )
    introduction = MarkdownField(_("introduction"), blank=True, help_text=MARKDOWN_HELP)
    notice = MarkdownField(
        _("security notice"),
        blank=True,
        help_text=_("Shown before the checks and when visitors contact us. Markdown."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    on_home = models.BooleanField(
        _("on the home page"),
        default=False,
        db_default=False,
        help_text=_(
            "Show it there as one of the most common situations. Visitors see the first five, in the order of the "
            "guides and their lists. Two with the same title and the same single cause count as one."
        ),
    )
    leads_to = models.ForeignKey(
        Guide,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_to_by",
        verbose_name=_("continues in guide"),
        help_text=_("The guide that asks the next question. Such a situation can't have checks."),
    )
    causes = models.ManyToManyField(Cause, through="Check", related_name="symptoms", verbose_name=_("causes"))

    objects = SymptomQuerySet.as_manager()
    history = Versions()

    class Meta(Publishable.Meta):
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        ordering = ["guide__position", "guide__number", "position", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=["guide", "slug"], name="guides_symptom_slug_once_in_guide"),
            models.CheckConstraint(condition=~Q(title=""), name="guides_symptom_title_given"),
            models.CheckConstraint(
                condition=Q(leads_to__isnull=True) | ~Q(leads_to=F("guide")),
                name="guides_symptom_leads_to_another_guide",
                violation_error_message=_("A situation can't continue in its own guide. Choose another guide."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def checks_in_order(self) -> Sequence[Check]:
        """The checks in order with all that their pages read. No query after `for_page`."""
        return list(self.checks.all())

    @property
    def check_slugs(self) -> tuple[str, ...]:
        """The slugs of the causes to check, in order."""
        return tuple(check.cause.slug for check in self.checks_in_order)

    @depends_on("guides.guide")
    def natural_key(self) -> tuple[str, str]:
        return (self.guide.slug, self.slug)

    def get_absolute_url(self) -> str:
        return path_of("symptom", self.guide.slug, self.slug)

    @property
    def onward_links(self) -> list[OnwardLink]:
        """The link to the guide that the symptom leads to, if it does."""
        return [OnwardLink(self.pk, self.title, self.leads_to.pk, str(self.leads_to))] if self.leads_to else []

    def clean(self) -> None:
        super().clean()
        if self.guide_id is not None:
            self.refuse_loop()
            self.refuse_group_of_another_guide()

    def refuse_group_of_another_guide(self) -> None:
        """Raise ValidationError for a group that the symptom's guide does not have."""
        if self.group is not None and self.group.guide_id != self.guide_id:
            text = _("“%(group)s” is a heading in another guide. Choose one of this guide's, or none.")
            raise ValidationError({"group": ValidationError(text, params={"group": self.group})})

    def refuse_loop(self) -> None:
        """Raise ValidationError, naming the way, when visitors could come back to this symptom's guide.

        One query for each guide on the way.
        """

        def links_of(guide_id: int) -> Iterator[OnwardLink]:
            for symptom in Symptom.objects.filter(guide=guide_id).exclude(leads_to=None).select_related("leads_to"):
                yield from symptom.onward_links

        for link in self.onward_links:
            if way := find_loop(self.guide_id, str(self.guide), link, links_of):
                error = ValidationError(LOOP_TEXT, code="loop", params={"way": loop_words(way)})
                raise ValidationError({"leads_to": error})


class CheckQuerySet(VersionedQuerySet["Check"]):
    # Added to the positions of a symptom's checks while they change, so that no two are equal on the way.
    _ASIDE = 10_000

    def get_by_natural_key(self, guide: str, symptom: str, cause: str) -> Check:
        return self.get(symptom__guide__slug=guide, symptom__slug=symptom, cause__slug=cause)

    def for_page(self) -> CheckQuerySet:
        """Load the causes, resolutions and contact points of the checks, in order."""
        return self.order_by("position").select_related("cause__resolution__contact_point")

    def reorder(self, symptom: Symptom, causes: Sequence[Cause]) -> None:
        """Make these causes, in this order, the checks of the symptom; others are deleted."""
        with revision():  # so that the positions on the way leave no version in the history
            mine = self.filter(symptom=symptom)
            mine.exclude(cause__in=causes).delete()
            mine.update(position=F("position") + self._ASIDE)
            kept = {check.cause_id: check for check in mine}
            for position, cause in enumerate(causes, start=1):
                check = kept.get(cause.pk) or Check(symptom=symptom, cause=cause)
                check.position = position
                check.save()

    def close_gaps(self, symptom_id: int) -> None:
        """Number the checks of a symptom 1, 2, 3 … in their order."""
        checks = self.filter(symptom_id=symptom_id).order_by("position")
        with revision():
            for position, (pk, current) in enumerate(checks.values_list("pk", "position"), start=1):
                if position != current:
                    self.filter(pk=pk).update(position=position)


class Check(Versioned):
    """A cause at its place in a symptom's order."""

    symptom = models.ForeignKey(Symptom, on_delete=models.CASCADE, related_name="checks", verbose_name=_("situation"))
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="checks", verbose_name=_("cause"))
    position = models.PositiveSmallIntegerField(_("position"))

    objects = CheckQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["symptom", "position"]
        constraints = [
            models.UniqueConstraint(fields=["symptom", "cause"], name="guides_check_cause_once"),
            models.UniqueConstraint(fields=["symptom", "position"], name="guides_check_position_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="guides_check_position_from_one"),
        ]

    def __str__(self) -> str:
        return str(self.cause)

    @depends_on("guides.symptom", "guides.cause")
    def natural_key(self) -> tuple[str, str, str]:
        return (*self.symptom.natural_key(), self.cause.slug)
