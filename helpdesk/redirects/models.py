"""Models of redirects and of the not-found log."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import HelpNumber
from helpdesk.addresses.paths import LONGEST_PATH, normalize, path_problem
from helpdesk.adminkit.coded_text import text_from_json
from helpdesk.content.natural_keys import depends_on
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions


class RedirectQuerySet(VersionedQuerySet["Redirect"]):
    def get_by_natural_key(self, path: str) -> Redirect:
        return self.get(path=path)

    def set_target(self, path: str, number: int | None, *, note: str = "") -> Redirect:
        """Redirect the path to the page with this help number, or mark it gone (None), whatever it did before.

        Nothing is validated here. The paths that are answered now leave the not-found log.
        """
        with transaction.atomic():
            redirect, made = self.get_or_create(path=normalize(path), defaults={"target_id": number, "note": note})
            if not made:
                redirect.target_id, redirect.note = number, note or redirect.note
                redirect.save()
            DeadAddress.objects.answered_by(redirect).delete()
        return redirect


class Redirect(Versioned):
    """A path that no page has, and the page to which it and everything below it lead.

    It answers only where nothing else does, so that it never hides a page.
    """

    path = models.CharField(
        _("address"),
        max_length=LONGEST_PATH,
        unique=True,
        help_text=_("The part after the website's name, such as /guides/old/ or /help/old.html."),
    )
    target = models.ForeignKey(
        HelpNumber,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="redirects",
        verbose_name=_("redirects to help number"),
        help_text=_("If empty, visitors are told that the page is gone (410)."),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For staff only, such as why this redirect exists.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = RedirectQuerySet.as_manager()
    history = Versions()

    class Meta:
        app_label = "links"
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/")
                & ~Q(path="/")
                & ~Q(path__startswith="//")
                & ~Q(path__startswith="/admin/")
                & ~Q(path__startswith="/static/")
                & ~Q(path__contains="?")
                & ~Q(path__contains="#")
                & ~Q(path__contains="/../"),
                name="links_redirect_path_allowed",
                violation_error_message=_("This address can't be redirected."),
            )
        ]

    def __str__(self) -> str:
        return self.path

    def get_note_display(self) -> str:
        """Return the note in the reader's language; the portal's own notes are stored as codes."""
        return text_from_json(self.note)

    @depends_on("links.helpnumber")
    def natural_key(self) -> tuple[str]:
        return (self.path,)

    def clean(self) -> None:
        super().clean()
        self.path = normalize(self.path or "")
        # Pages and other redirects are asked by `validation.validate_redirect`.
        if problem := path_problem(self.path):
            raise ValidationError({"path": problem})


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    def waiting(self) -> DeadAddressQuerySet:
        """Return the rows that nobody has decided about."""
        return self.filter(dismissed_at=None)

    def answered_by(self, redirect: Redirect) -> DeadAddressQuerySet:
        """Return the rows at the path of a redirect or below it."""
        return self.filter(Q(path=redirect.path) | Q(path__startswith=redirect.path.rstrip("/") + "/"))


class DeadAddress(models.Model):
    """A row of the not-found log: a path that visitors asked for and that no page has."""

    path = models.CharField(_("address"), max_length=LONGEST_PATH, unique=True)
    status = models.PositiveSmallIntegerField(
        _("status"),
        choices=[(404, _("404, not found")), (410, _("410, gone"))],
        help_text=_("The status that visitors got."),
    )
    count = models.PositiveIntegerField(
        _("requests"), default=1, help_text=_("How often visitors requested it, counted at most once a minute.")
    )
    first_at = models.DateTimeField(_("first requested"))
    last_at = models.DateTimeField(_("last requested"))
    dismissed_at = models.DateTimeField(_("ignored"), null=True, blank=True)

    objects = DeadAddressQuerySet.as_manager()

    class Meta:
        app_label = "links"
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")
        ordering = ["-count", "-last_at", "path"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[404, 410]), name="links_deadaddress_status_known"),
            models.CheckConstraint(condition=Q(count__gte=1), name="links_deadaddress_asked_for"),
        ]

    def __str__(self) -> str:
        return self.path
