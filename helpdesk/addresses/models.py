"""Models of help numbers and former addresses, which are kept for good, and the base class of addressed records.

The rows of this module are written by database triggers (`triggers.py`), so that no way of changing content,
a bulk update or SQL by hand included, can break an address that stands in somebody's mail.
"""

from __future__ import annotations

from typing import ClassVar, cast

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, router, transaction
from django.db.models import Max, Q
from django.db.models.functions import Lower
from django.utils.functional import classproperty
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.reserved_slugs import free_slug
from helpdesk.content.kinds import ContentKind, addressed_choices, addressed_kinds, kind_of
from helpdesk.web.urls import path_of

FIRST_NUMBER = 1001

# Words of the address scheme: a slug must never read as one of them.
RESERVED_SLUGS = ("all", "check", "contact", "fix", "fixed", "found", "none", "topic")


class HelpNumberQuerySet(models.QuerySet["HelpNumber"]):
    def allocate(self, kind: str) -> int:
        """Reserve and return an unused number for a record of this kind.

        Two at once may reach for the same number: the second one's insert is refused, and it takes the next.
        """
        while True:
            highest = self.aggregate(highest=Max("number"))["highest"] or FIRST_NUMBER - 1
            try:
                with transaction.atomic(using=self.db):
                    return self.create(number=highest + 1, kind=kind).number
            except IntegrityError:
                continue


class HelpNumber(models.Model):
    """Help number in use. The row outlives its record, so that the number is never used again."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=addressed_choices)

    objects = HelpNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("help number")
        verbose_name_plural = _("help numbers")

    def __str__(self) -> str:
        return str(self.number)


class FormerAddressQuerySet(models.QuerySet["FormerAddress"]):
    def get_by_natural_key(self, kind: str, scope: int, slug: str, number: int) -> FormerAddress:
        return self.get(kind=kind, scope=scope, slug=slug, number=number)

    def active(self) -> FormerAddressQuerySet:
        """Return the addresses that lead to their records: those that staff have not ended."""
        return self.filter(ended_at=None)


class FormerAddress(models.Model):
    """Slug that a record had until a moment, and the guide that its address was below."""

    kind = models.CharField(_("kind"), max_length=10, choices=addressed_choices)
    scope = models.PositiveIntegerField(_("guide's number"), help_text=_("0 if the address has no guide"))
    slug = models.SlugField(_("slug"), max_length=80, db_index=False)
    number = models.PositiveIntegerField(_("number"), db_index=True)
    until = models.DateTimeField(_("until"))
    # A trigger clears it when the record leaves the address again.
    ended_at = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("After this, visitors are told that the page is gone.")
    )

    objects = FormerAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [
            models.UniqueConstraint(fields=["kind", "scope", "slug", "number"], name="links_formeraddress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (self.kind, self.scope, self.slug, self.number)


class HelpNumberField(models.PositiveIntegerField):
    """Permanent number of a record, assigned at the first save and never changed."""

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        number = super().pre_save(model_instance, add)
        if number is None and isinstance(model_instance, Addressed):
            using = model_instance._state.db or router.db_for_write(type(model_instance))
            number = HelpNumber.objects.using(using).allocate(model_instance.address_kind)
            setattr(model_instance, self.attname, number)
        return number


class Addressed(models.Model):
    """Base class of records with a slug and a help number."""

    # The foreign key to the record whose address this one's stands below (a symptom's guide).
    address_scope: ClassVar[str | None] = None
    # The field with the name that people know the record by.
    name_field: ClassVar[str] = "title"

    number = HelpNumberField(_("help number"), unique=True, editable=False)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        help_text=_("The last part of the address. When you change it, the old address redirects here permanently."),
        validators=[RegexValidator(r"^[a-z0-9-]+\Z", _("Use lowercase letters, digits and hyphens only."))],
    )

    @classproperty
    def address_kind(cls) -> str:
        """Code of the content kind, as help numbers and former addresses store it."""
        return kind_of(cls).name

    @property
    def scope(self) -> int:
        """Help number of the record whose address this one's is below (a symptom's guide); 0 where there is none."""
        return getattr(self, self.address_scope).number if self.address_scope else 0

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS) & Q(slug=Lower("slug")) & ~Q(slug=""),
                name="%(app_label)s_%(class)s_slug_allowed",
                violation_error_message=_("This slug is reserved or isn't lowercase. Choose another one."),
            )
        ]

    @property
    def short_url(self) -> str:
        """Path of the short link, the permanent address; for kinds that have one."""
        return path_of(kind_of(self).short_url_name, self.number)

    @property
    def has_reserved_slug(self) -> bool:
        """Tell whether the slug is a word of the address scheme, as only versions from before that word have it."""
        return self.slug in RESERVED_SLUGS

    def unreserved_slug(self) -> str:
        """Return the slug with the first number that no record beside this one has, or once had."""
        field = self.address_scope
        beside = type(self)._default_manager.filter(**({field: getattr(self, field)} if field else {}))
        former = FormerAddress.objects.filter(kind=self.address_kind, scope=self.scope)
        return free_slug(self.slug, beside, former)

    def clean(self) -> None:
        super().clean()
        # The database refuses it as well; here the message can stand at the field.
        refuse_reserved_slug(self.slug)


def refuse_reserved_slug(slug: str) -> None:
    """Raise ValidationError for a slug that is a word of the address scheme."""
    if slug in RESERVED_SLUGS:
        raise ValidationError({"slug": gettext("“%(slug)s” is reserved. Choose another slug.") % {"slug": slug}})


def addressed_models() -> list[type[Addressed]]:
    """Return the models with help numbers and slugs, in the order of the registry."""
    return [model_of(kind) for kind in addressed_kinds()]


def model_of(kind: ContentKind) -> type[Addressed]:
    """Return the model of a kind whose records have addresses, with the type of those."""
    return cast(type[Addressed], kind.model)
