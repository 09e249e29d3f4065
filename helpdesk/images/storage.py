"""The files of the pictures, in the folder for uploads. Only names that `text.image_urls` knows are ever used."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete

from helpdesk.atomic_files import atomic_write
from helpdesk.text import image_urls
from helpdesk.text.image_urls import Picture

_ASIDE = ".gone"


def folder() -> Path:
    """Where the files are; made where it was not."""
    path = Path(settings.MEDIA_ROOT)
    path.mkdir(mode=0o750, parents=True, exist_ok=True)
    return path


def write(files: Mapping[str, bytes]) -> None:
    """Puts files in their places where they are missing: whole or not at all, and there after a power cut."""
    place = folder()
    missing = {name: data for name, data in files.items() if not (place / name).exists()}
    for name, data in missing.items():
        atomic_write(place / name, data, mode=0o640)


def opened(name: str) -> IO[bytes] | None:
    """A picture's file by its name, to be read; the picture itself where a narrower one is missing; else None."""
    picture = image_urls.named(name)
    if picture is None:
        return None
    for candidate in (name, picture.name):
        with suppress(FileNotFoundError):
            return (Path(settings.MEDIA_ROOT) / candidate).open("rb")
    return None


def exists(path: str) -> bool:
    """Whether visitors get a picture at an address such as `/media/….webp`. No query."""
    picture = image_urls.at(path)
    return picture is not None and (Path(settings.MEDIA_ROOT) / picture.name).is_file()


def remove(picture: Picture, *, is_kept: Callable[[], bool]) -> None:
    """Takes a picture's files away, unless it is kept after all.

    Somebody may upload the same picture in the same moment. So the files step aside first, then comes the question,
    then they go or come back. Who uploads looks after his files once more when his row is there: whichever of the two
    is later finds out.
    """
    place = Path(settings.MEDIA_ROOT)
    aside = []
    for name in picture.names:
        with suppress(FileNotFoundError):
            os.rename(place / name, place / (name + _ASIDE))
            aside.append(name)
    kept = is_kept()
    for name in aside:
        with suppress(FileNotFoundError):
            if kept:
                os.rename(place / (name + _ASIDE), place / name)
            else:
                os.unlink(place / (name + _ASIDE))


def connect() -> None:
    """Has the files go when a picture's row is gone for good, whatever way it went."""
    from helpdesk.images.models import Image

    def follow(sender: Any, instance: Image, using: str, **kwargs: Any) -> None:
        picture = instance.picture

        def is_kept() -> bool:
            return Image.objects.using(using).filter(name=picture.name).exists()

        transaction.on_commit(lambda: remove(picture, is_kept=is_kept), using=using)

    post_delete.connect(follow, sender=Image, weak=False, dispatch_uid="images.files-follow-rows")
