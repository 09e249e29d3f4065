"""Models: pictures that staff upload."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files import File
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from helpdesk.content.natural_keys import depends_on
from helpdesk.history.revisions import revision
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions
from helpdesk.images import processing, storage
from helpdesk.permissions.actor import StaffUser
from helpdesk.text import image_urls
from helpdesk.text.image_urls import Picture

NAME_LENGTH = 100
# Attempts to insert a row while others insert and delete the same one.
ATTEMPTS = 10


class ImageQuerySet(VersionedQuerySet["Image"]):
    def get_by_natural_key(self, name: str) -> Image:
        return self.get(name=name)

    def with_uploader(self) -> ImageQuerySet:
        """Annotate each picture with `uploader`, the name of an account; None where it is unknown."""
        first = Image.history.model.objects.filter(id=OuterRef("pk"), history_type="+").order_by("history_date")
        return self.annotate(uploader=Subquery(first.values("history_user__username")[:1]))


class Image(Versioned):
    """A picture with its description. Its name identifies its content, so the file never changes."""

    name = models.CharField(_("file"), max_length=60, unique=True, editable=False)
    description = models.CharField(
        _("description"),
        max_length=300,
        validators=[ProhibitNullCharactersValidator()],
        help_text=_("One sentence for people who can't see the picture."),
    )
    original_name = models.CharField(_("original file name"), max_length=NAME_LENGTH, blank=True, editable=False)
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
        """The addresses of the picture and of its narrower ones."""
        return Picture(self.name[: image_urls.DIGEST_LENGTH], self.width, self.height)

    @property
    def markdown(self) -> str:
        """The Markdown that shows it, with its own description."""
        return image_urls.as_markdown(self.picture, self.description)


@dataclass(frozen=True, slots=True)
class UploadResult:
    """An uploaded picture; `is_new` is false where the same one was there already."""

    image: Image
    is_new: bool


def store_upload(upload: File, description: str, user: StaffUser | None) -> UploadResult:
    """Store an uploaded file under a description.

    Raises ImageError for an unusable file, and ValidationError for a description that is empty or too long; then
    nothing is stored. The same picture again is the same row, with the description that it has. The files are written
    before the row. To be called outside of a transaction: processing may take seconds.
    """
    data = processing.read_upload(upload)
    if again := Image.objects.filter(name__startswith=f"{processing.digest(data)}-").first():
        return UploadResult(again, is_new=False)  # one of our own files comes back
    image = Image(description=" ".join(description.split()), original_name=_printable_name(upload.name or ""))
    image.clean_fields(exclude={"name", "width", "height", "size"})
    processed = processing.process(data)
    image.name, image.size = processed.picture.name, processed.size
    image.width, image.height = processed.picture.width, processed.picture.height
    storage.save_files(processed.files)
    result = _insert(image, user)
    # Once more, in case the same picture was deleted meanwhile (`storage.delete_files`).
    transaction.on_commit(lambda: storage.save_files(processed.files))
    return result


def _insert(image: Image, user: StaffUser | None) -> UploadResult:
    """Insert the row, or return that of the same picture, which others may insert or delete at this very moment."""
    for _attempt in range(ATTEMPTS):
        if again := Image.objects.filter(name=image.name).first():
            return UploadResult(again, is_new=False)
        try:
            with revision(user=user):
                image.save(force_insert=True)
            return UploadResult(image, is_new=True)
        except IntegrityError as error:
            failure = error
    raise failure


def _printable_name(name: str) -> str:
    """Return the printable end of a file's name, kept as a note and never used as a name."""
    return "".join(letter for letter in name if letter.isprintable())[-NAME_LENGTH:]
