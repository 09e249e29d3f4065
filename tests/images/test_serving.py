"""`/media/`: pictures for everybody, and nothing else of that folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from helpdesk.text.image_urls import Picture
from tests.accounts.staff_people import editor
from tests.images.making import make_image

pytestmark = pytest.mark.django_db


def test_picture_is_sent_for_ever_and_harmless(client: Client, media: Path, django_assert_num_queries: Any) -> None:
    image = make_image(width=900)
    with django_assert_num_queries(0):
        response = client.get(image.picture.url)
    assert (response.status_code, response.getvalue()) == (200, (media / image.name).read_bytes())
    expected = {
        "Content-Type": "image/webp",
        "Content-Length": str(image.size),
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: response.headers.get(name) for name in expected} == expected
    assert (dict(client.cookies), response.headers.get("Vary")) == ({}, None)


def test_narrower_one_is_sent_and_the_picture_where_it_is_missing(client: Client, media: Path) -> None:
    image = make_image(width=900)
    narrower = media / image.picture.narrower(480)
    narrower.write_bytes(b"narrower")
    assert client.get(f"/media/{narrower.name}").getvalue() == b"narrower"
    narrower.unlink()
    assert client.get(f"/media/{narrower.name}").getvalue() == (media / image.name).read_bytes()


def test_head_has_the_headers(client: Client) -> None:
    image = make_image()
    response = client.head(image.picture.url)
    response.close()
    assert (response.status_code, response.headers["Content-Length"]) == (200, str(image.size))


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_picture_is_only_for_looking(client: Client, method: str) -> None:
    assert getattr(client, method)(make_image().picture.url).status_code == 405


PICTURE = Picture("a" * 20, 900, 500)
NOT_THERE = [
    "",
    ".",
    "..",
    "../secret_key",
    "..%2fsecret_key",
    "%2e%2e/secret_key",
    "..\\secret_key",
    "/etc/passwd",
    "secret.txt",
    ".upload-x",
    PICTURE.name,
    f"{PICTURE.name}.gone",
    f"{PICTURE.name}%00",
    f"{PICTURE.name}%0a",
    f"{PICTURE.name}/",
    f"{PICTURE.name}/../{PICTURE.name}",
    PICTURE.name.upper(),
    PICTURE.name.replace("a", "\u0661"),
    PICTURE.narrower(481),
    PICTURE.narrower(1200),
    f"{'a' * 20}-{'9' * 400}x1.webp",
    f"{'a' * 20}-0x0.webp",
    "x" * 5000,
]


@pytest.mark.parametrize("name", NOT_THERE)
def test_nothing_else_is_there(client: Client, media: Path, name: str) -> None:
    """Beside the pictures lie files that nobody may have, under the very names that are asked for."""
    make_image()
    (media.parent / "secret_key").write_text("secret")
    for other in ("secret.txt", ".upload-x", f"{PICTURE.name}.gone", PICTURE.narrower(481)):
        (media / other).write_text("secret")
    response = client.get(f"/media/{name}")
    assert (response.status_code, b"secret" in response.content) == (404, False)


def test_staff_get_the_same_as_everybody() -> None:
    image = make_image()
    public, staff = Client().get(image.picture.url), editor().get(image.picture.url)
    for answer in (public, staff):
        del answer.headers["X-Request-ID"]
    assert (public.headers, public.getvalue()) == (staff.headers, staff.getvalue())
