"""The version of the content: one row that any change of content moves, in the change's own transaction."""

from __future__ import annotations

from django.db import models


class ContentVersion(models.Model):
    """A number that says nothing but that the content is another one. Written by triggers only."""

    number = models.BigIntegerField(default=0)
    # On PostgreSQL: the transaction that moved the number last, so that it moves once in each.
    moved_by = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
