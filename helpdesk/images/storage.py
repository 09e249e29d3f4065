"""Storage of picture files in the folder for uploads. Only names that `text.image_urls` knows are ever used."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings

from helpdesk.atomic_files import atomic_write
from helpdesk.text import image_urls
from helpdesk.text.image_urls import Picture

_DELETED_SUFFIX = ".gone"


def folder() -> Path:
    """Return the folder for uploads, made if necessary."""
    path = Path(settings.MEDIA_ROOT)
    path.mkdir(mode=0o750, parents=True, exist_ok=True)
    return path


def save_files(files: Mapping[str, bytes]) -> None:
    """Write the files that are missing, each atomically."""
    place = folder()
    missing = {name: data for name, data in files.items() if not (place / name).exists()}
    for name, data in missing.items():
        atomic_write(place / name, data, mode=0o640)


def open_image(name: str) -> IO[bytes] | None:
    """Open a picture's file for reading; the picture itself where a narrower one is missing; None for other names."""
    picture = image_urls.named(name)
    if picture is None:
        return None
    for candidate in (name, picture.name):
        with suppress(FileNotFoundError):
            return (Path(settings.MEDIA_ROOT) / candidate).open("rb")
    return None


def exists(path: str) -> bool:
    """Check whether visitors get a picture at an address such as `/media/….webp`. No query."""
    picture = image_urls.at(path)
    return picture is not None and (Path(settings.MEDIA_ROOT) / picture.name).is_file()


def delete_files(picture: Picture, *, row_exists: Callable[[], bool]) -> None:
    """Delete a picture's files, unless its row exists after all.

    The same picture may be uploaded at the same moment. So the files are renamed first, then the row is looked for,
    then they are deleted or renamed back. An upload writes missing files once more after its row is there: the later of
    the two sets it right.
    """
    place = Path(settings.MEDIA_ROOT)
    renamed = []
    for name in picture.names:
        with suppress(FileNotFoundError):
            os.rename(place / name, place / (name + _DELETED_SUFFIX))
            renamed.append(name)
    restore = row_exists()
    for name in renamed:
        with suppress(FileNotFoundError):
            if restore:
                os.rename(place / (name + _DELETED_SUFFIX), place / name)
            else:
                os.unlink(place / (name + _DELETED_SUFFIX))
