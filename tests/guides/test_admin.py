"""Guides, symptoms with their checks, causes and resolutions in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helpdesk.guides.models import Cause, Check, Guide, Resolution, Symptom
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import add_url, list_url, opened, read_form, save, url_of
from tests.factories import make_cause, make_contact_point, make_guide, make_resolution, make_symptom

pytestmark = pytest.mark.django_db

NASTY = """<script>alert("1")</script>'"""
ESCAPED = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#x27;"


@pytest.fixture
def client() -> Client:
    return editor()


@pytest.fixture
def causes() -> list[Cause]:
    return [make_cause(title=title) for title in ("A", "B", "C", "D")]


def order(symptom: Symptom) -> list[tuple[int, str]]:
    return list(symptom.checks.order_by("position").values_list("position", "cause__title"))


def rows(symptom: Symptom, *wanted: Any, seen: str | None = None) -> dict[str, Any]:
    """The fields of the rows of checks: (row's id or "", cause, position, deleted?)."""
    stored = symptom.checks.count()
    fields: dict[str, Any] = {"checks-TOTAL_FORMS": len(wanted), "checks-INITIAL_FORMS": stored}
    for index, (pk, cause, position, *deleted) in enumerate(wanted):
        fields |= {
            f"checks-{index}-id": pk,
            f"checks-{index}-symptom": symptom.pk,
            f"checks-{index}-cause": cause.pk if cause else "",
            f"checks-{index}-position": position,
        }
        if deleted:
            fields[f"checks-{index}-DELETE"] = "on"
    return fields


def stored_rows(symptom: Symptom) -> list[int]:
    return list(symptom.checks.order_by("position").values_list("pk", flat=True))


def test_checks_unchanged_stay_and_leave_no_history(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    before = Check.history.count()
    assert save(client, symptom).status_code == 302
    assert (order(symptom), Check.history.count()) == ([(1, "A"), (2, "B")], before)


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (("1", "2", "3"), "ABC"),
        (("2", "1", "3"), "BAC"),
        (("3", "2", "1"), "CBA"),
        (("30", "10", "20"), "BCA"),
        (("2", "2", "2"), "ABC"),
        (("", "", ""), "ABC"),
        (("", "2", "1"), "CBA"),
        (("0", "-5", "3"), "BAC"),
        (("99999999", "1", "9" * 30), "BAC"),
    ],
)
def test_checks_end_gap_free_whatever_numbers_are_sent(
    client: Client, causes: list[Cause], positions: tuple[str, ...], expected: str
) -> None:
    symptom = make_symptom(causes=causes[:3])
    changes = {f"checks-{index}-position": position for index, position in enumerate(positions)}
    assert save(client, symptom, **changes).status_code == 302
    assert order(symptom) == list(enumerate(expected, start=1))


def test_checks_moved_keep_their_rows(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:3])
    a, b, c = stored_rows(symptom)
    save(client, symptom, **{"checks-0-position": "9"})
    assert stored_rows(symptom) == [b, c, a]


def test_check_deleted_in_the_middle_closes_the_gap(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:3])
    assert save(client, symptom, **{"checks-1-DELETE": "on"}).status_code == 302
    assert order(symptom) == [(1, "A"), (2, "C")]


def test_check_added_between_others(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    first, second = stored_rows(symptom)
    sent = rows(symptom, (first, causes[0], 10), (second, causes[1], 30), ("", causes[2], 20))
    assert save(client, symptom, **sent).status_code == 302
    assert order(symptom) == [(1, "A"), (2, "C"), (3, "B")]


def test_check_added_and_deleted_at_once(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    first, second = stored_rows(symptom)
    sent = rows(symptom, (first, causes[0], 1, True), (second, causes[1], 2), ("", causes[3], 1))
    assert save(client, symptom, **sent).status_code == 302
    assert order(symptom) == [(1, "D"), (2, "B")]


def test_cause_of_a_row_changed(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    assert save(client, symptom, **{"checks-0-cause": causes[2].pk}).status_code == 302
    assert order(symptom) == [(1, "C"), (2, "B")]


def test_causes_of_two_rows_swapped(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    swapped = {"checks-0-cause": causes[1].pk, "checks-1-cause": causes[0].pk}
    assert save(client, symptom, **swapped).status_code == 302
    assert order(symptom) == [(1, "B"), (2, "A")]


def test_cause_deleted_and_added_again_in_one_form(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    first, second = stored_rows(symptom)
    sent = rows(symptom, (first, causes[0], 1, True), (second, causes[1], 2), ("", causes[0], 3))
    assert save(client, symptom, **sent).status_code == 302
    assert order(symptom) == [(1, "B"), (2, "A")]


def test_same_cause_twice_is_refused_in_words(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:2])
    response = save(client, symptom, **{"checks-1-cause": causes[0].pk})
    assert response.status_code == 200
    assert "“A” is listed more than once. Remove the other rows." in response.content.decode()
    assert order(symptom) == [(1, "A"), (2, "B")]


def test_row_that_is_gone_meanwhile_does_no_harm(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:3])
    form = opened(client, url_of(symptom))
    Check.objects.reorder(symptom, [causes[0]])
    assert save(client, symptom, form).status_code == 302
    assert order(symptom) == [(1, "A"), (2, "B"), (3, "C")]


def test_row_of_another_symptom_is_left_alone(client: Client, causes: list[Cause]) -> None:
    symptom, other = make_symptom(causes=causes[:1]), make_symptom(causes=causes[1:3])
    (row,) = stored_rows(symptom)
    foreign = stored_rows(other)[0]
    sent = rows(symptom, (row, causes[0], 1), (foreign, causes[3], 2, True))
    save(client, symptom, **sent)
    assert (order(symptom), order(other)) == ([(1, "A")], [(1, "B"), (2, "C")])


@pytest.mark.parametrize("junk", ["x", "1.5", "9" * 5000])
def test_position_that_is_no_number_is_refused(client: Client, causes: list[Cause], junk: str) -> None:
    symptom = make_symptom(causes=causes[:2])
    response = save(client, symptom, **{"checks-0-position": junk})
    assert (response.status_code, "Enter a whole number." in response.content.decode()) == (200, True)
    assert order(symptom) == [(1, "A"), (2, "B")]


def test_symptom_added_with_its_checks(client: Client, causes: list[Cause]) -> None:
    guide = make_guide()
    form = opened(client, add_url(Symptom))
    form |= {"guide": guide.pk, "title": "New", "slug": "new", "checks-TOTAL_FORMS": 2}
    form |= {"checks-0-cause": causes[1].pk, "checks-0-position": 5, "checks-1-cause": causes[0].pk}
    assert client.post(add_url(Symptom), form).status_code == 302
    assert order(Symptom.objects.get(slug="new")) == [(1, "B"), (2, "A")]


def test_symptom_that_leads_on_may_have_no_checks(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:1])
    response = save(client, symptom, leads_to=make_guide().pk)
    assert response.status_code == 200
    assert "A situation that continues in another guide can" in response.content.decode()
    symptom.refresh_from_db()
    assert (symptom.leads_to, order(symptom)) == (None, [(1, "A")])


def test_symptom_turned_into_one_that_leads_on(client: Client, causes: list[Cause]) -> None:
    symptom, target = make_symptom(causes=causes[:1]), make_guide()
    assert save(client, symptom, leads_to=target.pk, **{"checks-0-DELETE": "on"}).status_code == 302
    symptom.refresh_from_db()
    assert (symptom.leads_to, order(symptom)) == (target, [])


def test_symptom_with_nothing_to_check_is_not_published(client: Client) -> None:
    symptom = make_symptom(causes=[], published=False)
    sent = {"publish_at_0": "2026-01-01", "publish_at_1": "09:00:00"}
    response = save(client, symptom, **sent)
    assert "This situation has no checks." in response.content.decode()
    symptom.refresh_from_db()
    assert symptom.publish_at is None


def test_last_check_of_a_published_symptom_is_not_deleted(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes[:1])
    response = save(client, symptom, **{"checks-0-DELETE": "on"})
    assert "This situation has no checks." in response.content.decode()
    assert order(symptom) == [(1, "A")]


def test_loop_of_guides_is_refused_by_name(client: Client) -> None:
    one, two = make_guide(title="One"), make_guide(title="Two")
    make_symptom(guide=two, leads_to=one, title="Back")
    symptom = make_symptom(guide=one, causes=[], title="On", published=False)
    response = save(client, symptom, leads_to=two.pk)
    assert "This would be a loop: One › On › Two › Back › One. Change one of these steps." in response.content.decode()


def test_reserved_slug_is_refused_at_its_field(client: Client) -> None:
    response = save(client, make_guide(), slug="all")
    assert response.context["adminform"].form.errors["slug"] == ["“all” is reserved. Choose another slug."]


def test_cause_page_says_where_it_is_used(client: Client) -> None:
    cause = make_cause()
    symptom = make_symptom(causes=[cause], guide=make_guide(title="Guide"), title="Symptom")
    content = client.get(url_of(cause)).content.decode()
    assert f'<a href="{url_of(symptom)}">Guide › Symptom</a> <span class="state state-published">' in content


def test_resolution_page_says_where_it_is_used(client: Client) -> None:
    resolution = make_resolution()
    cause = make_cause(resolution=resolution, title="Cause")
    symptom = make_symptom(causes=[cause], guide=make_guide(title="Guide"), title="Symptom")
    content = client.get(url_of(resolution)).content.decode()
    assert f'<a href="{url_of(cause)}">Cause</a>' in content
    assert f'<a href="{url_of(symptom)}">Guide › Symptom</a>' in content


@pytest.mark.parametrize("model", [Cause, Resolution])
def test_list_counts_the_pages_a_record_is_used_on(client: Client, model: type[Any]) -> None:
    resolution = make_resolution()
    shared = [make_cause(resolution=resolution), make_cause(resolution=resolution)]
    for _ in range(3):
        make_symptom(causes=shared)
    found = client.get(list_url(model)).context["cl"].queryset.order_by("pk")
    assert {row.symptom_count for row in found} == {3}


@pytest.mark.parametrize("model", [Guide, Symptom, Cause, Resolution])
def test_list_page_has_a_fixed_number_of_queries(
    client: Client, model: type[Any], django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_symptom()
    client.get(list_url(model))
    with CaptureQueriesContext(connection) as one:
        client.get(list_url(model))
    make_symptom()
    make_symptom()
    with django_assert_num_queries(len(one)):
        client.get(list_url(model))


def test_cause_in_use_is_not_deleted_and_the_page_says_why(client: Client) -> None:
    cause = make_cause(title="Cause")
    symptom = make_symptom(causes=[cause], guide=make_guide(title="Guide"), title="Symptom")
    for response in (client.get(url_of(cause, "delete")), client.post(url_of(cause, "delete"), {"post": "yes"})):
        content = response.content.decode()
        assert response.status_code == 200
        assert "“Cause” is still in use, so it can't be deleted." in content
        assert f'<a href="{url_of(symptom)}">Guide › Symptom</a>' in content
    assert Cause.objects.filter(pk=cause.pk).exists()


def test_titles_are_escaped_wherever_they_are_listed(client: Client) -> None:
    cause = make_cause(title=NASTY, resolution=make_resolution(title=NASTY))
    symptom = make_symptom(causes=[cause], guide=make_guide(title=NASTY), title=NASTY)
    pages = [list_url(model) for model in (Guide, Symptom, Cause, Resolution)]
    for record in (symptom, symptom.guide, cause, cause.resolution):
        pages += [url_of(record), url_of(record, "delete"), url_of(record, "history")]
    for page in pages:
        content = client.get(page).content.decode()
        assert (page, "<script>alert" in content, ESCAPED in content) == (page, False, True)


def test_situations_are_put_in_order_on_the_guides_page(client: Client) -> None:
    guide = make_guide()
    one, two = (make_symptom(guide=guide, title=title, position=place) for place, title in enumerate("AB", start=1))
    form = opened(client, url_of(guide))
    assert save(client, guide, form, **{"symptoms-0-position": 20, "symptoms-1-position": 10}).status_code == 302
    assert list(guide.symptoms.order_by("position").values_list("position", "title")) == [(1, "B"), (2, "A")]
    assert {one.title, two.title} == {"A", "B"}


def test_guides_are_put_in_order_in_the_list(client: Client) -> None:
    one, two = make_guide(position=1), make_guide(position=2)
    form = read_form(client.get(list_url(Guide)))
    form |= {"form-0-position": 20, "form-1-position": 10, "_save": "Save"}
    assert client.post(list_url(Guide), form).status_code == 302
    assert list(Guide.objects.values_list("pk", flat=True)) == [two.pk, one.pk]


def test_deleting_a_symptom_takes_its_checks_along_and_leaves_the_causes(client: Client, causes: list[Cause]) -> None:
    symptom = make_symptom(causes=causes)
    assert client.post(url_of(symptom, "delete"), {"post": "yes", "way": "gone"}).status_code == 302
    assert (Symptom.objects.count(), Check.objects.count(), Cause.objects.count()) == (0, 0, 4)


@pytest.mark.parametrize("junk", ["x", "3?guide=3", "9" * 400, "", "\0", "-1", "999999"])
def test_junk_in_the_address_of_a_new_symptom_is_left_out(junk: str) -> None:
    response = editor().get(add_url(Symptom), {"guide": junk, "title": "Nothing <b>"})
    assert response.status_code == 200
    assert read_form(response)["title"] == ["Nothing <b>"]


def test_one_situation_after_the_other_goes_into_the_same_guide() -> None:
    guide, client = make_guide(), editor()
    address = f"{add_url(Symptom)}?guide={guide.pk}"
    assert address in client.get(url_of(guide)).content.decode()
    form = opened(client, address) | {"title": "One", "slug": "one", "_addanother": "x"}
    response = client.post(address, form)
    assert response.headers["Location"] == address
    assert read_form(client.get(address))["guide"] == [str(guide.pk)]


def test_guide_and_its_drafts_are_published_together_as_far_as_they_may_be() -> None:
    make_contact_point()
    guide = make_guide(published=False)
    good = make_symptom(guide=guide, published=False)
    empty = make_symptom(guide=guide, published=False, causes=[], title="Empty")
    chosen = {"action": "publish_with_situations", "_selected_action": [guide.pk]}
    client = editor()
    messages = [str(message) for message in client.post(list_url(Guide), chosen, follow=True).context["messages"]]
    assert [Guide.objects.published().count(), [*Symptom.objects.published()]] == [1, [good]]
    assert "Empty" in messages[0]
    assert messages[1] == "2 pages changed."
    assert empty.history.count() == 1
    client.post(list_url(Guide), chosen)
    assert [*Symptom.objects.published()] == [good]
