"""Contact points, the people to turn to, and their lines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts import numbers
from helpdesk.contacts.opening import Opening, read_opening
from helpdesk.content.markdown_field import MARKDOWN_HELP, MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.content.web_address import WebAddressField, is_of_the_web
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions

LINE_FACTS = ("place", "number", "extension", "toll_free", "time_zone", "hours", "closed_days")

# As `ContactPoint.website`, for queries.
HAS_WEBSITE = Q(web_address__istartswith="https://") | Q(web_address__istartswith="http://")


def is_to_come(day: date | None) -> bool:
    """Return whether a day is in the future: after tomorrow, which may be today already where the editor is."""
    return day is not None and day > timezone.localdate() + timedelta(days=1)


def day_to_come() -> str:
    return gettext("This day is in the future. Enter the day you checked.")


class Reach(NamedTuple):
    """A contact point in one line, by its values: equal as long as they are, unlike records."""

    name: str
    email: str
    website: str
    line_facts: tuple[str | bool, ...] | None

    @property
    def line(self) -> ContactLine | None:
        """The line with the number, not a stored record."""
        return ContactLine(**dict(zip(LINE_FACTS, self.line_facts, strict=True))) if self.line_facts else None


class ContactPointQuerySet(NaturalKeyQuerySet["ContactPoint"]):
    def for_page(self) -> ContactPointQuerySet:
        """Load the lines, in order. One query more."""
        return self.prefetch_related(Prefetch("lines", ContactLine.objects.all()))

    def reachable(self) -> ContactPointQuerySet:
        """Return those that visitors can call, write to, or look up on another website."""
        called = ContactLine.objects.reachable().values("contact_point")
        return self.filter(~Q(email="") | HAS_WEBSITE | Q(pk__in=called))


class ContactPoint(Versioned):
    """People to turn to: who, for what, how."""

    slug = models.SlugField(
        _("short name"), max_length=80, unique=True, help_text=_("For staff and files. Visitors don't see it.")
    )
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("for what"), help_text=_("What these people help with, in one or two sentences."))
    email = models.EmailField(_("email"), blank=True)
    web_address = WebAddressField(
        _("web address"),
        blank=True,
        default="",
        db_default="",
        max_length=300,
        help_text=_("A page with all ways to reach them."),
    )
    preparation = models.TextField(
        _("what to have ready"),
        blank=True,
        help_text=_("What callers should have at hand, and what they will be asked. Each line is one item of a list."),
    )
    details = MarkdownField(_("more to know"), blank=True, help_text=MARKDOWN_HELP)
    confirmed_on = models.DateField(
        _("confirmed on"),
        null=True,
        blank=True,
        help_text=_("The day somebody last checked that numbers, hours and addresses are right. Visitors see it."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ContactPointQuerySet.as_manager()
    history = Versions()

    class Meta:
        app_label = "guides"
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="guides_contactpoint_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if is_to_come(self.confirmed_on):
            raise ValidationError({"confirmed_on": day_to_come()})

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def preparation_items(self) -> list[str]:
        """The items to have ready, in order."""
        return [line.strip().removeprefix("- ") for line in self.preparation.splitlines() if line.strip()]

    @property
    def website(self) -> str:
        """The web address for a link; "" for what is stored but isn't one of the web, such as a script."""
        return self.web_address if is_of_the_web(self.web_address) else ""

    @property
    def main_line(self) -> ContactLine | None:
        """The first line with a number. No query after `for_page`."""
        return next((line for line in self.lines.all() if line.number), None)

    @property
    def reach(self) -> Reach:
        """The one way to reach them that pages show in a line. No query after `for_page`."""
        line = self.main_line
        facts = tuple(getattr(line, name) for name in LINE_FACTS) if line else None
        return Reach(self.name, self.email, self.website, facts)

    @property
    def is_reachable(self) -> bool:
        """Return whether visitors can call, write, or look them up. No query after `for_page`."""
        return bool(self.email or self.website or self.main_line)


class ContactLineQuerySet(NaturalKeyQuerySet["ContactLine"]):
    def reachable(self) -> ContactLineQuerySet:
        """Return the lines with a number."""
        return self.exclude(number="")


class ContactLine(Versioned):
    """A number of a contact point: where, when somebody answers, what it costs."""

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, related_name="lines", verbose_name=_("contact point")
    )
    slug = models.SlugField(
        _("short name"), max_length=80, unique=True, help_text=_("For staff and files. Visitors don't see it.")
    )
    place = models.CharField(_("place"), max_length=80, blank=True, help_text=_("A country or region."))
    number = models.CharField(
        _("number"), max_length=60, blank=True, help_text=_("With the country code: +44 20 7710 5600, 1 877 442 2757.")
    )
    extension = models.CharField(_("extension"), max_length=11, blank=True)
    toll_free = models.BooleanField(_("toll-free"), default=False)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    cost = models.CharField(_("cost"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    hours = models.CharField(_("hours"), max_length=300, blank=True)
    closed_days = models.CharField(_("closed on"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ContactLineQuerySet.as_manager()
    history = Versions()

    class Meta:
        app_label = "guides"
        verbose_name = _("contact line")
        verbose_name_plural = _("contact lines")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") | ~Q(hours="") | ~Q(note=""),
                name="guides_contactline_not_empty",
                violation_error_message=_("Enter a number, hours or a note."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.place, self.shown_number) if part) or self.note

    @depends_on("guides.contactpoint")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def dialed(self) -> numbers.Number:
        """The number as it is dialed; one that cannot be read stays as it is written."""
        return numbers.stored_number(self.number, self.extension)

    @property
    def shown_number(self) -> str:
        """The number as visitors read it, without its extension."""
        return self.dialed.shown(toll_free=self.is_toll_free) if self.number else ""

    @property
    def href(self) -> str:
        """The target of the telephone link; empty where there is nothing to dial."""
        return self.dialed.href if self.number else ""

    @property
    def is_toll_free(self) -> bool:
        return self.toll_free or self.dialed.is_toll_free

    @property
    def opening(self) -> Opening | None:
        """The hours in their time zone; None where there are none, or none that can be read."""
        return read_opening(self.hours, self.time_zone, self.closed_days) if self.hours else None

    @property
    def hours_words(self) -> str:
        """The hours as visitors read them; those that cannot be read stay as they are written."""
        return self.opening.words if self.opening else " ".join(filter(None, (self.hours, self.time_zone)))

    @property
    def place_and_hours(self) -> tuple[str, ...]:
        """Equal for numbers that a page shows together, with their hours once."""
        return (self.place, self.hours, self.time_zone, self.closed_days)
