"""What was sent to be imported, until somebody decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=1)


def make_key() -> str:
    return get_random_string(24)


class UploadQuerySet(models.QuerySet["Upload"]):
    def keep(self, user: Any, name: str, content: bytes) -> Upload:
        """Keeps a file for this user until tomorrow, and throws away what is older."""
        self.filter(created_at__lt=timezone.now() - KEPT).delete()
        return self.create(user=user, name=name, content=content)


class Upload(models.Model):
    """A file between its upload and the decision what to import of it. In the database: several servers share it."""

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
        return self.name
