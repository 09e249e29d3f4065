"""Model: the record with the identity of the portal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.markdown_field import MarkdownField
from helpdesk.content.natural_keys import depends_on
from helpdesk.history.versioned import NaturalKeyQuerySet, Versioned, Versions
from helpdesk.identity.accent import ColorRefused, accent_of
from helpdesk.identity.links import validate_footer_links, validate_header_links, validate_logo
from helpdesk.identity.memo import memo

# The key of the one record.
KEY = "portal"
# As long as the settings may be.
NAME_LENGTH = 60


def validate_accent(color: str) -> None:
    """Refuse what is no color, or cannot be read in one of the themes. Raises ValidationError."""
    try:
        accent_of(color)
    except ColorRefused as refused:
        raise ValidationError(str(refused), code="contrast") from None
    except ValueError:
        raise ValidationError(gettext("Enter a color as # and six digits, such as #0a4d86."), code="color") from None


class IdentityQuerySet(NaturalKeyQuerySet["Identity"]):
    def update(self, **kwargs: Any) -> int:
        changed = super().update(**kwargs)
        forget_identity()
        return changed


class Identity(Versioned):
    """The names and the look of the portal; what is empty is as the settings say."""

    slug = models.SlugField(_("key"), default=KEY, unique=True, editable=False)
    name = models.CharField(
        _("name of the portal"),
        max_length=NAME_LENGTH,
        blank=True,
        validators=[ProhibitNullCharactersValidator()],
        help_text=_("Shown in the header, in browser tabs and in the feed. Leave empty for the name in the settings."),
    )
    operator = models.CharField(
        _("operator"),
        max_length=NAME_LENGTH,
        blank=True,
        validators=[ProhibitNullCharactersValidator()],
        help_text=_("The organization behind the portal. Leave empty for the one in the settings."),
    )
    accent = models.CharField(
        _("accent color"),
        max_length=7,
        blank=True,
        validators=[validate_accent],
        help_text=_(
            "# and six digits, such as #0a4d86. Links, buttons and icons take it, darker or lighter where needed: "
            "at least 7:1 on every ground, in the light and in the dark theme. Leave empty for the portal's blue."
        ),
    )
    logo = MarkdownField(
        _("logo"),
        blank=True,
        validators=[validate_logo],
        help_text=_(
            "One picture, shown in the header instead of the name: insert it with the picture button. Best without a "
            "background, and at least 72 pixels high."
        ),
    )
    dark_logo = MarkdownField(
        _("logo on dark"),
        blank=True,
        validators=[validate_logo],
        help_text=_("The picture for the dark theme. Leave empty if the logo can be seen on a dark ground."),
    )
    header_links = MarkdownField(
        _("links in the header"),
        blank=True,
        validators=[validate_header_links],
        help_text=_(
            "Beside Guides, FAQ and Contact, at most two. One a line: - [System status](https://status.example.com). "
            "Pages of the portal by their short links, outside pages as in any text."
        ),
    )
    footer_links = MarkdownField(
        _("links in the footer"),
        blank=True,
        validators=[validate_footer_links],
        help_text=_("At most eight, one a line: your website, and legal texts by their short links, such as /l/1401/."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = IdentityQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identity")
        constraints = [models.CheckConstraint(condition=Q(slug=KEY), name="identity_identity_is_one")]

    def __str__(self) -> str:
        return self.name or gettext("Name and look of the portal")

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.slug,)


@receiver([post_save, post_delete], sender=Identity)
def _forget(**kwargs: object) -> None:
    forget_identity()


def forget_identity() -> None:
    """Have this process read the identity again: now, and once the transaction has ended."""
    memo.forget()
    transaction.on_commit(memo.forget)
