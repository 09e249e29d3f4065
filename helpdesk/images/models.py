"""Pictures that staff upload, and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from helpdesk.content.natural_keys import depends_on
from helpdesk.history.revisions import revision
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions
from helpdesk.images import processing, storage
from helpdesk.text import image_urls
from helpdesk.text.image_urls import Picture

LONGEST_NOTE = 100
# So often is the row tried to be made while others make and delete the same one.
ATTEMPTS = 10


class ImageQuerySet(VersionedQuerySet["Image"]):
    def get_by_natural_key(self, name: str) -> Image:
        return self.get(name=name)

    def with_uploader(self) -> ImageQuerySet:
        """Each picture with `uploader`, the name of the account that uploaded it; None where nobody knows."""
        first = Image.history.model.objects.filter(id=OuterRef("pk"), history_type="+").order_by("history_date")
        return self.annotate(uploader=Subquery(first.values("history_user__username")[:1]))


class Image(Versioned):
    """A picture with its description. Its name says what its file holds, so the file never changes."""

    name = models.CharField(_("file"), max_length=60, unique=True, editable=False)
    description = models.CharField(
        _("description"),
        max_length=300,
        validators=[ProhibitNullCharactersValidator()],
        help_text=_("What the picture shows, in a sentence, for people who do not see it."),
    )
    original_name = models.CharField(_("file as it was uploaded"), max_length=LONGEST_NOTE, blank=True, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ImageQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(description=""), name="images_image_described"),
            models.CheckConstraint(condition=~Q(name=""), name="images_image_named"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0, size__gt=0), name="images_image_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.description

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.name,)

    @property
    def picture(self) -> Picture:
        """Its address and those of its narrower ones."""
        return Picture(self.name[: image_urls.DIGEST_LENGTH], self.width, self.height)

    @property
    def markdown(self) -> str:
        """The line that shows it in a text, under its own description."""
        return image_urls.as_markdown(self.picture, self.description)


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture that was uploaded; `is_new` is false where the same one was there already."""

    image: Image
    is_new: bool


def store(upload: File, description: str, user: Any) -> Stored:
    """Takes in an uploaded file under a description.

    Raises Refused for a file that is no picture of ours, and ValidationError for a description that is empty or too
    long; then nothing is stored. The same picture once more is the same row, with the description it already has. The
    files are in their places before the row is. To be called outside of a transaction: reading may take seconds.
    """
    data = processing.read(upload)
    if again := Image.objects.filter(name__startswith=f"{processing.digest(data)}-").first():
        return Stored(again, is_new=False)  # somebody brings one of our own files back
    image = Image(description=" ".join(description.split()), original_name=_note(upload.name or ""))
    image.clean_fields(exclude={"name", "width", "height", "size"})
    made = processing.make(data)
    image.name, image.size = made.picture.name, made.size
    image.width, image.height = made.picture.width, made.picture.height
    storage.write(made.files)
    stored = _saved(image, user)
    # Once more, should somebody have deleted the same picture meanwhile (`storage.remove`).
    transaction.on_commit(lambda: storage.write(made.files))
    return stored


def _saved(image: Image, user: Any) -> Stored:
    """The new row, or the one that is there for the same picture: maybe made, or deleted, in this very moment."""
    for _attempt in range(ATTEMPTS):
        if again := Image.objects.filter(name=image.name).first():
            return Stored(again, is_new=False)
        try:
            with revision(user=user):
                image.save(force_insert=True)
            return Stored(image, is_new=True)
        except IntegrityError as error:
            failure = error
    raise failure


def _note(name: str) -> str:
    """A file's name as a note: what can be read of it, never used as a name again."""
    return "".join(letter for letter in name if letter.isprintable())[-LONGEST_NOTE:]
