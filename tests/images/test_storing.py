"""Taking in a picture: the row, its files, and what happens when many do the same."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from helpdesk.images import storage
from helpdesk.images.models import Image, store_upload
from helpdesk.images.processing import ImageError
from helpdesk.text.image_urls import PREFIX, Picture
from tests.accounts.staff_people import make_user
from tests.images.making import drawn, make_image, saved, upload
from tests.test_at_the_same_time import all_at_once

WIDE = 900


def names(media: Path) -> set[str]:
    return set(os.listdir(media)) if media.exists() else set()


@pytest.mark.django_db
def test_store_makes_row_and_files(media: Path) -> None:
    assert not media.exists()
    user = make_user(name="jane")
    stored = store_upload(upload(saved(drawn(WIDE, 500))), "  A red box ", user)
    image = Image.objects.with_uploader().get()
    assert (stored.image, stored.is_new) == (image, True)
    assert (image.description, image.original_name, image.uploader) == ("A red box", "screen.png", "jane")
    assert (image.width, image.height) == (900, 500)
    assert image.size == (media / image.name).stat().st_size
    assert {image.name} <= names(media) <= set(image.picture.names)
    modes = {stat.S_IMODE((media / name).stat().st_mode) for name in names(media)}
    assert (modes, stat.S_IMODE(media.stat().st_mode)) == ({0o640}, 0o750)


@pytest.mark.django_db
def test_store_of_the_same_picture_is_the_same_row(media: Path) -> None:
    first = store_upload(upload(saved(drawn())), "A red box", None)
    before = names(media)
    other_file = saved(drawn(), compress_level=0)  # the same dots, written otherwise
    assert other_file != saved(drawn())
    for data in (saved(drawn()), other_file, (media / first.image.name).read_bytes()):
        again = store_upload(upload(data), "Something else", None)
        assert (again.image, again.is_new) == (first.image, False)
    assert (Image.objects.get().description, names(media)) == ("A red box", before)


@pytest.mark.django_db(transaction=True)
def test_store_of_the_same_picture_many_times_at_once_makes_one_row(media: Path) -> None:
    data = saved(drawn())
    stored = all_at_once(lambda n: store_upload(upload(data), f"Box {n}", None), 12)
    image = Image.objects.get()
    assert [one.image for one in stored] == [image] * 12
    assert sorted(one.is_new for one in stored) == [False] * 11 + [True]
    assert names(media) == {image.name}


@pytest.mark.django_db(transaction=True)
def test_store_and_delete_at_once_leave_no_row_without_its_file(media: Path) -> None:
    data = saved(drawn())

    def work(n: int) -> None:
        if n % 2:
            Image.objects.all().delete()
        else:
            store_upload(upload(data), "Box", None)

    all_at_once(work, 25)
    assert names(media) >= {image.name for image in Image.objects.all()}


@pytest.mark.django_db(transaction=True)
def test_store_brings_back_a_file_that_was_lost(media: Path) -> None:
    image = make_image()
    (media / image.name).unlink()
    store_upload(upload(saved(drawn())), "A red box", None)
    assert names(media) == {image.name}


@pytest.mark.django_db
@pytest.mark.parametrize("description", ["", "   ", "x" * 301, "nul\0"])
def test_store_without_a_description_stores_nothing(media: Path, description: str) -> None:
    with pytest.raises(ValidationError):
        store_upload(upload(saved(drawn())), description, None)
    assert (Image.objects.count(), names(media)) == (0, set())


@pytest.mark.django_db
def test_store_of_what_is_no_picture_stores_nothing(media: Path) -> None:
    with pytest.raises(ImageError):
        store_upload(upload(b"<svg/>"), "A red box", None)
    assert (Image.objects.count(), names(media)) == (0, set())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\secret\\screen.png", "C:\\secret\\screen.png"),
        ("gnp.\u202egolflmth.png", "gnp.golflmth.png"),
        ("a\0b\r\nc\x1b[31m.png", "abc[31m.png"),
        ("x" * 296 + ".png", "x" * 96 + ".png"),
        ("<script>alert(1)<.png", "<script>alert(1)<.png"),
    ],
)
def test_store_keeps_the_name_of_the_file_as_a_note_only(media: Path, name: str, note: str) -> None:
    file = upload(saved(drawn()))
    file._name = name.replace("../../etc/", "")  # past what Django makes of a name
    image = store_upload(file, "A red box", None).image
    assert (image.original_name, names(media)) == (note, {image.name})


@pytest.mark.django_db(transaction=True)
def test_deleting_takes_the_files_away(media: Path) -> None:
    gone, kept = make_image(width=WIDE), make_image("blue")
    (media / "something else").write_text("x")
    with transaction.atomic():
        Image.objects.filter(pk=gone.pk).delete()
        assert (media / gone.name).exists()  # it may still be undone
    assert names(media) == {kept.name, "something else"}


@pytest.mark.django_db(transaction=True)
def test_deleting_that_is_undone_leaves_the_files(media: Path) -> None:
    image = make_image()

    def change_ones_mind() -> None:
        with transaction.atomic():
            image.delete()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        change_ones_mind()
    assert (Image.objects.count(), names(media)) == (1, {image.name})


def test_remove_gives_files_back_that_somebody_needs_again(media: Path) -> None:
    picture = Picture("a" * 20, 900, 500)
    storage.save_files(dict.fromkeys(picture.names, b"x"))
    storage.delete_files(picture, row_exists=lambda: True)
    assert names(media) == set(picture.names)
    storage.delete_files(picture, row_exists=lambda: False)
    storage.delete_files(picture, row_exists=lambda: False)
    assert names(media) == set()


def test_write_that_fails_leaves_nothing_half_written(media: Path) -> None:
    with pytest.raises(TypeError):
        storage.save_files({"a": "no bytes"})  # type: ignore[dict-item]
    assert names(media) == set()


@pytest.mark.django_db
def test_exists_says_whether_visitors_get_it(media: Path, django_assert_num_queries: Any) -> None:
    assert not storage.exists(f"{PREFIX}{'a' * 20}-40x20.webp")
    image = make_image(width=WIDE)
    asked = [image.picture.url, f"{PREFIX}{image.picture.narrower(480)}", image.name, f"{PREFIX}../secret_key"]
    with django_assert_num_queries(0):
        found = [storage.exists(path) for path in [*asked, "/static/favicon.svg", f"{PREFIX}x.webp", PREFIX, ""]]
    assert found == [True, True, False, False, False, False, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"description": ""}, {"name": ""}, {"width": 0}, {"size": 0}])
def test_constraints_hold(values: dict[str, Any]) -> None:
    row = {"name": "a.webp", "description": "x", "width": 1, "height": 1, "size": 1}
    Image.objects.create(**row).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.create(**{**row, **values})
    Image.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.create(**row)


@pytest.mark.django_db
def test_pictures_can_be_dumped_and_loaded(tmp_path: Path) -> None:
    image, dump = make_image(), tmp_path / "images.yaml"
    options = {"use_natural_primary_keys": True, "use_natural_foreign_keys": True, "verbosity": 0}
    call_command("dumpdata", "images.image", format="yaml", output=str(dump), **options)
    Image.objects.all().delete()
    call_command("loaddata", str(dump), verbosity=0)
    call_command("loaddata", str(dump), verbosity=0)
    again = Image.objects.get()
    assert (again.name, again.description, again.picture) == (image.name, image.description, image.picture)
