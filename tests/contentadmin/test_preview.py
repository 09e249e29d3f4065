"""The preview of what is written and not saved: the real page around it, and nothing of it remains."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
from helpdesk.search.models import Synonym
from tests.accounts.staff_people import administrator, author, editor, without_rights
from tests.contentadmin.forms import add_url, opened, read_form, save, url_of
from tests.factories import (
    make_cause,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)

pytestmark = pytest.mark.django_db

BANNER = "Preview of unsaved text. Nothing is saved."
NASTY = "<script>alert('1')</script>"


def button_of(client: Client, url: str) -> str:
    """Return the target of the button "Preview changes" of a form."""
    html = client.get(url).content.decode()
    found = re.findall(r'<input type="submit" value="Preview changes"[^>]*formaction="([^"]*)"', html)
    assert found, url
    assert len(set(found)) == 1
    return found[0]


def previewed(client: Client, record: Model, **changes: Any) -> HttpResponse:
    """The record's form sent to the preview, with some fields changed."""
    url = url_of(record)
    return client.post(button_of(client, url).partition("#")[0], {**opened(client, url), **changes})


def previewed_new(client: Client, model: type[Model], **fields: Any) -> HttpResponse:
    url = add_url(model)
    return client.post(button_of(client, url), {**opened(client, url), **fields})


def everything() -> dict[str, list[Any]]:
    """Every row of the database but sessions."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.label != "sessions.Session"]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def content() -> dict[str, Any]:
    """One record of each kind, in use and public."""
    desk = make_contact_point(name="Night desk")
    resolution = make_resolution(title="Wait", body="Wait 14 days.", contact_point=desk)
    cause = make_cause(title="Is it new?", resolution=resolution, prevention="Ask early.")
    symptom = make_symptom(title="It is slow", causes=[cause, make_cause(title="Is it on?")])
    entry = make_faq_entry(related_symptoms=[symptom])
    return {
        "guide": symptom.guide,
        "symptom": symptom,
        "cause": cause,
        "resolution": resolution,
        "contact": desk,
        "category": entry.category,
        "entry": entry,
    }


UNSAVED: dict[str, tuple[dict[str, Any], str]] = {
    "guide": ({"title": "Not saved", "introduction": "*Not* saved"}, "<em>Not</em> saved"),
    "symptom": ({"title": "Not saved", "notice": "*Not* saved"}, "<em>Not</em> saved"),
    "cause": ({"title": "Not saved", "how_to_check": "*Not* saved"}, "<em>Not</em> saved"),
    "resolution": ({"title": "Not saved", "body": "*Not* saved"}, "<em>Not</em> saved"),
    "contact": ({"name": "Not saved", "details": "*Not* saved"}, "<em>Not</em> saved"),
    "category": ({"title": "Not saved", "introduction": "*Not* saved"}, "<em>Not</em> saved"),
    "entry": ({"question": "Not saved", "answer": "*Not* saved"}, "<em>Not</em> saved"),
}


@pytest.mark.parametrize("kind", UNSAVED)
def test_page_shows_what_is_written_and_nothing_remains(kind: str, django_capture_on_commit_callbacks: Any) -> None:
    client, record = editor(), content()[kind]
    changes, expected = UNSAVED[kind]
    before = everything()
    with django_capture_on_commit_callbacks() as left_to_do:
        response = previewed(client, record, **changes)
    html = response.content.decode()
    assert response.status_code == 200
    assert left_to_do == []
    assert (BANNER in html, "Not saved" in html, expected in html) == (True, True, True)
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]
    assert everything() == before
    assert LogEntry.objects.count() == 0
    assert [str(message) for message in client.get("/admin/").context["messages"]] == []


@pytest.mark.parametrize("kind", UNSAVED)
def test_new_record_is_previewed_and_uses_up_nothing(kind: str) -> None:
    records = content()
    model, client = type(records[kind]), editor()
    needed = {
        "guide": {"short_title": "New"},
        "symptom": {"guide": records["guide"].pk},
        "cause": {"resolution": records["resolution"].pk, "minutes": 1},
        "contact": {"purpose": "All"},
        "entry": {"category": records["category"].pk},
    }
    before = everything()
    response = previewed_new(client, model, slug="new-one", **needed.get(kind, {}), **UNSAVED[kind][0])
    html = response.content.decode()
    assert response.status_code == 200, read_form(response)
    assert (BANNER in html, UNSAVED[kind][1] in html) == (True, True)
    example = {"cause": "any page yet", "resolution": "any page yet", "category": "no questions yet"}
    assert example.get(kind, BANNER) in html
    assert everything() == before
    with CaptureQueriesContext(connection):
        assert make_guide().number == max(row["number"] for row in before["links.HelpNumber"]) + 1


def test_checks_are_shown_in_the_order_of_the_form() -> None:
    client = editor()
    symptom = make_symptom(causes=[make_cause(title=f"Check {letter}") for letter in "ABC"])
    response = previewed(
        client, symptom, **{"checks-0-position": "3", "checks-1-position": "2", "checks-2-position": "1"}
    )
    assert [step.check.cause.title for step in response.context["walk"].steps] == ["Check C", "Check B", "Check A"]
    assert "Check C</h" in response.content.decode()
    assert [check.cause.title for check in symptom.checks.all()] == ["Check A", "Check B", "Check C"]


def test_changed_address_is_previewed_too() -> None:
    symptom = make_symptom(slug="old")
    response = previewed(editor(), symptom, slug="new")
    assert response.status_code == 200
    assert f"/admin/preview/guides/{symptom.guide.slug}/new/" in response.content.decode()
    assert Client().get(f"/guides/{symptom.guide.slug}/new/").status_code == 404


def test_drafts_and_what_is_scheduled_are_previewed_whatever_moment_is_chosen() -> None:
    client = editor()
    client.get("/admin/preview/?as-of=now")
    for symptom in (
        make_symptom(published=False),
        make_symptom(publish_at=timezone.now() + timezone.timedelta(days=9)),
    ):
        assert "Not saved" in previewed(client, symptom, title="Not saved").content.decode()


def test_links_lead_on_in_the_ordinary_preview() -> None:
    symptom = content()["symptom"]
    html = previewed(editor(), symptom, title="Not saved").content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'(?:href|action)="(/[^"]*)"', main)
    assert links
    assert [link for link in links if not link.startswith("/admin/preview/")] == []


def test_other_places_are_chosen_from_the_page_and_the_text_comes_along() -> None:
    client, records = editor(), content()
    second = make_symptom(guide=records["guide"], title="Second", position=1, causes=[records["cause"]])
    first = previewed(client, records["resolution"], body="Line one\r\n\r\n<b>&amp; two")
    form = read_form(first)
    choices = re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)', first.content.decode())
    assert [text for _path, text in choices] == [
        "I cannot log in › It is slow",
        "I cannot log in › Second",
    ]
    assert form["body"] == ["Line one\r\n\r\n<b>&amp; two"]
    target = re.findall(r'<form method="post" action="([^"]*)" class="as-of"', first.content.decode())[0]
    response = client.post(target, {**form, "_place": choices[1][0]})
    assert response.context["symptom"] == second
    assert "Line one" in response.content.decode()
    unknown = client.post(target, {**form, "_place": "/admin/logout/"})
    assert unknown.context["symptom"] == records["symptom"]


def test_way_to_avoid_it_is_shown_where_visitors_read_it() -> None:
    cause = content()["cause"]
    html = previewed(editor(), cause, prevention="Never again").content.decode()
    assert "Great, that's fixed" in html
    assert "Never again" in html
    both = previewed(editor(), cause, prevention="Never again", title="Not saved").content.decode()
    assert "Great, that's fixed" not in both
    assert "after “That fixed it”" in both


def test_contact_point_is_brought_into_view() -> None:
    desk = content()["contact"]
    target = button_of(editor(), url_of(desk))
    assert target == f"/admin/guides/contactpoint/{desk.pk}/preview/#{desk.slug}"
    html = previewed(editor(), desk, name="Not saved").content.decode()
    assert f'id="{desk.slug}"' in html


def test_edit_conflict_does_not_stop_a_preview() -> None:
    client = editor()
    resolution = content()["resolution"]
    form = opened(client, url_of(resolution))
    resolution.body = "Changed meanwhile"
    resolution.save()
    response = client.post(url_of(resolution, "preview"), {**form, "body": "Not saved"})
    assert "Not saved" in response.content.decode()
    assert "Someone saved this page" in save(client, resolution, form, body="Not saved").content.decode()


def test_form_that_lacks_something_is_answered_with_what() -> None:
    client = editor()
    symptom = make_symptom(title="Stored", causes=[make_cause(), make_cause()])
    first = symptom.checks.first().cause
    response = previewed(client, symptom, title="", slug="All!", **{"checks-1-cause": first.pk})
    html = response.content.decode()
    assert response.status_code == 422
    assert [(problem.label, problem.texts) for problem in response.context["problems"]] == [
        ("Title", ["This field is required."]),
        ("Slug", ["Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."]),
        ("Checks", [f"“{first}” is listed more than once. Remove the other rows."]),
    ]
    assert "Stored" in html
    new = previewed_new(client, Cause, title=NASTY)
    assert [problem.label for problem in new.context["problems"]] == [
        "Resolution",
        "Slug",
    ]
    assert NASTY not in new.content.decode()


@pytest.mark.parametrize("value", ["x\0y", "9" * 400, "-1", NASTY])
def test_hostile_values_get_a_sentence(value: str) -> None:
    client, cause = editor(), content()["cause"]
    response = previewed(client, cause, title=value, resolution=value, minutes=value)
    assert response.status_code == 422
    assert NASTY not in response.content.decode()


def test_hostile_addresses() -> None:
    client = administrator()
    answers = [
        client.post(f"/admin/guides/cause/{pk}/preview/", {}).status_code
        for pk in ("9" * 400, "0", "x", "1%00", "-1", "../add", "1/2")
    ]
    assert answers == [404] * 7
    cause = make_cause()
    assert client.get(url_of(cause, "preview")).headers["Location"] == url_of(cause)
    assert client.get("/admin/guides/cause/add/preview/").headers["Location"] == add_url(Cause)


def test_text_is_escaped_on_the_way() -> None:
    html = previewed(editor(), content()["cause"], title=NASTY).content.decode()
    assert BANNER in html
    assert NASTY not in html


def test_without_a_token_nothing_is_rendered() -> None:
    cause = make_cause()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor().get("/admin/").wsgi_request.user)
    assert strict.post(url_of(cause, "preview"), {"title": "x"}).status_code == 403


def test_rights_are_those_of_the_form() -> None:
    records = content()
    draft = make_symptom(published=False)
    new = {"title": "x", "slug": "x"}
    seen = {}
    for name, client in {"author": author(), "nobody": without_rights(), "signed out": Client()}.items():
        seen[name] = [
            client.post(url_of(record, "preview"), {}).status_code
            for record in (draft, records["symptom"], records["cause"], records["contact"])
        ] + [client.post(f"{add_url(model)}preview/", new).status_code for model in (Symptom, ContactPoint)]
    assert seen == {
        "author": [422, 403, 403, 403, 422, 403],
        "nobody": [403] * 6,
        "signed out": [302] * 6,
    }
    assert "Preview changes" not in author().get(url_of(records["symptom"])).content.decode()


def test_author_cannot_publish_through_the_preview() -> None:
    draft = make_symptom(published=False)
    now = timezone.now()
    response = previewed(author(), draft, publish_at_0=f"{now:%Y-%m-%d}", publish_at_1="00:00")
    assert response.context["symptom"].publish_at is None
    draft.refresh_from_db()
    assert draft.publish_at is None


def test_preview_takes_the_same_queries_on_few_and_many_pages() -> None:
    client, records = editor(), content()
    counts = []
    for _ in range(2):
        form = opened(client, url_of(records["resolution"]))
        with CaptureQueriesContext(connection) as queries:
            assert client.post(url_of(records["resolution"], "preview"), form).status_code == 200
        counts.append(len(queries))
        for _more in range(3):
            make_symptom(causes=[records["cause"]])
    assert counts[0] == counts[1]


MODELS = (Guide, Symptom, Cause, Resolution, ContactPoint, FaqCategory, FaqEntry)


def test_every_form_has_the_button_beside_save() -> None:
    client = editor()
    records = [make_guide(), make_symptom(), make_cause(), make_resolution(), make_contact_point()]
    records += [make_faq_category(), make_faq_entry()]
    targets = [button_of(client, url_of(record)).partition("#")[0] for record in records]
    assert targets == [url_of(record, "preview") for record in records]
    assert [button_of(client, add_url(model)) for model in MODELS] == [f"{add_url(model)}preview/" for model in MODELS]


def test_synonym_has_no_page_and_no_preview() -> None:
    client = editor()
    synonym = Synonym.objects.create(words="dongle", means="security device")
    for url in (url_of(synonym), add_url(Synonym)):
        assert "Preview changes" not in client.get(url).content.decode()
    # Django's own view of an address that is no record's.
    assert client.post(f"{url_of(synonym).removesuffix('change/')}preview/", {}).status_code == 302
