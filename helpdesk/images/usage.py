"""Uses of pictures in the Markdown texts of all content, drafts included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Field, Model, Q

from helpdesk.content.kinds import all_kinds
from helpdesk.history.versions import history_of
from helpdesk.images.models import Image
from helpdesk.text import image_urls


@dataclass(frozen=True, slots=True)
class ImageUse:
    """A text that shows a picture or links to it."""

    record: Model
    field: Field


def markdown_fields() -> dict[type[Model], list[Field]]:
    """Return the Markdown fields of each content kind that has any."""
    return {kind.model: list(kind.markdown_fields) for kind in all_kinds() if kind.markdown_fields}


def uses(image: Image | None = None) -> dict[str, list[ImageUse]]:
    """Map the names of pictures to their uses, of all or of one. A query for each content kind."""
    part = image.picture.stem if image else image_urls.PREFIX
    found: dict[str, list[ImageUse]] = defaultdict(list)
    for model, fields in markdown_fields().items():
        condition = Q(*((f"{field.name}__contains", part) for field in fields), _connector=Q.OR)
        for record in model._default_manager.filter(condition):
            for field in fields:
                for name in image_urls.names_in(getattr(record, field.name)):
                    found[name].append(ImageUse(record, field))
    return {image.name: found[image.name]} if image else dict(found)


def former_uses(images: Iterable[Image]) -> list[Model]:
    """Return the records with one of these pictures in any revision. A query for each content kind."""
    stems = [image.picture.stem for image in images]
    found: list[Model] = []
    for model, fields in markdown_fields().items():
        condition = Q()
        for stem in stems:
            condition |= Q(*((f"{field.name}__contains", stem) for field in fields), _connector=Q.OR)
        keys = history_of(model).filter(condition).values(model._meta.pk.attname)
        found += model._default_manager.filter(pk__in=keys) if stems else ()
    return found


def unused_pks() -> list[int]:
    """Return the keys of the pictures that no text uses now."""
    used = uses()
    return [key for key, name in Image.objects.values_list("pk", "name") if name not in used]
