"""Deletion of picture files after their row, whatever deleted it."""

from __future__ import annotations

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from helpdesk.images import storage
from helpdesk.images.models import Image


@receiver(post_delete, sender=Image)
def _delete_files(sender: type[Image], instance: Image, using: str, **kwargs: object) -> None:
    picture = instance.picture

    def row_exists() -> bool:
        return Image.objects.using(using).filter(name=picture.name).exists()

    transaction.on_commit(lambda: storage.delete_files(picture, row_exists=row_exists), using=using)
