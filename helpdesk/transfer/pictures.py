"""The pictures that texts show: their files go along in a bundle, with their descriptions.

A picture's name begins with the hash of what its file holds, so a file that fits its name is the same picture
everywhere, and a name never means another one. Narrower copies for small screens are not in a bundle: where one is
missing the picture itself is sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image as PillowImage

from helpdesk.atomic_files import atomic_write
from helpdesk.history.revisions import revision
from helpdesk.transfer.errors import Faults
from helpdesk.transfer.history import Note
from helpdesk.transfer.schema import Content

NAME = re.compile(r"(?P<digest>[0-9a-f]{20})-(?P<width>[1-9][0-9]{0,4})x(?P<height>[1-9][0-9]{0,4})\.webp")
_SHOWN = re.compile(r"/media/(?P<stem>[0-9a-f]{20}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4})(?:-[0-9]{3,4}w)?\.webp")
MOST_BYTES = 10_000_000
LONGEST_DESCRIPTION = 300


def names_in(content: Content) -> list[str]:
    """The names of the pictures that the content shows, in the order of the alphabet."""
    found = {
        f"{match['stem']}.webp"
        for item in content
        for entry in item.kind.properties
        if entry.has_links
        for match in _SHOWN.finditer(item.values.get(entry.name) or "")
    }
    return sorted(found)


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def book() -> Any:
    """The model that keeps the pictures' descriptions; None where the portal keeps none."""
    try:
        return apps.get_app_config("images").get_model("Image")
    except LookupError:
        return None


def descriptions(names: Iterable[str]) -> dict[str, str]:
    """What these pictures show, as far as the portal knows; one query."""
    model = book()
    return dict(model._default_manager.filter(name__in=list(names)).values_list("name", "description")) if model else {}


def files_of(names: Iterable[str]) -> dict[str, bytes]:
    """The files of these pictures, as far as they are there."""
    return {name: path_of(name).read_bytes() for name in names if path_of(name).is_file()}


def refuse_wrong(files: Mapping[str, bytes]) -> None:
    """Raises Refused for files that are not the pictures that their names say."""
    faults = Faults()
    for name, data in files.items():
        if (found := NAME.fullmatch(name)) is None:
            faults.add(name[:80], _("a picture has another kind of name."))
        elif hashlib.sha256(data).hexdigest()[:20] != found["digest"]:
            faults.add(name, _("the file does not hold what its name says."))
        elif not is_picture(data, int(found["width"]), int(found["height"])):
            faults.add(name, _("this is no picture of this size."))
    faults.refuse()


def is_picture(data: bytes, width: int, height: int) -> bool:
    """Whether this is a WebP file with so many dots that can be read, and nothing after it."""
    if len(data) != int.from_bytes(data[4:8], "little") + 8 or width * height > 10_000_000:
        return False
    try:
        image = PillowImage.open(BytesIO(data), formats=["WEBP"])
        if image.size != (width, height):
            return False
        image.load()
    except Exception:  # each kind of damage has an error of its own
        return False
    return True


def missing(names: Iterable[str], files: Mapping[str, bytes]) -> list[str]:
    """Of these pictures those that neither come along nor are here."""
    return [name for name in names if name not in files and not path_of(name).is_file()]


def store(files: Mapping[str, bytes], described: Mapping[str, str], note: Note) -> list[Path]:
    """Puts pictures in their places, with their descriptions; returns the files that were not there before."""
    written = [_write(name, data) for name, data in files.items() if not path_of(name).exists()]
    model = book()
    if model is None:
        return written
    known = descriptions(files)
    records = []
    for name, data in files.items():
        found = NAME.fullmatch(name)
        if found and name not in known and (text := described.get(name, "").strip()):
            width, height = int(found["width"]), int(found["height"])
            records.append(model(name=name, description=text, width=width, height=height, size=len(data)))
    for record in records:
        with revision(note.reason, user=note.user):
            record.save()
    return written


def _write(name: str, data: bytes) -> Path:
    path = path_of(name)
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    atomic_write(path, data, mode=0o640)
    return path


def take_away(paths: Iterable[Path]) -> None:
    """Removes files of an import that came to nothing."""
    for path in paths:
        path.unlink(missing_ok=True)
