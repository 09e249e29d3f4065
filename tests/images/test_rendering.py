"""Pictures in rendered texts: reserved space, and small files for small screens. No database."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.text import image_urls
from helpdesk.text.image_urls import Picture
from helpdesk.text.markdown import plain, render

WIDE, SMALL = Picture("0123456789abcdef0123", 1600, 900), Picture("f" * 20, 300, 200)
LAZY = 'loading="lazy" decoding="async"'
SRCSET = (
    'srcset="/media/0123456789abcdef0123-1600x900-480w.webp 480w, /media/0123456789abcdef0123-1600x900-800w.webp 800w, '
    '/media/0123456789abcdef0123-1600x900-1200w.webp 1200w, /media/0123456789abcdef0123-1600x900.webp 1600w"'
)


def test_picture_in_a_text_has_its_size_and_narrower_ones() -> None:
    assert render(f"![A box]({WIDE.url})") == (
        f'<p><img alt="A box" src="{WIDE.url}" width="1600" height="900" {LAZY} {SRCSET} '
        'sizes="(min-width: 704px) 640px, 100vw"></p>'
    )


def test_small_picture_has_its_size_only() -> None:
    assert render(f"![A box]({SMALL.url})") == (
        f'<p><img alt="A box" src="{SMALL.url}" width="300" height="200" {LAZY}></p>'
    )


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("width=800", ("800", "450")),
        ("height=3 width=800", ("800", "450")),
        ("width=9999", ("1600", "900")),
        ("width=0", ("1600", "900")),
        ("width=50%", ("1600", "900")),
    ],
)
def test_picture_can_be_shown_smaller_in_its_proportions(written: str, size: str) -> None:
    html = render(f"![A box]({WIDE.url}){{: {written} }}")
    assert sorted(re.findall(r' (width|height)="(\d+)"', html)) == [("height", size[1]), ("width", size[0])]


def test_address_of_a_narrower_one_shows_the_picture() -> None:
    assert render(f"![A box](/media/{WIDE.narrower(480)})") == render(f"![A box]({WIDE.url})")


def test_picture_written_as_html_is_the_same() -> None:
    html = f'<img alt="A box" src="{SMALL.url}" loading="eager" srcset="https://evil.example/x 1x" sizes="1px">'
    assert render(f"Look: {html}") == render(f"Look: ![A box]({SMALL.url})")


@pytest.mark.parametrize(
    "attributes",
    [
        'srcset="//evil.example/x.webp 480w"',
        'srcset="/media/../admin/logout/ 480w"',
        'srcset="/media/a.webp 480w, https://evil.example/x 1x"',
        'sizes="evil"',
        'loading="eager"',
        'decoding="evil"',
        'width="evil"',
        'height="99999999"',
        'style="evil"',
        'onload="evil"',
    ],
)
def test_only_what_the_portal_writes_comes_through(attributes: str) -> None:
    assert (
        render(f'x <img src="/media/other.png" alt="" {attributes}>') == '<p>x <img src="/media/other.png" alt=""></p>'
    )


@pytest.mark.parametrize("source", ["https://evil.example/x.png", "//evil.example/x.png", "data:image/png;base64,AA"])
def test_refused_picture_leaves_nothing_whatever_it_says_of_itself(source: str) -> None:
    assert render(f'One ![a > b "c"]({source} "d > e") two') == "<p>One  two</p>"


def test_words_of_a_text_do_not_hold_those_of_its_pictures() -> None:
    assert plain(f'One ![a > b]({SMALL.url} "c > d") two') == "One two"


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=40))
def test_line_of_a_picture_shows_it_under_its_very_description(description: str) -> None:
    html = render(image_urls.as_markdown(SMALL, description))
    found = re.fullmatch(r'<p><img alt="([^"]*)" src="([^"]*)" width="300" [^<]*></p>', html)
    assert found, html
    assert (unescape(found[1]), found[2]) == (description, SMALL.url)


@pytest.mark.parametrize(
    "description",
    [
        "&amp;",
        "&#38;x",
        "++ctrl+c++",
        "<b>a</b>",
        "`x`",
        "](/admin/)",
        "\\",
        "a | b",
        "{: .x}",
        "-- ...",
        "!!! note",
        "1. x",
    ],
)
def test_line_of_a_picture_keeps_what_looks_like_markup(description: str) -> None:
    found = re.search(r'alt="([^"]*)"', render(image_urls.as_markdown(SMALL, description)))
    assert found
    assert unescape(found[1]) == description


def test_names_in_finds_every_way_to_name_a_picture() -> None:
    text = f"![]({WIDE.url}) [x](https://help.example/media/{SMALL.narrower(480)}) /media/ab.webp {'f' * 21}-1x1.webp"
    assert image_urls.names_in(text) == {WIDE.name, SMALL.name}


def test_page_without_pictures_is_as_it_was() -> None:
    assert render("Call **now**.") == "<p>Call <strong>now</strong>.</p>"
