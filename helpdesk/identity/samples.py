"""Samples of the derived accents, in both themes, as the form shows them: drawings, since a page may have no style."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from helpdesk.identity.accent import DARK, LIGHT, Theme, ThemeAccent, accent_of, shown_contrast

_SAMPLE = """<figure class="accent-sample"><svg width="280" height="104" viewBox="0 0 280 104" aria-hidden="true">
<rect width="280" height="104" rx="12" fill="{ground}" stroke="{muted}"/>
<rect x="148" y="20" width="112" height="44" rx="12" fill="{accent}"/>
<rect x="20" y="76" width="240" height="8" rx="4" fill="{soft}"/>
<text x="20" y="48" font-size="18" font-weight="600" fill="{accent}" text-decoration="underline">{link}</text>
<text x="204" y="48" font-size="16" font-weight="600" fill="{on_accent}" text-anchor="middle">{button}</text>
</svg><figcaption>{caption}</figcaption></figure>"""


def accent_samples(color: str) -> SafeString:
    """Return a link and a button in each theme, with the color and its contrast. Raises ValueError."""
    accent = accent_of(color)
    themes = ((LIGHT, accent.light, gettext("Light theme")), (DARK, accent.dark, gettext("Dark theme")))
    return format_html(
        '<div class="accent-samples">{}</div>', format_html_join("", "{}", ((_sample(*theme),) for theme in themes))
    )


def _sample(theme: Theme, accent: ThemeAccent, name: str) -> SafeString:
    caption = gettext("%(theme)s: %(color)s, contrast at least %(contrast)s:1") % {
        "theme": name,
        "color": accent.color,
        "contrast": shown_contrast(accent.contrast),
    }
    return format_html(
        _SAMPLE,
        ground=next(iter(theme.grounds)),
        muted=theme.muted,
        accent=accent.color,
        on_accent=accent.on_accent,
        soft=accent.soft,
        link=gettext("A link"),
        button=gettext("Button"),
        caption=caption,
    )
