"""The header with a logo and links, as visitors see it in both themes and on a small screen."""

from playwright.sync_api import Page, expect

from helpdesk.identity.models import Identity
from tests.browser import axe
from tests.images.making import make_image


def test_logo_of_the_theme_is_shown_and_nothing_runs_sideways(watched: Page, portal: str) -> None:
    light, dark = (make_image(color, width=600, description="Broker") for color in ("navy", "white"))
    Identity.objects.update(
        logo=light.markdown,
        dark_logo=dark.markdown,
        header_links="- [System status](https://status.example.com)\n- [My account](https://account.example.com)",
    )
    watched.goto(f"{portal}/faq/")
    way_home = watched.get_by_role("banner").get_by_role("link", name="Login help")
    for scheme, name in (("light", light.name), ("dark", dark.name)):
        watched.emulate_media(color_scheme=scheme)
        logo = way_home.locator("img:visible")
        expect(logo).to_have_count(1)
        expect(logo).to_have_attribute("src", f"/media/{name}")
        assert logo.evaluate("image => image.getBoundingClientRect().height") == 36
    watched.emulate_media(color_scheme="light")
    watched.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(way_home.locator("img:visible")).to_have_attribute("src", f"/media/{dark.name}")
    watched.evaluate("delete document.documentElement.dataset.theme")

    assert axe.faults_on_screens(watched, enable=axe.STRICT) == {}
    for size in ("100%", "200%"):
        watched.set_viewport_size({"width": 320, "height": 800})
        watched.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), size
