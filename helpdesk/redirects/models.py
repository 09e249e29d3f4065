"""Redirects that staff make, and the dead addresses that visitors asked for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import HelpNumber
from helpdesk.addresses.paths import LONGEST_PATH, fault_of, normal
from helpdesk.content.natural_keys import depends_on
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions


class RedirectQuerySet(VersionedQuerySet["Redirect"]):
    def get_by_natural_key(self, path: str) -> Redirect:
        return self.get(path=path)

    def lead(self, path: str, number: int | None, *, note: str = "") -> Redirect:
        """Has this path lead to the page with this number, or be gone (None), whatever it led to before.

        Nothing is checked here. The addresses that are no longer dead leave the list of dead ones.
        """
        with transaction.atomic():
            redirect, made = self.get_or_create(path=normal(path), defaults={"target_id": number, "note": note})
            if not made:
                redirect.target_id, redirect.note = number, note or redirect.note
                redirect.save()
            DeadAddress.objects.answered_by(redirect).delete()
        return redirect


class Redirect(Versioned):
    """An address that no page has, and the page it leads to: it and everything below it.

    It answers only where nothing else does, so that it never hides a page.
    """

    path = models.CharField(
        _("address"),
        max_length=LONGEST_PATH,
        unique=True,
        help_text=_("As it stands after the name of the site, such as /guides/old/ or /help/old.html."),
    )
    target = models.ForeignKey(
        HelpNumber,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="redirects",
        verbose_name=_("leads to help number"),
        help_text=_("Empty: visitors are told that the page is gone (410)."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For staff: why it is there."))
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

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
                violation_error_message=_("This is no address that can be led anywhere."),
            )
        ]

    def __str__(self) -> str:
        return self.path

    @depends_on("links.helpnumber")
    def natural_key(self) -> tuple[str]:
        return (self.path,)

    def clean(self) -> None:
        super().clean()
        self.path = normal(self.path or "")
        problem = fault_of(self.path) or self._problem()
        if problem:
            raise ValidationError({"path": problem})

    def _problem(self) -> str:
        # Here, since both ask these models.
        from helpdesk.redirects.availability import taken_because
        from helpdesk.redirects.loops import goes_round

        if self._state.adding and (problem := taken_because(self.path)):
            return problem
        if self.target_id and goes_round(self.path, self.target_id):
            return _now("The address belongs to that page or leads on to it, so visitors would go round in a circle.")
        return ""


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    def waiting(self) -> DeadAddressQuerySet:
        """Those that nobody has decided about."""
        return self.filter(dismissed_at=None)

    def answered_by(self, redirect: Redirect) -> DeadAddressQuerySet:
        """Those at a redirect's address or below it."""
        return self.filter(Q(path=redirect.path) | Q(path__startswith=redirect.path.rstrip("/") + "/"))


class DeadAddress(models.Model):
    """An address that visitors asked for and that no page has."""

    path = models.CharField(_("address"), max_length=LONGEST_PATH, unique=True)
    status = models.PositiveSmallIntegerField(
        _("answer"),
        choices=[(404, _("404, not found")), (410, _("410, gone"))],
        help_text=_("What visitors were told."),
    )
    count = models.PositiveIntegerField(
        _("times"), default=1, help_text=_("How often it was asked for; counted once a minute at most.")
    )
    first_at = models.DateTimeField(_("first asked for"))
    last_at = models.DateTimeField(_("last asked for"))
    dismissed_at = models.DateTimeField(_("put aside"), null=True, blank=True)

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
