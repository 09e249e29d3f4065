"""Synonyms, and what visitors looked for, in the admin."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.search.models import OpenedPage, Search, Synonym
from tests.accounts.staff_people import author, editor, signed_in, without_rights
from tests.accounts.staff_people import make_user as make_staff
from tests.contentadmin.forms import add_url, list_url, messages_of, opened, read_form, save, url_of
from tests.factories import make_faq_entry, make_guide, make_symptom

pytestmark = pytest.mark.django_db

IN_VAIN = "/admin/search/search/in-vain/"

_visitors = count(1)


def make_synonym(words: str = "dongle, token", means: str = "security device", both_ways: bool = False) -> Synonym:
    return Synonym.objects.create(words=words, means=means, both_ways=both_ways)


def make_search(words: str = "dongle", hits: int = 0, *, days_ago: int = 0, visitor: str = "", **values: Any) -> Search:
    """A search of another visitor each time."""
    now = timezone.now() - timedelta(days=days_ago)
    visitor = visitor or f"visitor-{next(_visitors)}"
    return Search.objects.create(words=words, hits=hits, day=now.date(), visitor=visitor, recorded_at=now, **values)


def open_page(search: Search, *numbers: int) -> Search:
    for number in numbers:
        OpenedPage.objects.create(search=search, number=number)
    return search


def rows(client: Client, **asked: str) -> list[str]:
    return [search.words for search in client.get(list_url(Search), asked).context["cl"].result_list]


# Synonyms


def add(client: Client, words: str, means: str, **more: str) -> Any:
    return client.post(add_url(Synonym), {"words": words, "means": means, **more})


def stored() -> list[tuple[str, str, bool]]:
    return list(Synonym.objects.order_by("pk").values_list("words", "means", "both_ways"))


def problems(response: Any) -> dict[str, list[str]]:
    return {field: list(texts) for field, texts in response.context["adminform"].form.errors.items()}


@pytest.mark.parametrize("who", [author, editor])
def test_synonym_is_added_tidy_and_with_its_history(who: Any) -> None:
    response = add(who(), " dongle ,,  key   fob;dongle, Dongles ,", ", security  device", both_ways="on")

    assert response.status_code == 302
    assert stored() == [("dongle, key fob", "security device", True)]
    assert Synonym.objects.get().history.get().history_user is not None


@pytest.mark.parametrize(
    ("words", "means", "expected"),
    [
        ("", "security device", {"words": ["This field is required."]}),
        (" , ", "security device", {"words": ["Write at least one word."]}),
        ("!?", "security device", {"words": ["Write at least one word."]}),
        ("dongle", ",;,", {"means": ["Write at least one word."]}),
        (
            "dongle, Token",
            "security device, tokens",
            {"means": ["“tokens” is on both sides. Remove it from one of them."]},
        ),
        (
            "it does not open any more",
            "locked",
            {"words": ["“it does not open any more” is too long: the search compares at most 4 words. Use fewer."]},
        ),
    ],
)
def test_synonym_that_cannot_be_meant_so_is_refused(words: str, means: str, expected: dict[str, list[str]]) -> None:
    response = add(editor(), words, means)

    assert (response.status_code, problems(response)) == (200, expected)
    assert stored() == []


@pytest.mark.parametrize(
    ("words", "means", "term", "meaning"),
    [
        ("dongle, token", "security device", "dongle", "security device"),
        ("gadget, Tokens", "security devices", "Tokens", "security devices"),
        ("security device", "fob", "security device", "fob"),  # the other one leads both ways
    ],
)
def test_synonym_that_another_one_says_is_refused(words: str, means: str, term: str, meaning: str) -> None:
    make_synonym()
    make_synonym("fob", "security device", both_ways=True)
    response = add(editor(), words, means)

    other = "fob ↔ security device" if meaning == "fob" else "dongle, token → security device"
    problem = f"“{term}” already finds “{meaning}”: see the synonym “{other}”. Change that one instead."
    assert problems(response) == {"words": [problem]}
    assert Synonym.objects.count() == 2


def test_synonym_with_another_meaning_or_the_other_way_is_taken() -> None:
    make_synonym()
    client = editor()

    assert add(client, "dongle", "passcode").status_code == 302
    assert add(client, "security device", "token").status_code == 302


def test_synonym_saved_again_is_not_its_own_rival() -> None:
    synonym = make_synonym(both_ways=True)

    assert save(editor(), synonym, words="dongle, token, fob", both_ways="on").status_code == 302
    assert stored() == [("dongle, token, fob", "security device", True)]


def test_second_editor_of_a_synonym_is_told() -> None:
    synonym = make_synonym()
    ada, bob = editor("Ada"), editor("Bob")
    his = opened(bob, url_of(synonym))
    assert save(ada, synonym, words="hers").status_code == 302

    refused = save(bob, synonym, his, words="his")
    assert "Ada saved this page while you were editing" in refused.content.decode()
    assert save(bob, synonym, read_form(refused)).status_code == 302
    assert stored() == [("his", "security device", False)]


def test_synonym_goes_back_to_an_older_version() -> None:
    synonym = make_synonym()
    client = editor()
    save(client, synonym, words="other")
    url = reverse("admin:search_synonym_simple_history", args=[synonym.pk, synonym.history.last().pk])

    assert client.post(url, opened(client, url)).status_code == 302
    assert stored() == [("dongle, token", "security device", False)]


def test_synonyms_are_listed_searched_and_deleted_by_editors() -> None:
    synonym = make_synonym()
    make_synonym("wifi", "internet connection", both_ways=True)
    client = editor()

    def found(**asked: str) -> list[str]:
        return [row.words for row in client.get(list_url(Synonym), asked).context["cl"].result_list]

    assert found() == ["dongle, token", "wifi"]
    assert found(q="device") == ["dongle, token"]
    assert found(both_ways__exact="1") == ["wifi"]
    response = client.post(url_of(synonym, "delete"), {"post": "yes"}, follow=True)
    assert found() == ["wifi"]
    assert "deleted" in messages_of(response)[0]


@pytest.mark.parametrize("values", [("", "x"), ("x", "")])
def test_synonym_without_words_is_refused_by_the_database(values: tuple[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_synonym(*values)


def test_synonym_twice_is_refused_by_the_database() -> None:
    make_synonym()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_synonym()


# Searches


def test_searches_are_listed_with_what_was_opened() -> None:
    symptom = make_symptom(title="It <b>beeps", guide=make_guide(short_title="Platform"))
    entry = make_faq_entry(question="What is it?")
    open_page(make_search("beep", 3), symptom.number, entry.number, 9999)
    make_search("<script>", 0)
    content = author().get(list_url(Search)).content.decode()

    assert (
        f'<a href="{url_of(symptom)}">Platform › It &lt;b&gt;beeps</a>, <a href="{url_of(entry)}">What is it?</a>, 9999'
        in (content)
    )
    assert "&lt;script&gt;</a>" in content


@pytest.mark.parametrize("times", [1, 3])
def test_list_takes_a_fixed_number_of_queries(times: int, django_assert_num_queries: Any) -> None:
    for place in range(times):
        symptom, entry = make_symptom(), make_faq_entry()
        open_page(make_search(f"word {place}", 2), symptom.number, entry.number)
    client = author()
    client.get(list_url(Search))
    with django_assert_num_queries(14):
        assert client.get(list_url(Search)).status_code == 200


def test_one_search_shows_what_was_opened() -> None:
    symptom = make_symptom(title="It beeps")
    search = open_page(make_search("beep", 3, shown="beeps"), symptom.number)

    assert f'<a href="{url_of(symptom)}">' in author().get(url_of(search)).content.decode()


def test_searches_are_filtered_and_searched() -> None:
    make_guide(slug="platform")
    make_search("nothing", 0, guide="platform")
    make_search("unopened", 2)
    open_page(make_search("opened", 2, days_ago=20), 1101, 1102)
    client = author()

    assert rows(client) == ["unopened", "nothing", "opened"]
    assert rows(client, result="nothing") == ["nothing"]
    assert rows(client, result="unopened") == ["unopened"]
    assert rows(client, result="opened") == ["opened"]
    assert rows(client, guide="platform") == ["nothing"]
    assert rows(client, guide="none") == ["unopened", "opened"]
    assert rows(client, q="noth") == ["nothing"]
    month_ago = str((timezone.now() - timedelta(days=7)).date())
    assert rows(client, day__gte=month_ago) == ["unopened", "nothing"]
    assert rows(client, result="junk", guide="junk") == []


# The report


def report(client: Client | None = None) -> dict[str, list[tuple[Any, ...]]]:
    context = (client or author()).get(IN_VAIN).context
    return {
        "nothing": [(row["same"], row["visitors"], row["last_day"]) for row in context["found_nothing"]],
        "unopened": [(row["same"], row["visitors"], row["of"]) for row in context["opened_nothing"]],
    }


def test_report_counts_the_visitors_of_the_same_words() -> None:
    today = timezone.now().date()
    make_search("Gizmo", days_ago=3)
    make_search("gizmo", days_ago=2)
    make_search("GIZMO", visitor="same", days_ago=2)
    make_search("gizmo", visitor="same", days_ago=2)
    make_search("thing")
    make_search("old", days_ago=90)
    make_search("not so old", days_ago=89)
    open_page(make_search("found", 2), 1101)
    make_search("found", 2)
    make_search("found", 1)
    make_search("ignored", 7)

    assert report() == {
        "nothing": [
            ("gizmo", 3, today - timedelta(days=2)),
            ("thing", 1, today),
            ("not so old", 1, today - timedelta(days=89)),
        ],
        "unopened": [("found", 2, 3), ("ignored", 1, 1)],
    }


def test_report_leaves_out_what_is_found_by_now() -> None:
    make_search("solved", days_ago=2)
    open_page(make_search("solved", 1, days_ago=1), 1101)
    open_page(make_search("lost again", 1, days_ago=2), 1101)
    make_search("lost again", days_ago=1)

    assert [row[0] for row in report()["nothing"]] == ["lost again"]


def test_report_leads_to_a_new_synonym_and_to_the_site() -> None:
    make_search('a "b" & <c>, d')
    client = editor()
    content = client.get(IN_VAIN).content.decode()
    written = "a%20%22b%22%20%26%20%3Cc%3E%2C%20d"

    assert f'href="{add_url(Synonym)}?words={written}"' in content
    assert f'href="/search/?q={written}&amp;uncounted=1"' in content
    assert "<bdi>a &quot;b&quot; &amp; &lt;c&gt;, d</bdi>" in content
    assert opened(client, f"{add_url(Synonym)}?words={written}")["words"] == ['a "b" & <c>, d']


def test_report_without_anything_says_so() -> None:
    content = unescape(author().get(IN_VAIN).content.decode())

    assert "Every search had results." in content
    assert "Visitors opened a result in every search." in content


def test_report_is_for_those_who_may_look_at_searches() -> None:
    make_search()
    assert Client().get(IN_VAIN).status_code == 302
    assert without_rights().get(IN_VAIN).status_code == 403
    user = make_staff()
    user.user_permissions.set(_permission("view_search"))
    client = signed_in(user)
    content = client.get(IN_VAIN).content.decode()
    assert "dongle" in content
    assert "Add a synonym</a>" not in content
    assert f'href="{add_url(Synonym)}' not in content
    assert f'href="{IN_VAIN}"' in client.get(list_url(Search)).content.decode()


def _permission(codename: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename=codename, content_type__app_label="search")


@pytest.mark.parametrize("times", [1, 3])
def test_report_takes_a_fixed_number_of_queries(times: int, django_assert_num_queries: Any) -> None:
    for place in range(times):
        make_search(f"nothing {place}")
        make_search(f"something {place}", 3)
    client = author()
    client.get(IN_VAIN)
    with django_assert_num_queries(6):  # who asks and what he may: 4
        assert client.get(IN_VAIN).status_code == 200
