"""Logo and links of the identity: what may be entered, and what pages show."""

import pytest
from django.core.exceptions import ValidationError

from helpdesk.identity.links import links_in, logo_in, validate_footer_links, validate_header_links, validate_logo
from helpdesk.identity.models import Identity
from helpdesk.outside.models import OutsidePage
from helpdesk.text.readability import Link
from tests.factories import make_identity

LOGO = "![Example](/media/0123456789abcdef0123-200x50.webp)"
DARK = "![Example](/media/abcdef01234567890123-200x50.webp)"


@pytest.mark.parametrize("text", [LOGO, f"\n{LOGO}\n"])
def test_one_picture_is_a_logo(text):
    validate_logo(text)
    assert logo_in(text).url == "/media/0123456789abcdef0123-200x50.webp"


@pytest.mark.parametrize(
    "text", ["Example", f"{LOGO} Example", LOGO * 2, "![x](https://example.com/x.png)", "![x](/x)"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValidationError, match="Insert one picture, and nothing else"):
        validate_logo(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Status", "“Status” isn't a link"),
        ("- [A](https://a.example)\n- see [B](https://b.example)", "“- see .* isn't a link"),
        ("- [A](https://a.example) [B](https://b.example)", "isn't a link"),
        ("- [A](javascript:alert(1))", "isn't a link"),
        ("- [A](javascript:alert)", "“A” needs an address that starts with https://"),
        ("- ![A](/media/x.webp)", "isn't a link"),
        ("\n".join(f"- [{n}](/s/{n}/)" for n in range(1001, 1004)), "At most 2 links fit here"),
    ],
)
def test_what_is_no_short_list_of_links_is_refused_with_the_line(text, reason):
    with pytest.raises(ValidationError, match=reason):
        validate_header_links(text)


def test_links_of_every_kind_are_taken():
    text = "- [Status](https://status.example.com/?a=1)\n\n* [Legal](/s/1001/)\r\n"
    text += "+ [Web](outside:website)\n- [Gone](outside:gone)"
    validate_footer_links(text)
    assert links_in(text, {"website": "https://example.com/", "gone": ""}) == (
        Link("https://status.example.com/?a=1", "Status"),
        Link("/s/1001/", "Legal"),
        Link("https://example.com/", "Web"),
    )


@pytest.mark.django_db
def test_page_shows_logo_and_links_and_no_addressless_one(client, django_assert_num_queries):
    OutsidePage.objects.create(slug="website", name="Website", address="https://example.com/")
    make_identity(
        logo=LOGO,
        dark_logo=DARK,
        header_links="- [Status](https://status.example.com)",
        footer_links="- [Our & own website](outside:website)\n- [Nowhere](outside:nowhere)",
    )
    client.get("/nothing/")
    with django_assert_num_queries(5):
        page = client.get("/").content.decode()
    header, footer = page[page.index("<header") : page.index("</header>")], page[page.index("<footer") :]
    for name, digest in (("light-logo", "0123456789abcdef0123"), ("dark-logo", "abcdef01234567890123")):
        size = 'width="200" height="50" loading="lazy"'
        assert f'<img class="{name}" src="/media/{digest}-200x50.webp" {size} alt="Help of Example">' in header
    assert '<a href="https://status.example.com">Status</a>' in header
    assert "<span>" not in header
    assert '<a href="https://example.com/">Our &amp; own website</a>' in footer
    assert "Nowhere" not in page


@pytest.mark.django_db
def test_broken_texts_in_the_database_change_no_page(client):
    make_identity(logo="no picture", header_links="words", footer_links="- [x](javascript:alert)")
    page = client.get("/").content.decode()
    assert "<span>Help of Example</span>" in page
    assert "javascript:alert" not in page
    assert Identity.objects.get().logo == "no picture"
