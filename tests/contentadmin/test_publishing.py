"""States, actions and links of pages in the admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import override_settings
from django.utils import timezone

from helpdesk.contacts.models import ContactPoint
from helpdesk.content.publishing import State
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Guide, Symptom
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import add_url, list_url, messages_of, opened, url_of
from tests.factories import make_contact_point, make_faq_entry, make_guide, make_symptom

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_guide_with_situation(**values: Any) -> Guide:
    """A guide that can go live, since one of its situations is public."""
    guide = make_guide(**values)
    make_symptom(guide=guide)
    return guide


PAGES = [(make_guide_with_situation, Guide), (make_symptom, Symptom), (make_faq_entry, FaqEntry)]


def in_each_state(make: Any) -> dict[State, Any]:
    now = timezone.now()
    return {
        State.DRAFT: make(published=False),
        State.SCHEDULED: make(publish_at=now + DAY),
        State.PUBLISHED: make(publish_at=now - DAY),
        State.ARCHIVED: make(publish_at=now - 2 * DAY, archive_at=now - DAY),
    }


def act(client: Any, action: str, *pages: Any) -> Any:
    data = {"action": action, "_selected_action": [page.pk for page in pages]}
    return client.post(list_url(type(pages[0])), data, follow=True)


@pytest.mark.parametrize(("make", "model"), PAGES)
@pytest.mark.parametrize(
    ("action", "after", "changed"),
    [
        ("publish_now", [State.PUBLISHED] * 4, 3),
        ("back_to_draft", [State.DRAFT] * 4, 3),
        ("archive_now", [State.DRAFT, State.SCHEDULED, State.ARCHIVED, State.ARCHIVED], 1),
    ],
)
def test_action_on_pages_in_every_state(make: Any, model: Any, action: str, after: list[State], changed: int) -> None:
    make_contact_point()
    pages = list(in_each_state(make).values())
    response = act(editor("Ada"), action, *pages)
    assert [model.objects.get(pk=page.pk).state for page in pages] == after
    assert f"{changed} page" in messages_of(response)[-1]
    histories = [page.history.first() for page in pages]
    assert sum(history.history_user is not None for history in histories) == changed


def test_symptom_with_nothing_to_check_is_not_published_by_the_action() -> None:
    make_contact_point()
    symptom = make_symptom(causes=[], published=False, title="<b>Empty")
    response = act(editor(), "publish_now", symptom)
    assert messages_of(response) == [
        f"""<a href="{url_of(symptom)}">“&lt;b&gt;Empty”</a> wasn't changed. This situation has no checks. """
        "Before publishing, add a check or choose the guide it continues in."
    ]
    assert "“&lt;b&gt;Empty”" in response.content.decode()
    symptom.refresh_from_db()
    assert symptom.state == State.DRAFT


@pytest.mark.parametrize(("make", "model"), PAGES)
def test_list_is_filtered_by_state(make: Any, model: Any) -> None:
    pages = in_each_state(make)
    pages[State.DRAFT].review_by = date(2020, 1, 1)
    pages[State.DRAFT].save()
    client = editor()

    def found(value: str) -> set[int]:
        rows = client.get(list_url(model), {"state": value}).context["cl"].result_list
        return {row.pk for row in rows} & {page.pk for page in pages.values()}

    assert {state: found(state.value) for state in State} == {state: {page.pk} for state, page in pages.items()}
    assert found("review-due") == {pages[State.DRAFT].pk}


@pytest.mark.parametrize(("make", "model"), PAGES)
def test_list_and_page_say_the_state_in_words(make: Any, model: Any) -> None:
    client = editor()
    pages = in_each_state(make)
    listed = client.get(list_url(model)).content.decode()
    for state, page in pages.items():
        badge = f'<span class="state state-{state.value}">{page.state_text}</span>'
        assert (state, badge in listed, badge in client.get(url_of(page)).content.decode()) == (state, True, True)


@pytest.mark.parametrize(("make", "model"), PAGES)
def test_page_offers_its_links(make: Any, model: Any) -> None:
    page = make()
    links = editor().get(url_of(page)).context["page_links"]
    path = page.get_absolute_url()
    assert (links.on_site, links.preview, links.direct, links.short) == (
        path,
        f"/admin/preview{path}",
        f"http://testserver{path}",
        f"http://testserver{page.short_url}",
    )


def test_links_carry_the_address_visitors_know() -> None:
    guide = make_guide()
    with override_settings(PUBLIC_URL="https://help.example.com"):
        links = editor().get(url_of(guide)).context["page_links"]
    assert links.direct == f"https://help.example.com{guide.get_absolute_url()}"


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED, State.ARCHIVED])
@pytest.mark.parametrize(("make", "model"), PAGES)
def test_page_that_is_not_public_has_no_view_on_site(make: Any, model: Any, state: State) -> None:
    response = editor().get(url_of(in_each_state(make)[state]))
    assert response.context["page_links"].on_site == ""
    assert ("View on site" in response.content.decode(), "Preview" in response.content.decode()) == (False, True)


def test_published_symptom_of_a_draft_guide_says_why_nobody_sees_it() -> None:
    symptom = make_symptom(guide=make_guide(published=False))
    response = editor().get(url_of(symptom))
    assert "Not visible to visitors: its guide isn&#x27;t published." in response.content.decode()
    assert response.context["page_links"].on_site == ""


@pytest.mark.parametrize(
    ("make", "model"), [(make_contact_point, ContactPoint), (make_guide, Guide), (make_symptom, Symptom)]
)
def test_new_record_comes_last(make: Callable[..., Any], model: type[Model]) -> None:
    form = opened(editor(), add_url(model))
    assert form["position"] == ["1"]
    make(position=7)
    make(position=32_767)
    assert opened(editor(), add_url(model))["position"] == ["32767"]
