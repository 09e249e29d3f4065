"""Accents derived from one color: readable on every ground of both themes, or refused with the contrast."""

import re
from itertools import product
from pathlib import Path

import pytest

from helpdesk.identity.accent import DARK, LIGHT, ColorRefused, accent_of
from helpdesk.identity.oklch import Oklch, contrast

STEPS = ("00", "33", "66", "99", "cc", "ff")
GRID = [f"#{red}{green}{blue}" for red, green, blue in product(STEPS, repeat=3)]


def hue_distance(one: str, other: str) -> float:
    a, b = Oklch.of(one), Oklch.of(other)
    turn = abs(a.hue - b.hue) % 6.28319
    return min(turn, 6.28319 - turn) if min(a.chroma, b.chroma) > 0.03 else 0.0


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#0a4d86", "#8fc7f7", "#6f3a00", "#d81222", "#00ff00"])
def test_color_comes_back_from_oklch(color):
    assert Oklch.of(color).hex() == color


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#0e1620", "#8fc7f7") == contrast("#8fc7f7", "#0e1620")


def test_every_color_is_read_in_both_themes_or_refused():
    """Over 216 colors: 7:1 on all grounds and its soft one, and for the text on the accent, in the same hue."""
    pale = {color for color in GRID if min(contrast(color, ground) for ground in LIGHT.grounds) < 3}
    for color in pale:
        with pytest.raises(ColorRefused, match=rf"^{color} has a contrast of [12]\.\d:1 on "):
            accent_of(color)
    for color in set(GRID) - pale:
        accent = accent_of(color)
        for theme, made in ((LIGHT, accent.light), (DARK, accent.dark)):
            assert min(contrast(made.color, ground) for ground in theme.grounds) >= 7, (color, made)
            assert contrast(made.color, made.on_accent) >= 7, (color, made)
            assert contrast(made.color, made.soft) >= 7, (color, made)
            assert contrast(theme.muted, made.soft) >= 6.5, (color, made)
            assert hue_distance(color, made.color) < 0.2, (color, made)
    assert 80 < len(pale) < 130


def test_color_that_is_read_already_stays_as_it_is():
    assert accent_of("#0a4d86").light.color == "#0a4d86"
    assert accent_of("#5B2A86").light.color == "#5b2a86"


def test_refusal_names_contrast_and_ground():
    with pytest.raises(ColorRefused) as refused:
        accent_of("#ffe600")
    assert str(refused.value) == (
        "#ffe600 has a contrast of 1.2:1 on white (#ffffff). Choose a darker color: it needs at least 3:1 to be "
        "recognized in links and buttons."
    )


@pytest.mark.parametrize("value", ["", "red", "#fff", "#12345g", "#0a4d86;}"])
def test_what_is_no_color_is_an_error(value):
    with pytest.raises(ValueError, match=f"^{re.escape(value)}$"):
        accent_of(value)


def test_grounds_are_those_of_the_style_sheet():
    style = Path("static/css/site.css").read_text()
    light, dark = style.split("prefers-color-scheme: dark", 1)
    for theme, text in ((LIGHT, light.replace("#fff;", "#ffffff;")), (DARK, dark)):
        tokens = dict(re.findall(r"--(ground|sunk|raised|muted): (#[0-9a-f]{6})", text))
        assert set(theme.grounds) == {tokens["ground"], tokens["sunk"], tokens["raised"]}
        assert tokens["muted"] == theme.muted
