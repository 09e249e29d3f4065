"""Changing what several pages share: the places first, then everywhere or in a separate copy."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.addresses.models import RESERVED_SLUGS
from helpdesk.guides.copies import free_slug
from helpdesk.guides.models import Cause, Check, Resolution, Symptom
from helpdesk.history.diff import as_text
from helpdesk.history.reasons import Reason
from tests.accounts.staff_people import author, editor, make_user, signed_in
from tests.contentadmin.forms import messages_of, opened, read_form, save, url_of
from tests.factories import make_cause, make_contact_point, make_guide, make_resolution, make_symptom

pytestmark = pytest.mark.django_db

NASTY = "<script>alert('1')</script>"


@pytest.fixture
def client() -> Client:
    return editor("Ada")


@pytest.fixture
def resolution() -> Resolution:
    return make_resolution(title="Wait", body="It takes 14 days.", slug="wait")


@pytest.fixture
def cause(resolution: Resolution) -> Cause:
    return make_cause(title="Is it new?", slug="new", resolution=resolution, how_to_check="Look.\nTwice.")


@pytest.fixture
def symptoms(cause: Cause) -> list[Symptom]:
    """Three situations that share a cause, which stands second in each."""
    guide = make_guide(title="Guide")
    return [
        make_symptom(guide=guide, slug=slug, title=slug.upper(), position=place, causes=[make_cause(), cause])
        for place, slug in enumerate("abc")
    ]


def choose(client: Client, record: Any, page: HttpResponse, choice: str, *copy_for: Symptom, **more: Any) -> Any:
    """Presses a button on the page with the places."""
    ticked = [str(symptom.pk) for symptom in copy_for]
    return client.post(url_of(record), {**read_form(page), "_reuse": choice, "_copy_for": ticked, **more})


def is_impact(response: HttpResponse) -> bool:
    return response.status_code == 200 and "admin/guides/impact.html" in [found.name for found in response.templates]


def causes_of(symptom: Symptom) -> list[str]:
    return [check.cause.slug for check in symptom.checks.order_by("position").select_related("cause")]


def test_places_and_changed_passage_come_first(client: Client, resolution: Resolution, symptoms: list[Symptom]) -> None:
    page = save(client, resolution, body="It takes 10 days.")
    assert is_impact(page)
    assert [(passage.label, as_text(passage.chunks)) for passage in page.context["passages"]] == [
        ("What to do", "It takes [-14-]{+10+} days.")
    ]
    assert [(use.path, use.page, use.may_copy) for use in page.context["uses"]] == [
        (f"Guide › {slug.upper()}", f"/guides/{symptoms[0].guide.slug}/{slug}/check/new/", True) for slug in "abc"
    ]
    resolution.refresh_from_db()
    assert (resolution.body, resolution.history.count(), LogEntry.objects.count()) == ("It takes 14 days.", 1, 0)
    assert "Change everywhere (3 pages)" in page.content.decode()


def test_change_everywhere(client: Client, resolution: Resolution, symptoms: list[Symptom]) -> None:
    page = save(client, resolution, body="It takes 10 days.")
    response = choose(client, resolution, page, "everywhere")
    assert response.status_code == 302
    shown = [Client().get(f"{symptom.get_absolute_url()}check/new/").content.decode() for symptom in symptoms]
    assert ["10 days" in html for html in shown] == [True] * 3
    assert resolution.history.first().history_user.last_name == "Ada"


def test_form_is_carried_through_and_saved_as_it_was_sent(
    client: Client, cause: Cause, symptoms: list[Symptom]
) -> None:
    other = make_resolution(title="Other")
    changes = {"title": "New & <b>", "how_to_check": 'One\r\n\r\n    two "quoted"', "minutes": "7", "slug": "newer"}
    page = save(client, cause, **changes, resolution=other.pk, prevention="Ask.", _continue="Save and continue editing")
    assert [passage.label for passage in page.context["passages"]] == [
        *("Title", "How to find out", "Minutes to check", "Resolution", "How to avoid it next time"),
    ]
    response = choose(client, cause, page, "everywhere")
    assert response.headers["Location"] == url_of(cause)
    cause.refresh_from_db()
    assert {name: str(getattr(cause, name)) for name in changes} == changes
    assert (cause.resolution, cause.prevention) == (other, "Ask.")


def test_back_to_the_form_loses_nothing(client: Client, resolution: Resolution, symptoms: list[Symptom]) -> None:
    form = {**opened(client, url_of(resolution)), "body": ["It takes 10 days."], "title": ["Wait a bit"]}
    page = save(client, resolution, form)
    back = choose(client, resolution, page, "back")
    html = back.content.decode()
    assert read_form(back) == form
    assert ("Nothing has been saved yet" in html, "errornote" in html) == (False, False)
    resolution.refresh_from_db()
    assert resolution.body == "It takes 14 days."
    assert is_impact(save(client, resolution, read_form(back)))


def test_nothing_is_asked_where_visitors_read_the_same(client: Client, cause: Cause, symptoms: list[Symptom]) -> None:
    assert save(client, cause).status_code == 302
    # As browsers send line ends.
    assert save(client, cause, how_to_check="Look.\r\nTwice.").status_code == 302
    assert save(client, cause, slug="newer").status_code == 302


def test_blanks_alone_are_called_so(client: Client, cause: Cause, symptoms: list[Symptom]) -> None:
    page = save(client, cause, how_to_check="Look.\r\n\r\nTwice.")
    assert is_impact(page)


@pytest.mark.parametrize("uses", [0, 1])
def test_record_on_one_page_is_saved_at_once(client: Client, uses: int) -> None:
    cause = make_cause()
    for _ in range(uses):
        make_symptom(causes=[cause])
    assert save(client, cause, title="New").status_code == 302
    assert "Shared:" not in client.get(url_of(cause)).content.decode()


def test_form_says_how_many_pages_share_it(client: Client, cause: Cause, symptoms: list[Symptom]) -> None:
    for record in (cause, cause.resolution):
        assert "Used on 3 pages." in client.get(url_of(record)).content.decode()


def test_separate_copy_of_a_cause(client: Client, cause: Cause, symptoms: list[Symptom]) -> None:
    a, _b, c = symptoms
    rows = list(a.checks.order_by("position").values_list("pk", "position"))
    page = save(client, cause, title="Is it very new?", how_to_check="Look closely.")
    response = choose(client, cause, page, "copy", a, c)
    copy = Cause.objects.get(slug="is-it-very-new")
    assert response.headers["Location"] == url_of(copy)
    assert [causes_of(symptom)[1] for symptom in symptoms] == ["is-it-very-new", "new", "is-it-very-new"]
    assert list(a.checks.order_by("position").values_list("pk", "position")) == rows
    cause.refresh_from_db()
    assert (cause.title, cause.how_to_check) == ("Is it new?", "Look.\nTwice.")
    assert (copy.how_to_check, copy.minutes, copy.resolution) == ("Look closely.", cause.minutes, cause.resolution)
    assert copy.number != cause.number
    notes = [copy.history.first(), Check.history.filter(symptom=a).first()]
    assert [(note.history_user.last_name, note.history_change_reason) for note in notes] == [
        ("Ada", Reason.COPIED.of("new")),
        ("Ada", Reason.COPY_TOOK_PLACE),
    ]
    said = messages_of(client.get(url_of(copy)))
    assert len(said) == 1
    assert "for: Guide › A, Guide › C." in said[0]


def test_copy_without_a_new_title_has_an_address_of_its_own(
    client: Client, cause: Cause, symptoms: list[Symptom]
) -> None:
    make_cause(slug="is-it-new")
    page = save(client, cause, how_to_check="Other")
    choose(client, cause, page, "copy", symptoms[0])
    assert causes_of(symptoms[0])[1] == "is-it-new-2"


def test_old_addresses_of_a_copied_check_lead_to_the_copy(
    client: Client, cause: Cause, symptoms: list[Symptom]
) -> None:
    a, b, _c = symptoms
    first = causes_of(a)[0]
    for symptom, title in ((a, "For A"), (b, "For B"), (a, "For A again")):
        record = symptom.checks.get(position=2).cause
        page = save(client, record, title=title)
        if is_impact(page):
            choose(client, record, page, "copy", symptom)
    old = f"{a.get_absolute_url()}check/new/"
    answers = [
        Client().get(address).headers.get("Location")
        for address in (
            f"{old}?no={first}",
            f"{b.get_absolute_url()}check/new/",
            f"{a.get_absolute_url()}check/{first}/?no=new",
            f"{a.get_absolute_url()}fixed/?by=new",
            f"{a.get_absolute_url()}check/for-b/",
        )
    ]
    assert answers == [
        f"{a.get_absolute_url()}check/for-a/?no={first}",
        f"{b.get_absolute_url()}check/for-b/",
        f"{a.get_absolute_url()}check/{first}/?no=for-a",
        f"{a.get_absolute_url()}fixed/?by=for-a",
        f"{a.get_absolute_url()}check/{first}/",
    ]
    # A walk that is under way goes on.
    posted = Client().post(old, {"answer": "not-fixed"})
    assert (posted.status_code, posted.headers["Location"]) == (308, f"{a.get_absolute_url()}check/for-a/")
    assert Client().get(f"{symptoms[2].get_absolute_url()}check/new/").status_code == 200


def test_separate_copy_of_a_resolution_copies_the_causes_that_others_share(
    client: Client, resolution: Resolution, cause: Cause, symptoms: list[Symptom]
) -> None:
    a, b, _c = symptoms
    own = make_cause(slug="own", resolution=resolution)
    Check.objects.create(symptom=a, cause=own, position=3)
    page = save(client, resolution, body="It takes 10 days.")
    response = choose(client, resolution, page, "copy", a)
    copy = Resolution.objects.get(slug="wait-2")
    assert response.headers["Location"] == url_of(copy)
    assert causes_of(a)[1:] == ["is-it-new", "own"]
    assert causes_of(b)[1:] == ["new"]
    copied = Cause.objects.get(slug="is-it-new")
    assert (copied.title, copied.how_to_check, copied.resolution) == (cause.title, cause.how_to_check, copy)
    own.refresh_from_db()
    cause.refresh_from_db()
    resolution.refresh_from_db()
    assert (own.resolution, cause.resolution) == (copy, resolution)
    assert (copy.body, resolution.body) == ("It takes 10 days.", "It takes 14 days.")
    shown = ["10 days" in Client().get(f"{s.get_absolute_url()}all/").content.decode() for s in symptoms]
    assert shown == [True, False, False]
    assert own.history.first().history_user.last_name == "Ada"


def test_second_editor_is_told_before_the_choice_and_after_it(
    client: Client, resolution: Resolution, symptoms: list[Symptom]
) -> None:
    bob = editor("Bob")
    early = opened(bob, url_of(resolution))
    for choice in ("everywhere", "copy"):
        page = save(bob, resolution, body=f"Bob's, {choice}.")
        assert is_impact(page)
        assert (
            choose(client, resolution, save(client, resolution, body=f"Ada's, {choice}."), "everywhere").status_code
            == 302
        )
        told = choose(bob, resolution, page, choice, *(symptoms[:1] if choice == "copy" else []))
        assert "Ada saved this page while you were editing" in told.content.decode()
        assert read_form(told)["body"] == [f"Bob's, {choice}."]
        resolution.refresh_from_db()
        assert (resolution.body, Resolution.objects.filter(slug="wait-2").exists()) == (f"Ada's, {choice}.", False)
    assert "while you were editing" in save(bob, resolution, early, body="Late").content.decode()
    # Once he knows, his next way leads past the places again.
    again = save(bob, resolution, read_form(told))
    assert is_impact(again)
    assert choose(bob, resolution, again, "everywhere").status_code == 302


@pytest.mark.parametrize(
    ("choice", "ticked", "sentence"),
    [
        ("copy", "", "Select the situations that should get a separate copy."),
        ("copy", "abc", "You&#x27;ve selected all situations."),
        ("everywhere", "b", "You&#x27;ve selected situations for a separate copy."),
    ],
)
def test_unclear_choice_is_asked_again(
    client: Client, cause: Cause, symptoms: list[Symptom], choice: str, ticked: str, sentence: str
) -> None:
    page = save(client, cause, title="New")
    chosen = [symptom for symptom in symptoms if symptom.slug in ticked] if ticked else []
    again = choose(client, cause, page, choice, *chosen)
    assert is_impact(again)
    assert sentence in again.content.decode()
    assert [use.symptom for use in again.context["uses"] if use.ticked] == chosen
    assert read_form(again)["title"] == ["New"]
    cause.refresh_from_db()
    assert (cause.title, Cause.objects.filter(title="New").count()) == ("Is it new?", 0)


def test_page_that_came_to_share_it_meanwhile_is_shown_first(
    client: Client, cause: Cause, symptoms: list[Symptom]
) -> None:
    page = save(client, cause, title="New")
    make_symptom(guide=symptoms[0].guide, title="Late", causes=[cause])
    again = choose(client, cause, page, "everywhere")
    assert is_impact(again)
    assert "The list of pages has changed in the meantime." in again.content.decode()
    assert choose(client, cause, again, "everywhere").status_code == 302


@pytest.mark.parametrize("wrong", ["x", "9" * 400, "-1", "1\0", NASTY])
def test_hostile_choices_change_nothing(client: Client, cause: Cause, symptoms: list[Symptom], wrong: str) -> None:
    page = save(client, cause, title=NASTY)
    assert NASTY not in page.content.decode()
    for fields in (
        {"_reuse": wrong},
        {"_reuse": "copy", "_copy_for": wrong},
        {"_seen_places": wrong, "_reuse": "everywhere"},
    ):
        again = client.post(url_of(cause), {**read_form(page), **fields})
        assert is_impact(again)
    cause.refresh_from_db()
    assert cause.title == "Is it new?"


def test_rights(cause: Cause, symptoms: list[Symptom]) -> None:
    form = {**opened(editor(), url_of(cause)), "title": "New", "_seen_places": ",".join(str(s.pk) for s in symptoms)}
    answers = [
        person.post(url_of(cause), {**form, "_reuse": choice, "_copy_for": [symptoms[0].pk]}).status_code
        for person in (author(), signed_in(make_user()), Client())
        for choice in ("", "everywhere", "copy", "back")
    ]
    assert answers == [403] * 8 + [302] * 4
    cause.refresh_from_db()
    assert (cause.title, Cause.objects.filter(title="New").count()) == ("Is it new?", 0)


def test_author_copies_what_only_drafts_share() -> None:
    cause = make_cause(title="Is it new?")
    drafts = [make_symptom(published=False, causes=[cause]) for _ in range(2)]
    client = author()
    page = save(client, cause, title="Is it newer?")
    assert choose(client, cause, page, "copy", drafts[0]).status_code == 302
    assert [causes_of(draft) for draft in drafts] == [["is-it-newer"], [cause.slug]]


def test_contact_point_shows_its_places_and_has_no_copies(client: Client) -> None:
    desk = make_contact_point(email="one@example.com")
    resolution = make_resolution(contact_point=desk)
    for _ in range(2):
        make_symptom(causes=[make_cause(resolution=resolution)])
    page = save(client, desk, email="two@example.com")
    assert is_impact(page)
    assert [use.page.rsplit("/", 2)[-2] for use in page.context["uses"]] == ["contact", "contact"]
    assert "separate copy" not in page.content.decode()
    assert is_impact(choose(client, desk, page, "copy", *Symptom.objects.all()[:1]))
    assert choose(client, desk, page, "everywhere").status_code == 302
    desk.refresh_from_db()
    assert desk.email == "two@example.com"


def test_place_of_the_way_to_avoid_it_is_the_page_after_it_was_fixed(
    client: Client, cause: Cause, symptoms: list[Symptom]
) -> None:
    page = save(client, cause, prevention="Ask early.")
    assert page.context["uses"][0].page == f"{symptoms[0].get_absolute_url()}fixed/?by=new"
    use = page.context["uses"][1]
    shown = client.post(page.context["preview_url"], {**read_form(page), "_place": use.page})
    assert "Ask early." in shown.content.decode()
    assert shown.context["symptom"] == use.symptom


def test_places_take_the_same_queries_for_few_and_many(client: Client, cause: Cause, symptoms: list[Symptom]) -> None:
    counts = []
    for _ in range(2):
        form = {**opened(client, url_of(cause)), "title": "New"}
        with CaptureQueriesContext(connection) as queries:
            assert is_impact(client.post(url_of(cause), form))
        counts.append(len(queries))
        for _more in range(5):
            make_symptom(causes=[cause])
    assert counts[0] == counts[1]


def test_slug_of_a_copy_is_free_and_allowed() -> None:
    cause = make_cause(slug="long-ago")
    cause.slug = "today"
    cause.save()
    found = [free_slug(Cause, title) for title in ("Long ago", "Today", "Contact", "?!", "x" * 160)]
    assert found == ["long-ago-2", "today-2", "contact-2", "cause", "x" * 74]
    assert "contact" in RESERVED_SLUGS
