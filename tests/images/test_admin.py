"""Pictures in the admin: uploading, describing, finding, deleting, and who may."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.images.forms import MAX_REQUEST_BYTES
from helpdesk.images.models import Image
from helpdesk.images.processing import MAX_BYTES
from tests.accounts.staff_people import author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import add_url, list_url, messages_of, opened, save, url_of
from tests.factories import make_guide, make_resolution, make_symptom
from tests.images.making import drawn, make_image, saved, upload

pytestmark = pytest.mark.django_db

TOO_LARGE = "This file is too large. Pictures can be up to 10 MB. Make it smaller and try again."
UPLOAD, OFFERED = "/admin/images/image/upload/", "/admin/images/image/offered/"


def sent(data: bytes | None = None, name: str = "screen.png", **changes: str) -> dict[str, Any]:
    return {"file": upload(saved(drawn()) if data is None else data, name), "description": "A red box"} | changes


def answer(response: Any) -> tuple[int, Any]:
    return response.status_code, response.json()


# Uploading


def test_form_takes_a_picture_and_says_how_to_show_it() -> None:
    client = editor("jane")
    response = client.post(add_url(Image), sent(), follow=True)
    image = Image.objects.with_uploader().get()
    assert response.redirect_chain == [(url_of(image), 302)]
    assert messages_of(response) == ["The picture was uploaded."]
    assert f"![A red box]({image.picture.url})" in response.content.decode()
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user.username, image.uploader) == (str(image.pk), "jane", "jane")


def test_form_says_when_the_picture_is_there_already() -> None:
    image = make_image()
    response = editor().post(add_url(Image), sent(description="Another"), follow=True)
    assert response.redirect_chain == [(url_of(image), 302)]
    assert messages_of(response) == ["This picture already exists as “A red box”. No copy was added."]
    assert (Image.objects.count(), LogEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("data", "changes", "sentence"),
    [
        (b"<svg/>", {}, "This file type isn't supported. Choose a PNG, JPEG, WebP or GIF file."),
        (b"", {}, "This file is empty. Choose another one."),
        (b"x" * (MAX_BYTES + 1), {}, TOO_LARGE),
        (None, {"description": " "}, "Describe in one sentence what the picture shows."),
        (None, {"description": "nul\0"}, "Null characters are not allowed."),
        (None, {"description": "x" * 301}, "Ensure this value has at most 300 characters (it has 301)."),
        (None, {"file": "no file"}, "Choose a file."),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(
    media: Path, data: bytes | None, changes: dict[str, str], sentence: str
) -> None:
    client = editor()
    page = client.post(add_url(Image), sent(data, **changes))
    assert (page.status_code, page.context["form"].first_error) == (200, sentence)
    assert page.context["form"]["description"].value() == changes.get("description", "A red box")
    assert answer(client.post(UPLOAD, sent(data, **changes))) == (400, {"text": sentence})
    assert (Image.objects.count(), media.exists() and os.listdir(media)) == (0, False)


@pytest.mark.parametrize("name", ["../../x.png", "x" * 300 + ".png", "a\u202egnp.exe", "x.svg", "<b>.png", ".htaccess"])
def test_name_of_the_file_is_never_used(media: Path, name: str) -> None:
    response = editor().post(add_url(Image), sent(name=name), follow=True)
    image = Image.objects.get()
    assert os.listdir(media) == [image.name]
    assert re.fullmatch(r"[0-9a-f]{20}-40x20\.webp", image.name)
    assert "<b>.png" not in response.content.decode()


def test_too_much_is_refused_before_it_is_read() -> None:
    """The body is never read: its announced length is enough."""
    who = editor()
    for length in (str(MAX_REQUEST_BYTES + 1), "9" * 400, "-1", "x"):
        for url, kind in ((add_url(Image), "text/html"), (UPLOAD, "application/json")):
            sent_as = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": length}
            assert Client().post(url, b"", **sent_as).headers["Location"] == f"/admin/login/?next={url}"
            response = who.post(url, b"", **sent_as)
            assert (response.status_code, response.headers["Content-Type"].partition(";")[0]) == (413, kind)
            assert TOO_LARGE in response.content.decode()
    assert editor().post(UPLOAD, sent(b"x" * (MAX_BYTES + 1))).status_code == 400


def test_field_of_a_text_gets_the_line_to_insert() -> None:
    status, said = answer(author().post(UPLOAD, sent(description="Press [OK] & wait")))
    image = Image.objects.get()
    assert (status, said) == (
        200,
        {"text": "The picture was uploaded.", "markdown": f"![Press \\[OK\\] & wait]({image.picture.url})"},
    )


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"\xff" * 100])
def test_broken_body_is_no_error_of_ours(body: bytes) -> None:
    response = editor().post(UPLOAD, body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert editor().get(UPLOAD).status_code == 405


def test_upload_needs_the_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editor"))
    for url in (add_url(Image), UPLOAD):
        assert client.post(url, sent()).status_code == 403
    assert Image.objects.count() == 0


# Choosing one that is there


def test_offered_are_those_with_all_the_words() -> None:
    box, key = make_image(description="A red box"), make_image("blue", description="A blue key")
    client = author()

    def found(**query: str) -> list[str]:
        return [offer["description"] for offer in client.get(OFFERED, query).json()["pictures"]]

    assert [found(), found(q="BOX"), found(q="key blue"), found(q="blue box")] == [
        [key.description, box.description],
        [box.description],
        [key.description],
        [],
    ]
    assert client.get(OFFERED, {"q": "box"}).json() == {
        "text": "",
        "pictures": [{"description": "A red box", "address": box.picture.url, "markdown": box.markdown}],
    }


@pytest.mark.parametrize("words", ["%", "\0", "_", "x" * 5000, "<script>", "'; --", "\ud800"])
def test_offered_for_hostile_words_are_none(words: str) -> None:
    response = editor().get(OFFERED, {"q": words.encode("utf-8", "replace")})
    empty = "No pictures yet." if words == "\0" else "No matches."
    assert answer(response) == (200, {"text": empty, "pictures": []})


# Who may do what


def test_rights(media: Path) -> None:
    image = make_image()
    urls = [
        list_url(Image),
        add_url(Image),
        url_of(image),
        OFFERED,
        url_of(image, "history"),
        url_of(image, "delete"),
    ]

    def answers(client: Client) -> list[int]:
        posts = [client.post(UPLOAD, sent(b"")), client.post(url_of(image), {"description": ""})]
        return [client.get(url).status_code for url in urls] + [response.status_code for response in posts]

    assert answers(editor()) == [200, 200, 200, 200, 200, 200, 400, 200]
    assert answers(author()) == [200, 200, 200, 200, 200, 403, 400, 200]
    assert answers(without_rights()) == [403] * 8
    assert answers(signed_in(make_user(staff=False))) == [302] * 8
    assert answers(Client()) == [302] * 8
    bulk = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    for client in (author(), without_rights()):
        client.post(list_url(Image), bulk)
    author().post(url_of(image, "delete"), {"post": "yes"})
    assert Image.objects.count() == 1


# The list and a picture's page


def test_description_is_changed_and_texts_keep_theirs() -> None:
    image = make_image()
    resolution = make_resolution(body=image.markdown)
    client = editor("jane")
    assert save(client, image, description="A redder box").status_code == 302
    image.refresh_from_db()
    resolution.refresh_from_db()
    assert (image.description, resolution.body) == ("A redder box", f"![A red box]({image.picture.url})")
    versions = [(version.description, version.history_type) for version in image.history.all()]
    assert versions == [("A redder box", "~"), ("A red box", "+")]
    assert save(client, image, description="").status_code == 200


def test_older_description_can_be_had_back() -> None:
    image = make_image()
    save(editor(), image, description="Wrong")
    url = f"{url_of(image, 'history')}{image.history.last().pk}/"
    assert editor().post(url, opened(editor(), url)).status_code == 302
    image.refresh_from_db()
    assert (image.description, image.history.count()) == ("A red box", 3)


def test_description_that_somebody_else_changed_meanwhile_is_not_lost() -> None:
    image = make_image()
    form = opened(editor(), url_of(image))
    save(editor("jane"), image, description="By Jane")
    response = save(editor(), image, form, description="By me")
    assert "jane saved this page" in response.content.decode()
    image.refresh_from_db()
    assert image.description == "By Jane"


def test_extra_fields_of_a_form_change_nothing() -> None:
    image = make_image()
    before = Image.objects.values().get()
    save(editor(), image, name="evil.svg", width="9", original_name="x", uploaded_at="2020-01-01")
    after = Image.objects.values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


def test_page_and_list_say_where_a_picture_is_used() -> None:
    image, other = make_image(description="<b>Box</b>"), make_image("blue")
    symptom = make_symptom(published=False, title="<i>Nothing</i>", introduction=image.markdown, notice=image.markdown)
    make_guide(introduction=f"See [this]({image.picture.url}).")
    former = make_resolution(title="Formerly", body=image.markdown)
    former.body = "Nothing."
    former.save()
    client = editor()
    page = client.get(url_of(image)).content.decode()
    assert page.count(f'<a href="{url_of(symptom)}">&lt;i&gt;Nothing&lt;/i&gt;</a>') == 2
    assert "<i>Nothing" not in page
    assert "<b>Box" not in page
    assert page.count(f'<a href="{url_of(former)}">Formerly</a>') == 1
    assert "Not used in any text or draft." in client.get(url_of(other)).content.decode()
    rows = client.get(list_url(Image)).context["cl"].result_list
    assert [(row.pk, row.use_count) for row in rows] == [(other.pk, 0), (image.pk, 2)]


@pytest.mark.parametrize(("query", "expected"), [("no", ["blue"]), ("yes", ["red"]), ("evil", ["blue", "red"])])
def test_list_of_unused_ones(query: str, expected: list[str]) -> None:
    used = make_image(description="red")
    make_image("blue", description="blue")
    make_symptom(published=False, introduction=used.markdown)
    response = editor().get(list_url(Image), {"used": query})
    assert [image.description for image in response.context["cl"].result_list] == expected


def test_pages_take_the_same_queries_for_few_and_many() -> None:
    client = editor()
    urls = [list_url(Image), f"{list_url(Image)}?used=no", OFFERED, "page"]
    counts = []
    for colours in (["red"], ["green", "blue"]):
        for colour in colours:
            image = make_image(colour)
            make_symptom(introduction=image.markdown)
            make_resolution(body=image.markdown)
            make_image(f"dark{colour}")
        taken = []
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url_of(image) if url == "page" else url).status_code == 200
            taken.append(len(queries))
        counts.append(taken)
    assert counts[0] == counts[1]


# Deleting


def test_picture_in_use_is_not_deleted_and_its_places_are_named(media: Path) -> None:
    image = make_image()
    symptom = make_symptom(published=False, introduction=image.markdown)
    client = editor()
    for response in (client.get(url_of(image, "delete")), client.post(url_of(image, "delete"), {"post": "yes"})):
        page = response.content.decode()
        assert "is still in use, so it can't be deleted" in page
        assert f'<a href="{url_of(symptom)}">Nothing happens</a>' in page
    assert (Image.objects.count(), os.listdir(media)) == (1, [image.name])


def test_picture_of_older_versions_is_deleted_after_a_warning(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    image = make_image()
    resolution = make_resolution(body=image.markdown)
    resolution.body = "Nothing."
    resolution.save()
    client = editor()
    warning = messages_of(client.get(url_of(image, "delete")))
    shown = f'<a href="{url_of(resolution)}">Switch it on</a>'
    assert warning == [f"Older versions use it and couldn&#x27;t show it once restored: {shown}"]
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url_of(image, "delete"), {"post": "yes"}).status_code == 302
    assert (Image.objects.count(), os.listdir(media)) == (0, [])


def test_unused_ones_are_deleted_together_and_the_others_stay(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    used, unused = make_image(description="used"), [make_image(colour) for colour in ("blue", "green")]
    symptom = make_symptom(introduction=used.markdown)
    client, chosen = editor(), [image.pk for image in Image.objects.all()]
    form = {"action": "delete_selected", "_selected_action": chosen}
    question = client.post(list_url(Image), form)
    assert (question.status_code, Image.objects.count()) == (200, 3)
    assert {image.pk for image in question.context["queryset"]} == {image.pk for image in unused}
    stays = f'“used” wasn&#x27;t deleted because it&#x27;s used here: <a href="{url_of(symptom)}">Nothing happens</a>'
    assert messages_of(question) == [stays]
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(list_url(Image), form | {"post": "yes"}, follow=True)
    assert messages_of(response) == [stays, "Successfully deleted 2 pictures."]
    assert (list(Image.objects.all()), os.listdir(media)) == ([used], [used.name])


def test_deleting_only_used_ones_asks_nothing() -> None:
    image = make_image()
    make_symptom(introduction=image.markdown)
    form = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    response = editor().post(list_url(Image), form, follow=True)
    (message,) = messages_of(response)
    assert message.startswith("“A red box” wasn&#x27;t deleted because it&#x27;s used here: ")
    assert Image.objects.count() == 1


@pytest.mark.parametrize("key", ["x", "0", "-1", "9" * 400, "1%00", "<script>"])
def test_address_of_no_picture_is_answered_in_words(key: str) -> None:
    client = editor()
    for view in ("change", "delete", "history"):
        url = reverse(f"admin:images_image_{view}", args=["KEY"]).replace("KEY", key)
        assert client.get(url).status_code in (302, 404)
