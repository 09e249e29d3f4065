"""The accent colors as CSS: a few custom properties in the head of each page, so that they cost no request.

The content security policy allows this one style by its digest (CSP Level 3, "hash-source"), and no other.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from helpdesk.identity.accent import Accent, ThemeAccent


def style_of(accent: Accent) -> str:
    """Return the layer `tokens` of `static/css/site.css` with the colors of an accent; dark ones on screens only."""
    light, dark = _properties(accent.light), _properties(accent.dark)
    return (
        f"@layer tokens{{:root{{{light}}}"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f'@media screen{{[data-theme="dark"]{{{dark}}}}}}}'
    )


def logo_style(*, has_dark: bool) -> str:
    """Return the style of a logo in the header; of two, only the one of the theme is seen."""
    size = ".site-name img{inline-size:auto;block-size:2.25rem;max-inline-size:12rem;object-fit:contain}"
    if not has_dark:
        return f"@layer parts{{{size}}}"
    swapped = "{0} .dark-logo{{display:block}}{0} .light-logo{{display:none}}"
    return (
        f"@layer parts{{{size}.dark-logo{{display:none}}"
        f"@media screen and (prefers-color-scheme:dark){{{swapped.format(':root:not([data-theme=light])')}}}"
        f"@media screen{{{swapped.format('[data-theme=dark]')}}}}}"
    )


def _properties(theme: ThemeAccent) -> str:
    return f"--accent:{theme.color};--on-accent:{theme.on_accent};--accent-soft:{theme.soft}"


def csp_source(style: str) -> str:
    """Return the source expression that allows a style element with this text."""
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
