"""The contract of a search engine: what both databases have to do alike. The suite runs on each of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from helpdesk.content.search_text import SearchPassage, SearchText
from helpdesk.search import index
from helpdesk.search.engines import engine
from helpdesk.search.models import StaleDocument

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=9)


def text(number, title, **values):
    base = {"kind": "symptom", "slug": f"s-{number}", "guide": 7, "path": f"/guides/g/s-{number}/", "place": "Guide"}
    moments = {"public_from": LONG_AGO, "public_until": None}
    parts = (SearchPassage("", "", values.pop("body", "")),)
    return SearchText(**{**base, **moments, "number": number, "title": title, "parts": parts, **values})


def store(*texts):
    index.store(texts, [one.number for one in texts])


def found(*concepts, every=True, limit=10):
    """The numbers found; a thing is a word, a phrase with blanks, or several ways to say it with bars between."""
    variants = [[tuple(phrase.split()) for phrase in concept.split("|")] for concept in concepts]
    return [row.number for row in engine().find(variants, every=every, limit=limit)]


def test_all_of_the_words_or_some_of_them():
    store(text(1, "red apple"), text(2, "red pear"), text(3, "green pear"))

    assert found("red", "pear") == [2]
    assert set(found("red", "pear", every=False)) == {1, 2, 3}
    assert found("red", "pear", every=False)[0] == 2
    assert found("blue") == []


def test_a_word_in_several_ways():
    store(text(1, "red apple"), text(2, "red pear"), text(3, "green plum"))

    assert set(found("appl|plum")) == {1, 3}
    assert found("red", "appl|plum") == [1]


def test_a_phrase_stands_together_and_in_order():
    store(text(1, "secure red box"), text(2, "red secure box"))

    assert found("red box") == [1]
    assert found("secur red") == [1]
    assert found("red secur") == [2]


def test_the_title_counts_more_than_keywords_and_these_more_than_the_text():
    store(
        text(1, "one", body="lamp"),
        text(2, "two", keywords="lamp"),
        text(3, "lamp"),
        text(4, "four", context="lamp"),
        text(5, "five"),
    )

    assert found("lamp") == [3, 2, 4, 1]


def test_every_part_of_a_page_is_found():
    store(text(1, "alpha", message="bravo", keywords="charlie, delta", context="echo", body="foxtrot golf"))

    for word in ("alpha", "bravo", "charli", "delta", "echo", "foxtrot", "golf"):
        assert found(word) == [1], word


def test_only_what_is_public_at_this_moment_is_found():
    now = timezone.now()
    minute = timedelta(minutes=1)
    store(
        text(1, "lamp now"),
        text(2, "lamp soon", public_from=now + minute),
        text(3, "lamp over", public_until=now - minute),
        text(4, "lamp until later", public_until=now + minute),
    )

    assert set(found("lamp")) == {1, 4}
    assert {line.number for line in engine().lines(["lam"], aliases=False, limit=9)} == {1, 4}


def test_a_limit_keeps_the_best():
    store(*(text(n, "other", body="lamp") for n in range(1, 30)), text(99, "lamp"))

    assert found("lamp", limit=1) == [99]
    assert len(found("lamp", limit=5)) == 5


def test_lines_have_all_words_and_the_last_one_as_a_beginning():
    store(text(1, "red apple", message="passcode refused"), text(2, "red pear", keywords="dongle, key fob"))

    def lines(*words, aliases=False):
        return {line.number for line in engine().lines(list(words), aliases=aliases, limit=9)}

    assert lines("re") == {1, 2}
    assert lines("red", "ap") == {1}
    assert lines("passc") == {1}
    assert lines("refused", "passc") == {1}
    assert lines("ap", "red") == set()  # only the last is a beginning
    assert lines("dong") == set()
    assert lines("dong", aliases=True) == {2}
    assert lines("red", "dong", aliases=True) == {2}
    assert lines("re", aliases=True) == {1, 2}


def test_a_line_says_all_that_a_suggestion_shows():
    store(text(1, "Red Apple", message="Over"))

    assert list(engine().lines(["red"], aliases=False, limit=9)[0]) == [
        *(1, "symptom", "s-1", "/guides/g/s-1/", "Guide", "Red Apple", "red apple over")
    ]


def test_changed_and_deleted_documents_change_the_index():
    store(text(1, "apple"), text(2, "apple"))
    store(text(1, "pear"))
    index.store([], [2])

    assert found("appl") == []
    assert found("pear") == [1]
    assert engine().lines(["apple"], aliases=False, limit=9) == []
    assert engine().words_beginning("app", 9) == []


def test_words_by_their_beginning_come_most_frequent_first():
    store(text(1, "passcode"), text(2, "passcode password"), text(3, "passcode password passport"), text(4, "port"))

    assert engine().words_beginning("pass", 9) == [("passcode", 3), ("password", 2), ("passport", 1)]
    assert engine().words_beginning("pass", 2) == [("passcode", 3), ("password", 2)]
    assert engine().words_beginning("x", 9) == []


@pytest.mark.parametrize("typed", ["pascode", "passcdoe", "passcodde", "passkode", "asscode"])
def test_a_misspelled_word_is_near_the_right_one(typed):
    others = ("account", "management", "trading", "platform", "security", "device", "firewall", "connection")
    store(text(1, "passcode"), *(text(10 + n, word) for n, word in enumerate(others)))

    assert ("passcode", 1) in engine().words_like(typed)


def test_known_words_are_told_from_unknown_ones():
    store(text(1, "port"), text(2, "port"), text(3, "token"))

    assert engine().known_words(["port", "prot", "tort"]) == [("port", 2)]


def test_the_index_is_made_anew_from_the_documents():
    store(text(1, "apple"))
    with connection.cursor() as cursor:
        engine().rebuild(cursor)
        assert engine().problems(cursor) == []
    assert found("appl") == [1]
    assert ("apple", 1) in engine().words_like("aple")


@pytest.mark.parametrize("word", ["80e7c0ff", "12e4ab", "0x1f", "1e5", "4001", "2fa", "e5", "9"])
def test_words_with_digits_are_one_word(word):
    store(text(1, f"Error {word} appears", keywords=word))

    assert found(word) == [1]
    assert found(f"error {word} appear") == [1]
    assert len(engine().lines([word], aliases=False, limit=9)) == 1
    assert len(engine().lines(["error", word[:1]], aliases=False, limit=9)) == 1


def test_lines_below_an_address_only():
    store(text(1, "apple"), text(2, "apple", path="/guides/other/s/"))

    assert [line.number for line in engine().lines(["app"], aliases=False, limit=9, below="/guides/other/")] == [2]


def test_what_is_known_to_have_changed_is_not_found():
    store(text(1, "apple"), text(2, "apple"))
    StaleDocument.objects.create(number=1)

    assert found("appl") == [2]
    assert [line.number for line in engine().lines(["app"], aliases=False, limit=9)] == [2]
    assert [page.number for page in engine().pages([1, 2], [], [], 9)] == [2]


def test_letters_of_every_script_are_found():
    store(text(1, "пароль 密码 κωδικός"))

    assert found("пароль") == [1]
    assert found("密码") == [1]
    assert found("κωδικοσ") == [1]  # folded as the documents are: the last letter is an ordinary sigma
