"""Bundles with pictures, and ZIP files that are no bundles."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from helpdesk.transfer import images
from helpdesk.transfer.archive import MAX_TEXT_SIZE, pack, read_file
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.files import MAX_FILE_SIZE, members
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.plan import make_plan
from helpdesk.transfer.run_import import ImportDecision, run_import
from helpdesk.transfer.snapshot import stored_content
from tests.factories import make_resolution
from tests.transfer.portals import empty_the_portal, finish

YAML = b"helpdesk bundle: 1\n"


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(width: int = 4, height: int = 3) -> tuple[str, bytes]:
    """Return the name and the file of a picture."""
    file = BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "WEBP")
    data = file.getvalue()
    return f"{hashlib.sha256(data).hexdigest()[:20]}-{width}x{height}.webp", data


def zipped(**files: bytes) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


@pytest.mark.django_db
def test_pictures_go_along(media: Path) -> None:
    name, data = picture()
    media.mkdir()
    (media / name).write_bytes(data)
    make_resolution(body=f"![A red field](/media/{name}) and ![the same](/media/{name[:-5]}-480w.webp)")
    file = pack(stored_content(), "help-content")
    assert (file.name, file.content_type) == ("help-content.zip", "application/zip")
    assert file.data == pack(stored_content(), "help-content").data
    empty_the_portal()
    (media / name).unlink()
    package = read_file(file.data)
    plan = make_plan(package.content, Operator())
    finish(run_import(ImportDecision(package, "x.zip", (), plan.fingerprint), Operator()))
    assert (media / name).read_bytes() == data
    assert pack(stored_content(), "help-content").data == file.data


@pytest.mark.django_db
def test_pictures_of_an_import_that_comes_to_nothing_are_taken_away(media: Path) -> None:
    name, data = picture()
    bundle = YAML + b"resolutions:\n  - {slug: a, title: A, what to do: B}\n"
    package = read_file(zipped(**{"bundle.yaml": bundle, f"media/{name}": data}))
    plan = make_plan(package.content, Operator())
    work = run_import(ImportDecision(package, "x.zip", (), plan.fingerprint), Operator())
    while not (media / name).exists():
        next(work)
    work.close()
    assert list(media.iterdir()) == []


def refusal(data: bytes) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_file(data)
    return " ".join(refused.value.sentences)


NAME, DATA = picture()
OTHER = "doesn't belong in a bundle"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 no archive", "it isn't a valid ZIP file"),
        (zipped(**{"bundle.yaml": YAML})[:-30], "it isn't a valid ZIP file"),
        (zipped(), "This ZIP file isn't a bundle"),
        (zipped(a=b""), OTHER),
        (zipped(**{f"media/{NAME}": DATA}), "This ZIP file isn't a bundle"),
        (zipped(**{"bundle.yaml": YAML, "media/../../evil.webp": b""}), OTHER),
        (zipped(**{"bundle.yaml": YAML, "/etc/passwd": b""}), OTHER),
        (zipped(**{"bundle.yaml": YAML, "media/x.svg": b"<svg/>"}), OTHER),
        (zipped(**{"bundle.yaml": YAML, f"media/{NAME}": b"RIFF"}), "the content of this file doesn't match its name"),
        (b"\xff\xfe\x00", "The file isn't UTF-8 text"),
        (b"\x00", "isn't valid YAML"),
    ],
)
def test_file_that_is_no_bundle_is_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_file_that_grows_when_it_is_opened_is_refused() -> None:
    assert "The file is too large" in refusal(zipped(**{"bundle.yaml": b" " * (MAX_TEXT_SIZE + 1)}))
    assert "The file is too large" in refusal(b" " * (MAX_FILE_SIZE + 1))
    with zipfile.ZipFile(BytesIO(zipped(a=bytes(600), b=bytes(600)))) as archive:
        assert len(members(archive, 1_200, 2)) == 2
        for limits in ((1_199, 2), (1_200, 1)):
            with pytest.raises(ImportRefused):
                members(archive, *limits)


@pytest.mark.parametrize("data", [b"<script>", DATA + b"<script>", DATA[:-4], b""])
def test_file_that_is_no_picture_is_refused_under_a_name_that_fits(data: bytes) -> None:
    name = f"{hashlib.sha256(data).hexdigest()[:20]}-4x3.webp"
    assert (
        refusal(zipped(**{"bundle.yaml": YAML, f"media/{name}": data}))
        == f"{name}: this isn't a picture of the size given."
    )


def test_picture_of_another_size_is_refused() -> None:
    assert not images.is_picture(DATA, 5, 3)
    assert not images.is_picture(DATA, 99_999, 99_999)
    assert images.is_picture(DATA, 4, 3)
