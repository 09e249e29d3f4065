"""Guides, symptoms, causes, resolutions and the people to turn to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed, Kind
from helpdesk.content.publishing import Publishable, PublishableQuerySet
from helpdesk.history.recording import Recorded, RecordedQuerySet, Versions, together
from helpdesk.web.compiled_query import Rows
from helpdesk.web.urls import path_of

MARKDOWN_HELP = _("Markdown. Link to another page of this portal by its short address, such as /s/1042/.")


class NaturalKeyQuerySet(RecordedQuerySet):
    """Rows that fixtures name by their slug."""

    def get_by_natural_key(self, slug: str) -> Any:
        return self.get(slug=slug)


class ContactPoint(Recorded):
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
    details = models.TextField(_("more to know"), blank=True, help_text=MARKDOWN_HELP)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = NaturalKeyQuerySet.as_manager()
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

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = []  # type: ignore[attr-defined]


class Resolution(Recorded):
    """What to do about a cause; shared between causes."""

    slug = models.SlugField(_("key"), max_length=80, unique=True, help_text=_("A short name for staff and fixtures."))
    title = models.CharField(_("title"), max_length=160, help_text=_("What to do, in a few words."))
    body = models.TextField(_("what to do"), help_text=MARKDOWN_HELP)
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

    objects = NaturalKeyQuerySet.as_manager()
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

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["guides.contactpoint"]  # type: ignore[attr-defined]


class Cause(Recorded, Addressed):
    """Why it happens, worded as something to check; shared between symptoms."""

    address_kind = Kind.CAUSE

    title = models.CharField(
        _("title"),
        max_length=160,
        help_text=_("The check as a question or a short instruction, in the visitor's words."),
    )
    how_to_check = models.TextField(_("how to check"), help_text=MARKDOWN_HELP)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("How long the check and its fix take a visitor."),
    )
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="causes", verbose_name=_("resolution")
    )
    prevention = models.TextField(
        _("how to avoid it next time"), blank=True, help_text=_("Shown when this was the cause. Markdown.")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = NaturalKeyQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["title", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            models.UniqueConstraint(fields=["slug"], name="guides_cause_slug_once"),
            models.CheckConstraint(condition=~Q(title=""), name="guides_cause_title_given"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 600)), name="guides_cause_minutes_sensible"),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["guides.resolution"]  # type: ignore[attr-defined]


class GuideQuerySet(RecordedQuerySet["Guide"], PublishableQuerySet["Guide"]):  # type: ignore[override]  # as_manager of each
    def get_by_natural_key(self, slug: str) -> Guide:
        return self.get(slug=slug)

    def with_symptom_count(self, request: HttpRequest) -> GuideQuerySet:
        """Each guide with `symptom_count`, the number of situations this request may see."""
        counted = Symptom.objects.shown_to(request).filter(guide=models.OuterRef("pk")).order_by()
        count = counted.values("guide").annotate(n=models.Count("pk")).values("n")
        return self.annotate(symptom_count=models.functions.Coalesce(models.Subquery(count), 0))


class Guide(Recorded, Addressed, Publishable):
    """One problem area with its list of situations."""

    address_kind = Kind.GUIDE

    title = models.CharField(
        _("title"), max_length=160, help_text=_("The problem in the visitor's words: “I cannot log in to …”.")
    )
    short_title = models.CharField(_("short title"), max_length=60, help_text=_("For cards and the path at the top."))
    prompt = models.CharField(
        _("prompt"),
        max_length=200,
        default="Click the line that best describes your situation.",
        help_text=_("The sentence above the list of situations."),
    )
    introduction = models.TextField(_("introduction"), blank=True, help_text=MARKDOWN_HELP)
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

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = []  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return path_of("guide", self.slug)

    @property
    def short_url(self) -> str:
        return path_of("guide-by-number", self.number)


class SymptomQuerySet(RecordedQuerySet["Symptom"], PublishableQuerySet["Symptom"]):  # type: ignore[override]  # as_manager of each
    chain = ("guide__",)
    # A symptom that leads to an unpublished guide would be a dead end, so visitors do not see it.
    chain_if_any = ("leads_to__",)

    def get_by_natural_key(self, guide: str, slug: str) -> Symptom:
        return self.get(guide__slug=guide, slug=slug)

    def for_page(self) -> SymptomQuerySet:
        """Symptoms with all that the pages of a walk read: guide, checks in order, causes, resolutions, contacts.

        Two queries, whatever the number of checks.
        """
        return self.select_related("guide", "leads_to").prefetch_related(Prefetch("checks", Check.objects.for_page()))


class Symptom(Recorded, Addressed, Publishable):
    """One situation in the visitor's words, with its checks in order or the guide that asks one more question."""

    address_kind = Kind.SYMPTOM
    address_scope = "guide"

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="symptoms", verbose_name=_("guide"))
    title = models.CharField(_("title"), max_length=160, help_text=_("The situation in the visitor's words."))
    message = models.CharField(
        _("message on the screen"),
        max_length=300,
        blank=True,
        help_text=_("The text exactly as the visitor sees it, without quotation marks."),
    )
    keywords = models.TextField(
        _("keywords"), blank=True, help_text=_("Other words customers use for this, with commas between them.")
    )
    introduction = models.TextField(_("introduction"), blank=True, help_text=MARKDOWN_HELP)
    notice = models.TextField(
        _("security notice"),
        blank=True,
        help_text=_("Shown before the checks, and repeated to visitors who call. Markdown."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    leads_to = models.ForeignKey(
        Guide,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_to_by",
        verbose_name=_("leads to guide"),
        help_text=_("When one more question is needed: the guide that asks it. Such a symptom has no checks."),
    )
    causes = models.ManyToManyField(Cause, through="Check", related_name="symptoms", verbose_name=_("causes"))

    objects = SymptomQuerySet.as_manager()
    history = Versions()

    class Meta(Publishable.Meta):
        verbose_name = _("symptom")
        verbose_name_plural = _("symptoms")
        ordering = ["guide__position", "guide__number", "position", "number"]
        constraints = [
            *Addressed.Meta.constraints,
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=["guide", "slug"], name="guides_symptom_slug_once_in_guide"),
            models.CheckConstraint(condition=~Q(title=""), name="guides_symptom_title_given"),
            models.CheckConstraint(
                condition=Q(leads_to__isnull=True) | ~Q(leads_to=F("guide")),
                name="guides_symptom_leads_to_another_guide",
                violation_error_message=_("A symptom cannot lead to the guide it stands in."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def checks_in_order(self) -> Sequence[Check]:
        """The checks with all that their pages read, as `for_page` or the look-up of an address fetched them."""
        return list(self.checks.all())

    @property
    def check_slugs(self) -> tuple[str, ...]:
        """The slugs of the causes to check, in order."""
        checks = self.checks_in_order
        if isinstance(checks, Rows):
            return checks.column("cause__slug")
        return tuple(check.cause.slug for check in checks)

    def natural_key(self) -> tuple[str, str]:
        return (self.guide.slug, self.slug)

    natural_key.dependencies = ["guides.guide"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return path_of("symptom", self.guide.slug, self.slug)

    @property
    def short_url(self) -> str:
        return path_of("symptom-by-number", self.number)

    def clean(self) -> None:
        super().clean()
        if self.leads_to is not None and self.guide_id is not None:
            refuse_loop(self)


def refuse_loop(symptom: Symptom) -> None:
    """Raises ValidationError, naming the way round, when visitors could come back to where they were.

    Follows the onward links guide by guide: one query for each guide on the way.
    """

    def onward(guide: Guide) -> Iterable[Symptom]:
        return guide.symptoms.exclude(leads_to=None).select_related("leads_to")

    if way := way_round(symptom, onward):
        raise ValidationError({"leads_to": ValidationError(loop_text(way), code="loop")})


def loop_text(way: Sequence[str]) -> str:
    """What to say of a way that ends where it began."""
    return gettext("Visitors would go round in a circle: %(way)s.") % {"way": " › ".join(way)}


def way_round(symptom: Symptom, onward: Callable[[Guide], Iterable[Symptom]]) -> list[str]:
    """The names on the way from the symptom's guide back to itself; empty where there is no such way.

    `onward` gives the symptoms of a guide that lead to another one.
    """
    ways: dict[int, list[str]] = {}
    frontier: list[Guide] = []

    def go(way: list[str], step: Symptom) -> None:
        guide = step.leads_to
        if guide is not None and guide.pk not in ways:
            ways[guide.pk] = [*way, str(step), str(guide)]
            frontier.append(guide)

    go([str(symptom.guide)], symptom)
    while frontier:
        guide = frontier.pop()
        way = ways[guide.pk]
        if guide.pk == symptom.guide_id:
            return way
        for step in onward(guide):
            if step.pk != symptom.pk:
                go(way, step)
    return []


class CheckQuerySet(RecordedQuerySet["Check"]):
    # Added to the positions of one symptom while they are dealt anew, so that no two are equal on the way.
    _ASIDE = 10_000

    def get_by_natural_key(self, guide: str, symptom: str, cause: str) -> Check:
        return self.get(symptom__guide__slug=guide, symptom__slug=symptom, cause__slug=cause)

    def for_page(self) -> CheckQuerySet:
        """Checks in order, with their causes, resolutions and contact points."""
        return self.order_by("position").select_related("cause__resolution__contact_point")

    def reorder(self, symptom: Symptom, causes: Sequence[Cause]) -> None:
        """Makes these causes, in this order, the checks of the symptom; others are taken away."""
        with together():  # so that the history knows nothing of the positions on the way
            mine = self.filter(symptom=symptom)
            mine.exclude(cause__in=causes).delete()
            mine.update(position=F("position") + self._ASIDE)
            kept = {check.cause_id: check for check in mine}
            for position, cause in enumerate(causes, start=1):
                check = kept.get(cause.pk) or Check(symptom=symptom, cause=cause)
                check.position = position
                check.save()

    def close_gaps(self, symptom_id: int) -> None:
        """Numbers the checks of a symptom 1, 2, 3 … in the order they have."""
        checks = self.filter(symptom_id=symptom_id).order_by("position")
        with together():
            for position, (pk, current) in enumerate(checks.values_list("pk", "position"), start=1):
                if position != current:
                    self.filter(pk=pk).update(position=position)


class Check(Recorded):
    """A cause at its place in a symptom's order."""

    symptom = models.ForeignKey(Symptom, on_delete=models.CASCADE, related_name="checks", verbose_name=_("symptom"))
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

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.symptom.natural_key(), self.cause.slug)

    natural_key.dependencies = ["guides.symptom", "guides.cause"]  # type: ignore[attr-defined]
