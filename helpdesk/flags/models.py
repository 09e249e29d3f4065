"""Flags: notes by staff that a record needs change."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags on records of any model, which is looked up by its names: the number of queries depends on no cache."""

    def still_open(self) -> Self:
        """Flags that are not marked as done."""
        return self.filter(done_at=None)

    def of_kind(self, model: type[Model]) -> Self:
        """Flags on records of one model, deleted ones included."""
        return self.filter(is_of_kind(model))

    def of(self, record: Model) -> Self:
        """Flags on one record, the newest first, with the users who set and ended them."""
        mine = self.of_kind(type(record)).filter(object_id=record.pk)
        return mine.select_related("created_by", "done_by").order_by("-created_at", "-pk")

    def set_on(self, record: Model, *, note: str, by: AbstractBaseUser | AnonymousUser | None) -> Flag:
        """Create a flag on a stored record."""
        kind = ContentType.objects.get_for_model(record)
        return self.create(content_type=kind, object_id=record.pk, note=note, created_by=by, created_at=timezone.now())

    def end(self, flag: Flag, *, by: AbstractBaseUser | AnonymousUser | None) -> bool:
        """Mark the flag as done; return False where it is done already, and leave that as it is."""
        return bool(self.still_open().filter(pk=flag.pk).update(done_at=timezone.now(), done_by=by))


def is_of_kind(model: type[Model]) -> Q:
    """Return the condition "on a record of this model" on flags."""
    return Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)


class Flag(models.Model):
    """A note that a record needs change, and why; it is kept after it is done.

    The record may be deleted: its key is never used again, so the flag is then shown nowhere.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField(_("record"))
    note = models.CharField(_("what needs to change"), max_length=500)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="flags_set",
        verbose_name=_("flagged by"),
    )
    created_at = models.DateTimeField(_("flagged"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="flags_done",
        verbose_name=_("done by"),
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        # Who may look at a record may say that it needs change: there is nothing more to grant.
        default_permissions = ()
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="staff_flag_note_given"),
            models.CheckConstraint(condition=Q(done_by=None) | Q(done_at__isnull=False), name="staff_flag_done_by_at"),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="staff_flag_record")]

    def __str__(self) -> str:
        return self.note
