"""Processing of an uploaded file."""

from __future__ import annotations

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from helpdesk.images import processing
from helpdesk.images.processing import MAX_BYTES, ImageError, process
from helpdesk.text.image_urls import Picture
from tests.images.making import chunks, drawn, gif_that_claims, opened, png_that_claims, saved, text_bomb, upload

NO_PICTURE = "This file type isn't supported. Choose a PNG, JPEG, WebP or GIF file."
DAMAGED = "This picture is damaged and can only be read in part. Save it again, or take a new one, and try again."
MOVES = "Animated pictures aren't supported because they distract readers. Choose one that isn't animated."
TOO_MANY = "This picture has too many pixels. The limit is 40 million. Make it smaller and try again."
EMPTY = "This file is empty. Choose another one."


def colours(data: bytes) -> tuple[object, object]:
    """The colours near the upper left corner and near the lower right one."""
    image = opened(data).convert("RGB")
    return image.getpixel((2, 2)), image.getpixel((image.width - 3, image.height - 3))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_make_keeps_the_dots(kind: str) -> None:
    made = process(saved(drawn(), kind, **({"lossless": True} if kind == "WEBP" else {})))
    own = made.files[made.picture.name]
    assert list(made.files) == [made.picture.name]
    assert made.picture == Picture(processing.digest(own), 40, 20)
    assert (made.size, colours(own)) == (len(own), ((255, 255, 255), (255, 0, 0)))


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_make_takes_what_telephones_make(kind: str) -> None:
    """A telephone's JPEG may hold a second view of the same scene (MPO): the first one is meant."""
    more = {"save_all": True, "append_images": [drawn(colour="blue")]} if kind == "MPO" else {}
    made = process(saved(drawn(), kind, quality=95, **more))
    white, red = colours(made.files[made.picture.name])
    assert min(white) > 245  # type: ignore[type-var]
    assert (red[0] > 245, red[1] < 12, red[2] < 12) == (True, True, True)  # type: ignore[index]


@pytest.mark.parametrize(
    ("image", "corners"),
    [
        (Pillow.new("RGBA", (9, 9), (0, 0, 255, 0)), (255, 255, 255)),  # on white, in dark pages too
        (Pillow.new("LA", (9, 9), (0, 255)), (0, 0, 0)),
        (Pillow.new("1", (9, 9), 1), (255, 255, 255)),
        (Pillow.new("L", (9, 9), 77), (77, 77, 77)),
        (Pillow.new("I;16", (9, 9), 0x8000), (128, 128, 128)),
    ],
)
def test_make_takes_every_kind_of_dots(image: Pillow.Image, corners: tuple[int, int, int]) -> None:
    made = process(saved(image))
    assert colours(made.files[made.picture.name]) == (corners, corners)


def test_make_takes_printers_colours() -> None:
    made = process(saved(Pillow.new("CMYK", (9, 9), (255, 0, 0, 0)), "JPEG"))
    red, green, blue = colours(made.files[made.picture.name])[0]  # type: ignore[misc]
    assert (red < 10, green > 240, blue > 240) == (True, True, True)


def test_make_turns_the_picture_upright() -> None:
    """A camera held on its side writes the dots as they lie, and says how to turn them."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    made = process(saved(drawn(40, 20), "PNG", exif=exif))
    image = opened(made.files[made.picture.name]).convert("RGB")
    assert (made.picture.width, made.picture.height) == image.size == (20, 40)
    assert (image.getpixel((17, 2)), image.getpixel((2, 2))) == ((255, 255, 255), (255, 0, 0))


def test_make_drops_what_is_not_picture() -> None:
    exif = Pillow.Exif()
    exif[0x010E] = "SECRET"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(drawn(900, 500), "JPEG", exif=exif, comment=b"SECRET", icc_profile=profile, xmp=b"SECRET")
    assert data.count(b"SECRET") == 3
    made = process(data)
    assert len(made.files) > 1
    for file in made.files.values():
        assert chunks(file) in ([b"VP8 "], [b"VP8L"])
        assert b"SECRET" not in file


@pytest.mark.parametrize(
    "behind",
    [b"<html><script>alert(1)</script>", b"PK\x03\x04PK\x05\x06" + b"\0" * 18, b"<?php echo 1 ?>", b"%PDF-1.7"],
)
def test_make_drops_a_second_file_behind_the_picture(behind: bytes) -> None:
    made = process(saved(drawn()) + behind)
    assert chunks(made.files[made.picture.name]) == [b"VP8L"]
    assert made == process(saved(drawn()))


def test_make_makes_narrower_ones_in_the_same_proportions() -> None:
    made = process(saved(Pillow.effect_noise((2000, 300), 60)))
    sizes = {name: opened(file).size for name, file in made.files.items()}
    picture = made.picture
    assert sizes == {
        picture.name: (1600, 240),
        picture.narrower(480): (480, 72),
        picture.narrower(800): (800, 120),
        picture.narrower(1200): (1200, 180),
    }
    weights = list(map(len, made.files.values()))
    assert weights[1:] == sorted(weights[1:])
    assert weights[0] > weights[-1]


def test_make_leaves_out_a_narrower_one_that_weighs_more() -> None:
    """Few sharp lines weigh next to nothing; made narrower, they are many greys."""
    lines = Pillow.new("1", (1600, 900), 1)
    for x in range(0, 1600, 7):
        lines.paste(0, (x, 0, x + 1, 900))
    made = process(saved(lines))
    assert made.picture.name in made.files
    assert all(len(file) < made.size for name, file in made.files.items() if name != made.picture.name)
    assert len(made.files) < 1 + len(made.picture.widths)


def test_make_keeps_a_screenshot_sharp_and_a_photograph_light() -> None:
    screen = drawn(600, 300)
    noise = [Pillow.effect_noise((600, 300), sigma) for sigma in (40, 60, 80)]
    for image, kind in ((screen, [b"VP8L"]), (Pillow.merge("RGB", noise), [b"VP8 "])):
        made = process(saved(image))
        assert chunks(made.files[made.picture.name]) == kind


def test_make_cuts_a_ribbon_to_size() -> None:
    sizes = []
    for size in ((30_000, 2), (2, 30_000)):
        picture = process(saved(Pillow.new("1", size))).picture
        sizes.append((picture.width, picture.height))
    assert sizes == [(1600, 1), (1, 4000)]


def test_make_gives_the_same_file_the_same_name() -> None:
    assert process(saved(drawn())) == process(saved(drawn()))
    assert process(saved(drawn())).picture != process(saved(drawn(colour="blue"))).picture


def test_make_puts_a_screens_own_colours_into_those_of_the_web() -> None:
    """A description of colours that swaps nothing away: a broken one is left out, and the picture is taken as it is."""
    for profile in (b"no profile at all", b"x" * 3_000_000):
        made = process(saved(drawn(), "JPEG", quality=95, icc_profile=profile[:65_000]))
        assert min(colours(made.files[made.picture.name])[0]) > 245  # type: ignore[type-var]
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert process(saved(drawn(), icc_profile=lab)).picture == process(saved(drawn())).picture


HOSTILE = {
    "nothing": (b"", EMPTY),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', NO_PICTURE),
    "xml": (b'<?xml version="1.0"?><!DOCTYPE svg><svg/>', NO_PICTURE),
    "html": (b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
    "html after the mark of a PNG": (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", NO_PICTURE),
    "html after the mark of a GIF": (b"GIF89a<html><script>alert(1)</script>", NO_PICTURE),
    "pdf": (b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj", NO_PICTURE),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NO_PICTURE),
    "bmp": (saved(drawn(), "BMP"), NO_PICTURE),
    "tiff": (saved(drawn(), "TIFF"), NO_PICTURE),
    "icon": (saved(drawn(32, 32), "ICO"), NO_PICTURE),
    "noughts": (b"\0" * 5000, NO_PICTURE),
    "half a PNG": (saved(Pillow.effect_noise((300, 300), 90))[:9000], DAMAGED),
    "half a JPEG": (saved(Pillow.effect_noise((300, 300), 90), "JPEG")[:9000], DAMAGED),
    "PNG bomb": (png_that_claims(20_000, 20_000), TOO_MANY),
    "PNG bomb just too large": (png_that_claims(8000, 5001), TOO_MANY),
    "PNG that claims what is not there": (png_that_claims(4000, 4000), DAMAGED),
    "GIF bomb": (gif_that_claims(65_535, 65_535), TOO_MANY),
    "bomb in a text beside the picture": (text_bomb, NO_PICTURE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_make_refuses_what_is_no_picture(name: str) -> None:
    data, sentence = HOSTILE[name]
    # What takes a second to make is made here.
    data = data() if callable(data) else data
    with pytest.raises(ImageError) as refused:
        process(data)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_make_refuses_what_moves(kind: str) -> None:
    with pytest.raises(ImageError) as refused:
        process(saved(drawn(), kind, save_all=True, append_images=[drawn(colour="blue")]))
    assert refused.value.messages == [MOVES]


def test_read_refuses_more_than_a_picture_may_weigh() -> None:
    assert len(processing.read_upload(upload(b"x" * MAX_BYTES))) == MAX_BYTES
    with pytest.raises(ImageError) as refused:
        processing.read_upload(upload(b"x" * (MAX_BYTES + 1)))
    assert refused.value.messages == [
        "This file is too large. Pictures can be up to 10 MB. Make it smaller and try again."
    ]
