"""Uploaded files between the upload and the decision about them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LIFETIME = timedelta(days=1)


def make_key() -> str:
    return get_random_string(24)


class UploadQuerySet(models.QuerySet["Upload"]):
    def add(self, user_id: int | None, name: str, content: bytes) -> Upload:
        """Store a file of this user, and delete all that are too old."""
        self.filter(created_at__lt=timezone.now() - LIFETIME).delete()
        return self.create(user_id=user_id, name=name, content=content)


class Upload(models.Model):
    """File that waits for a decision. It is stored in the database since several servers share that."""

    key = models.CharField(max_length=24, unique=True, default=make_key)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name or gettext("a file")
