"""The version of the content: one row that any change of content moves, in the change's own transaction."""

from __future__ import annotations

from django.db import models


class ContentVersion(models.Model):
    """A random number that is another one after each change of content. Written by triggers only.

    It is not counted up: after a restore or a flush, counting would meet numbers again under which processes still keep
    pages of other content.
    """

    number = models.BigIntegerField(default=0)
    # The version that the caches between the portal and its visitors were last told of.
    told = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
