"""Processing of an uploaded file: a picture encoded anew from its pixels, or the reason for its rejection.

Nothing of the file itself stays. Anything else in it (where a photograph was taken, a web page behind the picture, a
script) is gone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from helpdesk.text.image_urls import DIGEST_LENGTH, WIDEST, Picture

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
FILE_TOO_LARGE = _("This file is too large. Pictures can be up to %(most)s MB. Make it smaller and try again.")
# A screenshot of a long page is fine, an endless ribbon is not.
MAX_HEIGHT = 4000

# Letters in a screenshot stay sharp only in a lossless file, which may be this many times larger.
LOSSLESS_SIZE_RATIO = 1.5
# A picture with more colors is a photograph, and not worth trying.
SCREENSHOT_COLORS = 1 << 16
QUALITY = 82
MAX_PROFILE_BYTES = 1 << 20

# A picture of 40 million pixels takes some 400 MB while it is processed, so a process has one at a time.
_lock = Lock()


class ImageError(ValidationError):
    """Error for a file that cannot be used, with a sentence for the person who chose it."""


@dataclass(frozen=True, slots=True)
class ProcessedImage:
    """A picture and the contents of its files by name."""

    picture: Picture
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """The number of bytes of the picture itself."""
        return len(self.files[self.picture.name])


def digest(data: bytes) -> str:
    """Return the part of a picture's name that identifies the content of its file."""
    return hashlib.sha256(data).hexdigest()[:DIGEST_LENGTH]


def process(data: bytes) -> ProcessedImage:
    """Encode the picture in an uploaded file, at most 1600 wide, and narrower ones of it. Raises ImageError.

    The same file gives the same result with the same version of the WebP library. Some seconds for the largest ones.
    """
    with _lock:
        image = _resized(_decoded(data), WIDEST)
        own = _encoded(image)
        picture = Picture(digest(own), image.width, image.height)
        files = {picture.name: own}
        for width in picture.widths:
            narrower = _encoded(_resized(image, width))
            if len(narrower) < len(own):  # else the picture itself is sent: it is better, and no larger
                files[picture.narrower(width)] = narrower
        return ProcessedImage(picture, files)


def _decoded(data: bytes) -> Image.Image:
    """Decode the picture: upright, RGB, on white where it was transparent."""
    if not data:
        raise ImageError(gettext("This file is empty. Choose another one."))
    try:
        image = _header(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except ImageError:
        raise
    except Exception:  # each decoder has errors of its own
        raise ImageError(gettext("This file type isn't supported. Choose a PNG, JPEG, WebP or GIF file.")) from None
    try:
        return _flattened(image)
    except Exception:
        raise ImageError(
            gettext(
                "This picture is damaged and can only be read in part. Save it again, or take a new one, and try again."
            )
        ) from None


def _header(data: bytes) -> Image.Image:
    """Open the picture by its header and check its limits, before any pixel is read."""
    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format != "MPO" and getattr(image, "is_animated", False):  # a telephone's JPEG may hold a second view
        raise ImageError(
            gettext("Animated pictures aren't supported because they distract readers. Choose one that isn't animated.")
        )
    return image


def _too_many_pixels() -> ImageError:
    return ImageError(
        gettext("This picture has too many pixels. The limit is %(most)s million. Make it smaller and try again."),
        params={"most": MAX_PIXELS // 1_000_000},
    )


def _flattened(image: Image.Image) -> Image.Image:
    """Read the pixels, and put them upright, in sRGB, on white."""
    profile = image.info.get("icc_profile")
    # A photograph (JPEG) can be read at a half or a quarter of its size at once, which saves most of time and memory.
    enough = WIDEST / min(image.size)  # on whichever side it lies
    image.draft(None, (round(image.width * enough), round(image.height * enough)))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "CMYK":
        image = _in_srgb(image, profile)
    if image.mode.startswith("I"):  # 16-bit grayscale
        image = image.convert("I").point(lambda gray: gray / 256).convert("L")
    if image.has_transparency_data:
        image = _in_mode(image, "RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return _in_srgb(_in_mode(image, "RGB"), profile)


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """Convert the picture to a mode, without a copy where it has it."""
    return image if image.mode == mode else image.convert(mode)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert the picture to sRGB; unchanged where its color profile does not fit it."""
    if not profile or len(profile) > MAX_PROFILE_BYTES:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _resized(image: Image.Image, width: int) -> Image.Image:
    """Shrink the picture to the limits, in its own proportions."""
    scale = min(1.0, width / image.width, MAX_HEIGHT / image.height)
    if scale == 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image) -> bytes:
    """Encode the picture as WebP, lossless where that is worth its size."""
    lossy = _webp(image, quality=QUALITY, method=4)
    if image.getcolors(SCREENSHOT_COLORS) is None:
        return lossy
    # The last percent of its size would take five times as long.
    lossless = _webp(image, lossless=True, quality=50, method=1)
    return lossless if len(lossless) <= LOSSLESS_SIZE_RATIO * len(lossy) else lossy


def _webp(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    # Metadata would go along by itself.
    image.save(file, "WEBP", exif=b"", icc_profile=b"", xmp=b"", **options)
    return file.getvalue()


def read_upload(upload: IO[bytes]) -> bytes:
    """Read an uploaded file. Raises ImageError before more is read than a picture may have."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ImageError(
            FILE_TOO_LARGE,
            params={"most": MAX_BYTES // 1_000_000},
        )
    return data
