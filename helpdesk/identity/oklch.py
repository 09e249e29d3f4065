"""Colors in OKLCH (lightness, chroma, hue as people see them), in sRGB as #rrggbb, and the contrast of two.

OKLab: Björn Ottosson, https://bottosson.github.io/posts/oklab/. Contrast: WCAG 2.2, "contrast ratio".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

Linear = tuple[float, float, float]

_HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.I)
# Of a channel: a color this little outside of sRGB is shown as if it were in it.
_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Oklch:
    """A color: lightness from 0 to 1, chroma from 0 (gray) to about 0.32, and hue as an angle in radians."""

    lightness: float
    chroma: float
    hue: float

    @classmethod
    def of(cls, color: str) -> Oklch:
        """Return a color given as #rrggbb. Raises ValueError."""
        red, green, blue = linear(color)
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        return cls(lightness, math.hypot(a, b), math.atan2(b, a))

    def hex(self) -> str:
        """Return the color as #rrggbb; where sRGB has no such color, with as much of its chroma as it has."""
        if self.lightness >= 1 or self.lightness <= 0:
            return "#ffffff" if self.lightness >= 1 else "#000000"
        most, least = self.chroma, 0.0
        if not _is_in_srgb(self._linear()):
            while most - least > _TOLERANCE:
                middle = (most + least) / 2
                fits = _is_in_srgb(replace(self, chroma=middle)._linear())
                least, most = (middle, most) if fits else (least, middle)
            most = least
        return "#" + "".join(f"{_encoded(channel):02x}" for channel in replace(self, chroma=most)._linear())

    def _linear(self) -> Linear:
        a, b = self.chroma * math.cos(self.hue), self.chroma * math.sin(self.hue)
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )


def linear(color: str) -> Linear:
    """Return the channels of #rrggbb from 0 to 1, in linear light. Raises ValueError."""
    match = _HEX.fullmatch(color)
    if match is None:
        raise ValueError(color)
    red, green, blue = (_decoded(int(channel, 16) / 255) for channel in match.groups())
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, from 1 to 21. Raises ValueError."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_in_srgb(channels: Linear) -> bool:
    return all(-_TOLERANCE <= channel <= 1 + _TOLERANCE for channel in channels)


def _decoded(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encoded(channel: float) -> int:
    channel = min(max(channel, 0.0), 1.0)
    return round(255 * (12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055))
