"""Pages of others that texts of the portal name, and what the last check of each link found."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.natural_keys import depends_on
from helpdesk.content.web_address import WebAddressField
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions
from helpdesk.outside.link_check import LinkResult
from helpdesk.outside.link_errors import LinkError

# A link is dead once it has failed for so long: a server that is down for an hour or a night is not worth anybody's
# time, and a check each night, never twenty hours after the last one, then has failed on two days.
DEAD_AFTER = timedelta(hours=20)


class OutsidePageQuerySet(NaturalKeyQuerySet["OutsidePage"]):
    pass


class OutsidePage(Versioned):
    """A page of somebody else's that texts link to by its slug; without an address they only name it."""

    slug = models.SlugField(
        _("short name"), max_length=80, unique=True, help_text=_("Texts link to it: [any words](outside:short-name).")
    )
    name = models.CharField(_("name"), max_length=120)
    address = WebAddressField(
        _("address"),
        blank=True,
        help_text=_("Such as https://www.example.com/help. Leave it empty if it isn't known: texts then only name it."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For staff, such as who knows the address."))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OutsidePageQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("outside page")
        verbose_name_plural = _("outside pages")
        ordering = ["name", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="outside_outsidepage_name_given"),
            models.CheckConstraint(
                condition=Q(address="") | Q(address__startswith="https://") | Q(address__startswith="http://"),
                name="outside_outsidepage_address_of_the_web",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class CheckedLinkQuerySet(models.QuerySet["CheckedLink"]):
    def dead(self) -> CheckedLinkQuerySet:
        """Return the links whose checks failed on different days, and not once worked in between."""
        return self.filter(first_failed_at__lte=F("checked_at") - DEAD_AFTER)

    def store(self, address: str, result: LinkResult, moment: datetime) -> CheckedLink:
        """Store the result of a check; the first of several failures in a row is remembered. Two queries."""
        before = self.filter(address=address).first()
        first_failed_at = (before and before.first_failed_at) or moment
        values = {
            "status": result.status,
            "error": result.error,
            "moved_to": result.moved_to,
            "checked_at": moment,
            "first_failed_at": first_failed_at if result.error else None,
        }
        return self.update_or_create(address=address, defaults=values)[0]


class CheckedLink(models.Model):
    """Result of the last check of an address; derived, so it has no history and no content version."""

    is_on_pages = False

    address = models.CharField(_("address"), max_length=1000, unique=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=12, choices=LinkError, blank=True)
    moved_to = models.TextField(_("moved to"), blank=True)
    checked_at = models.DateTimeField(_("checked"))
    first_failed_at = models.DateTimeField(_("failing since"), null=True)

    objects = CheckedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        default_permissions = ()
        indexes = [models.Index(fields=["first_failed_at"], name="outside_checkedlink_failing")]

    def __str__(self) -> str:
        return self.address

    @property
    def is_dead(self) -> bool:
        return self.first_failed_at is not None and self.first_failed_at <= self.checked_at - DEAD_AFTER

    @property
    def result(self) -> str:
        """The result in words."""
        if self.error == LinkError.HTTP:
            return gettext("%(error)s (%(status)s)") % {"error": LinkError.HTTP.label, "status": self.status}
        if self.error:
            return str(LinkError(self.error).label)
        if self.moved_to:
            return gettext("Moved to %(address)s") % {"address": self.moved_to}
        if (self.status or 0) >= 400:
            return gettext("Can't be checked: the server answers only browsers (%(status)s)") % {"status": self.status}
        return gettext("Works")
