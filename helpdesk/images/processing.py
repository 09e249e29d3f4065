"""What becomes of an uploaded file: a picture made anew from its pixels, or a sentence why not.

Nothing of the file itself is kept. Its dots are read, and new files are written from them: what else was in it (where a
photograph was taken, a web page behind the picture, a script) is gone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from helpdesk.text.image_urls import DIGEST_LENGTH, WIDEST, Picture

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
# A long page as one picture is fine, a ribbon without end is not.
TALLEST = 4000

# Letters in a screenshot stay sharp only without loss. So much more may that weigh.
SHARP_MAY_COST = 1.5
# A picture with more colours than this is a photograph, for which it is not worth trying.
COLOURS_OF_A_SCREEN = 1 << 16
QUALITY = 82
LARGEST_PROFILE = 1 << 20

# A picture of 40 million dots takes some 400 MB while it is worked on, so a process works on one at a time.
_one_at_a_time = Lock()


class Refused(ValidationError):
    """The file cannot be used; the text is a sentence for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture and what its files hold, by their names."""

    picture: Picture
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of the picture itself."""
        return len(self.files[self.picture.name])


def digest(data: bytes) -> str:
    """What stands in a picture's address for what its file holds."""
    return hashlib.sha256(data).hexdigest()[:DIGEST_LENGTH]


def make(data: bytes) -> Made:
    """The picture in an uploaded file, at most 1600 wide, and narrower ones of it. Raises Refused.

    The same file gives the same result, as long as the library that writes WebP stays the same. Takes up to some
    seconds for the largest pictures.
    """
    with _one_at_a_time:
        image = _fitted(_pixels(data), WIDEST)
        own = _written(image)
        picture = Picture(digest(own), image.width, image.height)
        files = {picture.name: own}
        for width in picture.widths:
            narrower = _written(_fitted(image, width))
            if len(narrower) < len(own):  # else the picture itself is sent: it is better, and no heavier
                files[picture.narrower(width)] = narrower
        return Made(picture, files)


def _pixels(data: bytes) -> Image.Image:
    """The picture upright, in red, green and blue, on white where it was transparent."""
    if not data:
        raise Refused(_("This file is empty. Choose another one."))
    try:
        image = _opened(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Refused:
        raise
    except Exception:  # each format's reader has errors of its own
        raise Refused(_("This is no picture that the portal can read. It takes PNG, JPEG, WebP and GIF.")) from None
    try:
        return _on_white(image)
    except Exception:
        raise Refused(
            _("This picture is damaged: only a part of it could be read. Save or take it once more, and try again.")
        ) from None


def _opened(data: bytes) -> Image.Image:
    """The picture as its file describes it, before any of its dots is read."""
    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    if image.format != "MPO" and getattr(image, "is_animated", False):  # a telephone's JPEG may hold a second view
        raise Refused(_("This picture moves, which keeps many people from reading. Choose one that stands still."))
    return image


def _too_many_pixels() -> Refused:
    return Refused(
        _("This picture has too many dots: at most %(most)s million are possible. Make it smaller, and try again."),
        params={"most": MOST_PIXELS // 1_000_000},
    )


def _on_white(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    # A photograph (JPEG) can be read at a half or a quarter of its size at once, which saves most of time and memory.
    enough = WIDEST / min(image.size)  # on whichever side it lies
    image.draft(None, (round(image.width * enough), round(image.height * enough)))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "CMYK":
        image = _in_srgb(image, profile)
    if image.mode.startswith("I"):  # 65,536 greys
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    if image.has_transparency_data:
        image = _in_mode(image, "RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return _in_srgb(_in_mode(image, "RGB"), profile)


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The picture with its dots written that way; not copied where they are."""
    return image if image.mode == mode else image.convert(mode)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in the colours of the web; as it is where its own description of colours does not fit it."""
    if not profile or len(profile) > LARGEST_PROFILE:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _fitted(image: Image.Image, width: int) -> Image.Image:
    """The picture made small enough, in its own proportions; as it is where it already is."""
    scale = min(1.0, width / image.width, TALLEST / image.height)
    if scale == 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _written(image: Image.Image) -> bytes:
    """The picture as a WebP file: without loss where that is worth its weight."""
    with_loss = _webp(image, quality=QUALITY, method=4)
    if image.getcolors(COLOURS_OF_A_SCREEN) is None:
        return with_loss
    # The last hundredth of its weight would take five times as long.
    sharp = _webp(image, lossless=True, quality=50, method=1)
    return sharp if len(sharp) <= SHARP_MAY_COST * len(with_loss) else with_loss


def _webp(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    # What was beside the dots would go along by itself.
    image.save(file, "WEBP", exif=b"", icc_profile=b"", xmp=b"", **options)
    return file.getvalue()


def read(upload: IO[bytes]) -> bytes:
    """What an uploaded file holds. Raises Refused before more is read than a picture may weigh."""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(
            _("This file is too large: a picture may have at most %(most)s MB. Make it smaller, and try again."),
            params={"most": MOST_BYTES // 1_000_000},
        )
    return data
