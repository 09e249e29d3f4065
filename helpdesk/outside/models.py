"""Pages of others that texts of the portal name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.content.natural_keys import depends_on
from helpdesk.content.web_address import WebAddressField
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions


class OutsidePageQuerySet(VersionedQuerySet["OutsidePage"]):
    def get_by_natural_key(self, slug: str) -> OutsidePage:
        return self.get(slug=slug)


class OutsidePage(Versioned):
    """A page of somebody else's that texts link to by its slug; without an address they only name it."""

    slug = models.SlugField(
        _("key"), max_length=80, unique=True, help_text=_("Texts link to it: [any words](outside:key).")
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
