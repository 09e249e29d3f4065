"""Paths of redirects: how they are read, what is refused, what they stand below."""

import pytest

from helpdesk.addresses.paths import ancestors, normalize, normalize_typed, path_problem


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/Help/Old.HTML", "/help/old.html"),
        (" /help/old ", "/help/old/"),
        ("/help/old//", "/help/old/"),
        ("/", "/"),
        ("/hilfe/zug%C3%A4nge", "/hilfe/zugänge/"),
        ("/hilfe/zuga\u0308nge", "/hilfe/zugänge/"),
        ("/a.b/c", "/a.b/c/"),
    ],
)
def test_path_is_read(typed, path):
    assert normalize_typed(typed) == path
    assert normalize_typed(path) == normalize(path) == path
    assert path == "/" or path_problem(path) == ""


FAULTS = {
    "/?q=1": "Leave out the ?",
    "/old/?q=1": "Leave out the ?",
    "/old/#part": "Leave out the #",
    "https://help.example.com/old/": "Leave out https://",
    "//evil.example/old": "Leave out https://",
    "old/": "Leave out https://",
    "/guides/../admin/": "only dots",
    "/guides/%2e%2e/admin": "only dots",
    "/./": "only dots",
    "/a//b": "empty part",
    "/a\\b": "characters that aren't allowed",
    "/a%00b": "characters that aren't allowed",
    "/a\r\nSet-Cookie: x": "characters that aren't allowed",
    "/a%250a": "characters that aren't allowed",
    "/a%ff": "characters that aren't allowed",
    "/\u202eold": "characters that aren't allowed",
    "/" + "a" * 200: "up to 200",
    "/a" * 13: "up to 12",
}


@pytest.mark.parametrize("typed", FAULTS)
def test_hostile_path_is_refused_with_a_sentence(typed):
    assert FAULTS[typed] in path_problem(normalize_typed(typed))


def test_ancestors_come_longest_first():
    assert ancestors("/Guides/old/x.html") == ["/guides/old/x.html", "/guides/old/", "/guides/"]
    assert ancestors("/guides/old/") == ["/guides/old/", "/guides/"]


@pytest.mark.parametrize("path", ["/", "//evil/x", "/a//b/", "/a\0b/", "/a\nb/", "old/"])
def test_path_that_no_redirect_can_have_has_none(path):
    assert ancestors(path) == []


def test_long_path_is_looked_up_by_what_it_stands_below():
    assert ancestors("/old/" + "x" * 9000) == ["/old/"]
    assert len(ancestors("/a" * 5000)) == 12
