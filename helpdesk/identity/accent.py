"""The accent colors of both themes, derived from one color; or the contrast that speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.identity.oklch import Oklch, contrast

# Contrast of links and buttons with the grounds of a page, and with the accent's own soft ground (WCAG 2.2, level AAA).
# A color has to be seen on the page as it is, too, or its darker version would be another color.
TEXT_CONTRAST = 7.0
OWN_CONTRAST = 3.0

# Steps in which lightness is moved until the contrast is reached.
_STEP = 0.002


@dataclass(frozen=True, slots=True)
class Theme:
    """The grounds of a theme as `static/css/site.css` has them, and the form of what is derived for it."""

    name: str | Promise
    grounds: Mapping[str, str | Promise]
    muted: str
    direction: int  # of lightness, away from the grounds
    soft: tuple[float, float]  # lightness of the soft ground, and its most chroma
    on_accent: tuple[float, float]


LIGHT = Theme(
    _("light"),
    {"#ffffff": _("white"), "#f4f6f8": _("the gray of the footer")},
    "#445361",
    -1,
    (0.953, 0.018),
    (1.0, 0.0),
)
DARK = Theme(
    _("dark"),
    {"#0e1620": _("the dark page"), "#141f2b": _("the dark footer"), "#17232f": _("dark cards")},
    "#b4c1cc",
    1,
    (0.272, 0.04),
    (0.2, 0.04),
)


class ColorRefused(ValueError):
    """A color that cannot be an accent; its text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class ThemeAccent:
    """The accent of one theme, the text on it, and the soft ground below it; `contrast` is the lowest on any page."""

    color: str
    on_accent: str
    soft: str
    contrast: float


@dataclass(frozen=True, slots=True)
class Accent:
    """The accents that are derived from one color."""

    light: ThemeAccent
    dark: ThemeAccent


@lru_cache(maxsize=64)
def accent_of(color: str) -> Accent:
    """Derive the accents from a color such as #0a4d86. Raises ColorRefused, and ValueError for what is no color."""
    own = {ground: contrast(color, ground) for ground in LIGHT.grounds}
    for ground, reached in own.items():
        if reached < OWN_CONTRAST:
            raise ColorRefused(too_pale(color, reached, ground))
    return Accent(_for_theme(color, LIGHT), _for_theme(color, DARK))


def too_pale(color: str, reached: float, ground: str) -> str:
    return gettext(
        "%(color)s has a contrast of %(reached)s:1 on %(ground)s (%(code)s). Choose a darker color: it needs at least "
        "%(least)s:1 to be recognized in links and buttons."
    ) % {
        "color": color,
        "reached": _shown(reached),
        "ground": LIGHT.grounds[ground],
        "code": ground,
        "least": f"{OWN_CONTRAST:g}",
    }


def _for_theme(color: str, theme: Theme) -> ThemeAccent:
    """Move the lightness of a color until it is read on all grounds of a theme. Raises ColorRefused."""
    own = Oklch.of(color)
    soft = _tinted(own, *theme.soft)
    reading = own
    while not _is_read(shown := reading.hex() if reading is not own else color.lower(), theme, soft):
        reading = replace(reading, lightness=reading.lightness + theme.direction * _STEP)
        if not 0 <= reading.lightness <= 1:
            raise ColorRefused(_not_reached(color, theme, soft))
    on_accent = _tinted(own, *theme.on_accent)
    lowest = min(*(contrast(shown, ground) for ground in theme.grounds), contrast(shown, on_accent))
    return ThemeAccent(shown, on_accent, soft, lowest)


def _tinted(color: Oklch, lightness: float, chroma: float) -> str:
    """Return a ground in the hue of a color."""
    return Oklch(lightness, min(color.chroma / 4, chroma), color.hue).hex()


def _is_read(color: str, theme: Theme, soft: str) -> bool:
    return all(contrast(color, ground) >= TEXT_CONTRAST for ground in (*theme.grounds, soft))


def _not_reached(color: str, theme: Theme, soft: str) -> str:
    return gettext(
        "No version of %(color)s is readable in the %(theme)s theme: its contrast on %(ground)s is too low."
    ) % {
        "color": color,
        "theme": theme.name,
        "ground": soft,
    }


def _shown(ratio: float) -> str:
    """Return a contrast with one decimal, rounded down: 2.96 does not pass for 3."""
    return f"{int(ratio * 10) / 10:.1f}"


def shown_contrast(ratio: float) -> str:
    return _shown(ratio)
