"""Results of the publish check for each page: derived from the content, and found again at any time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageCheck(models.Model):
    """The problems of one page, stored because finding them takes time: the work list shows those of all pages.

    A page is identified by its content kind and its key; the row of a deleted page means nothing.
    """

    kind = models.CharField(_("kind"), max_length=20)
    object_id = models.PositiveBigIntegerField(_("page"))
    errors = models.PositiveIntegerField(_("errors"))
    warnings = models.PositiveIntegerField(_("warnings"))
    problems = models.JSONField(
        _("problems"), help_text=_("Errors first; see helpdesk.reports.page_checks.StoredProblem")
    )
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("checked page")
        verbose_name_plural = _("checked pages")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="insights_pagecheck_once")]
        indexes = [models.Index(fields=["-errors", "-warnings"], name="insights_pagecheck_worst")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
