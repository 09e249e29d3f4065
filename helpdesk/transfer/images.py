"""Pictures of exported and imported texts: their files with their descriptions.

The name of a picture begins with the hash of its file, so a file that fits its name is the same picture everywhere.
Narrower copies are not exported: where one is missing the picture itself is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext
from PIL import Image as PillowImage

from helpdesk.images import storage
from helpdesk.images.models import Image
from helpdesk.images.processing import digest
from helpdesk.text import image_urls
from helpdesk.transfer.errors import ErrorCollector
from helpdesk.transfer.records import RecordSet

MAX_BYTES = 10_000_000
MAX_PIXELS = 10_000_000
MAX_DESCRIPTION_LENGTH = 300


def named(name: str) -> image_urls.Picture | None:
    """Return the picture whose own file has this name; None for narrower copies and anything else."""
    picture = image_urls.named(name)
    return picture if picture and picture.name == name else None


def add_pictures(content: RecordSet) -> RecordSet:
    """Add the descriptions of the pictures that the content shows; return the content. One query at most."""
    texts = (
        record.values.get(field.name) or "" for record in content for field in record.spec.fields if field.is_markdown
    )
    names = sorted({name for text in texts if image_urls.PREFIX in text for name in image_urls.names_in(text)})
    known = Image.objects.in_bulk(names, field_name="name")
    content.pictures = {name: known[name].description if name in known else "" for name in names}
    return content


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def read_files(names: Iterable[str]) -> dict[str, bytes]:
    """Return the files of these pictures that exist."""
    return {name: path_of(name).read_bytes() for name in names if path_of(name).is_file()}


def missing(names: Iterable[str], files: Mapping[str, bytes]) -> list[str]:
    """Return the pictures that are neither among the files nor stored here."""
    return [name for name in names if name not in files and not path_of(name).is_file()]


def refuse_damaged(files: Mapping[str, bytes]) -> None:
    """Raise ImportRefused for files that are not the pictures that their names promise."""
    errors = ErrorCollector()
    for name, data in files.items():
        picture = named(name)
        if picture is None:
            errors.add(name[:80], gettext("this isn't a valid picture name."))
        elif digest(data) != picture.digest:
            errors.add(name, gettext("the content of this file doesn't match its name."))
        elif not is_picture(data, picture.width, picture.height):
            errors.add(name, gettext("this isn't a picture of the size given."))
    errors.raise_if_any()


def is_picture(data: bytes, width: int, height: int) -> bool:
    """Return whether this is a complete WebP file of this size with nothing after it."""
    if len(data) != int.from_bytes(data[4:8], "little") + 8 or width * height > MAX_PIXELS:
        return False
    try:
        image = PillowImage.open(BytesIO(data), formats=["WEBP"])
        if image.size != (width, height):
            return False
        image.load()
    except Exception:  # each kind of damage has an error of its own
        return False
    return True


def store(files: Mapping[str, bytes], descriptions: Mapping[str, str]) -> None:
    """Store pictures and their descriptions where they are missing."""
    storage.save_files(files)
    known = Image.objects.in_bulk(list(files), field_name="name")
    for name, data in files.items():
        picture, description = named(name), descriptions.get(name, "").strip()
        if picture and description and name not in known:
            size = {"width": picture.width, "height": picture.height, "size": len(data)}
            Image.objects.create(name=name, description=description, **size)


def remove_files(names: Iterable[str]) -> None:
    """Remove the files of an import that failed."""
    for name in names:
        path_of(name).unlink(missing_ok=True)
