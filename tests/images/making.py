"""Picture files for the tests, good ones and bad ones."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from helpdesk.images.models import Image, store_upload


def drawn(width: int = 40, height: int = 20, colour: Any = "red") -> Pillow.Image:
    """A picture whose upper left quarter is white."""
    image = Pillow.new("RGB", (width, height), colour)
    image.paste("white", (0, 0, width // 2, height // 2))
    return image


def saved(image: Pillow.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def upload(data: bytes, name: str = "screen.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/png")


def make_image(colour: Any = "red", *, width: int = 40, description: str = "A red box") -> Image:
    """A picture as if somebody had uploaded it; another colour is another picture."""
    return store_upload(upload(saved(drawn(width, width // 2, colour))), description, None).image


def opened(data: bytes) -> Pillow.Image:
    image = Pillow.open(BytesIO(data))
    image.load()
    return image


def chunks(webp: bytes) -> list[bytes]:
    """The names of the parts of a WebP file; nothing may follow them."""
    assert (webp[:4], webp[8:12], len(webp)) == (b"RIFF", b"WEBP", struct.unpack("<I", webp[4:8])[0] + 8)
    found, place = [], 12
    while place < len(webp):
        found.append(webp[place : place + 4])
        length = struct.unpack("<I", webp[place + 4 : place + 8])[0]
        place += 8 + length + length % 2
    return found


def png_that_claims(width: int, height: int) -> bytes:
    """The head of a picture of this size, and next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    dots = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


def gif_that_claims(width: int, height: int) -> bytes:
    data = bytearray(saved(Pillow.new("P", (10, 10)), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def text_bomb() -> bytes:
    """A small PNG whose packed text is 80 MB once it is unpacked."""
    info = PngInfo()
    info.add_text("bomb", "x" * 80_000_000, zip=True)
    return saved(drawn(), pnginfo=info)
