"""Rendering of Markdown as safe HTML: the only place that marks a text as safe.

Sanitising by allow-list is the last step, so nothing that is added on the way can slip past it. A text is
rendered once in a process: the result is kept under the text itself.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from html import unescape
from typing import Any

import markdown as python_markdown
import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions import Extension
from markdown.extensions.toc import slugify

from helpdesk.text import image_urls, markdown_limits, outside_links
from helpdesk.text.markdown_blocks import MarkdownBlocks

# The page has the h1; a text's first heading is an h2.
BASE_LEVEL = 2
# How many rendered texts a process keeps; at about 2 KB each some 8 MB.
REMEMBERED_TEXTS = 4096

CALLOUTS = {"note", "important", "security", "tip", "warning", "danger"}
CLASSES = {"admonition", "admonition-title", "keys", "footnote", "footnote-ref", "footnote-backref", *CALLOUTS}
HEADING_ID_PREFIX = "h-"

TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "kbd", "samp", "span", "div"),
    *("strong", "em", "b", "i", "del", "sub", "sup", "abbr", "mark"),
    *("h2", "h3", "h4", "h5", "h6"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
    *("a", "img", "details", "summary"),
}
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height", "srcset", "sizes", "loading", "decoding"},
    "ol": {"start"},
    "details": {"open"},
    "th": {"scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
# Where an editor's picture may come from: the portal's own uploads and assets, no third party.
IMAGE_SOURCES = ("/media/", "/static/")

EXTENSIONS: list[str | Extension] = [
    MarkdownBlocks(),
    "admonition",
    "attr_list",
    "def_list",
    "sane_lists",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.keys",
    "pymdownx.magiclink",
    "pymdownx.superfences",
    "pymdownx.tilde",
]
CONFIGURATION: dict[str, dict[str, Any]] = {
    "toc": {"baselevel": BASE_LEVEL, "slugify": lambda text, sep: HEADING_ID_PREFIX + slugify(text, sep)},
    "pymdownx.highlight": {"use_pygments": False},
    "pymdownx.tilde": {"subscript": False},
}

# A "<" that begins what visitors get: a tag of the list with attributes, a comment, an address in angle brackets.
_ATTRIBUTES_OF_TAG = r"""(?:\s+(?:[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=`]+)|open))*\s*/?>"""
_MEANT = (
    rf"/?(?:{'|'.join(sorted(TAGS - {'a', 'img'}))}){_ATTRIBUTES_OF_TAG}",
    rf"/a\s*>|(?:a|img)(?=\s+\w){_ATTRIBUTES_OF_TAG}",
    r"!--(?s:.)*?-->",
    r"(?:https?|mailto|tel):[^\s<>]*>",
    r"[^\s<>@]+@[^\s<>@]+>",
)
# Any other is a sign that somebody typed, as in "Type <username>". The address of a link may stand in brackets, too.
_TYPED_BRACKET = re.compile(rf"(?<!\]\()(?<!\]: )<(?!{'|'.join(_MEANT)})", re.IGNORECASE)
# Attributes have a colon, `{: width=300 }`; another brace is text, unless code begins there.
_TYPED_BRACE = re.compile(r"(?<![`~\\])(?<![`~] )\{(?!:)")
# They stand for such signs while the text is converted. No text has these characters (Unicode, "Noncharacters"), and
# one that does gets the sign for a wrong one.
_BRACKET, _BRACE = "\ufdd0", "\ufdd1"
_NO_CHARACTER = re.compile(f"[{_BRACKET}{_BRACE}]")


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the allowed part of an attribute's value; None removes the attribute."""
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES or word.startswith("key-")) or None
    if name == "id":
        return value if value.startswith(HEADING_ID_PREFIX) else None
    if tag == "img" and name == "src":
        return value if value.startswith(IMAGE_SOURCES) and ".." not in value else None
    if tag == "img" and name not in ("alt", "title"):
        return value if image_urls.is_attribute(name, value) else None
    if name == "href" and value.startswith(("//", "/\\", "\\")):
        return None
    if name == "href" and value.lower().startswith(outside_links.SCHEME):
        return outside_links.SCHEME + value[len(outside_links.SCHEME) :]
    return value


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_keep_attribute,
    url_schemes={"http", "https", "mailto", "tel", "outside"},
    link_rel="noopener noreferrer",
    strip_comments=True,
)
# As the cleaner writes them: each value in quotation marks, and none inside it.
_PICTURE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
# Tags inside a line leave nothing behind in plain text; all others stand between two words.
_TAG_IN_LINE = re.compile(r"</?(?:a|abbr|b|code|del|em|i|kbd|mark|samp|span|strong|sub|sup)\b[^>]*>")
_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')


_of_thread = threading.local()


def _converter() -> python_markdown.Markdown:
    """Return this thread's converter, reset; making one takes as long as converting a text."""
    converter = getattr(_of_thread, "converter", None)
    if converter is None:
        converter = _of_thread.converter = python_markdown.Markdown(
            extensions=EXTENSIONS, extension_configs=CONFIGURATION, output_format="html", tab_length=4
        )
    return converter.reset()


@lru_cache(maxsize=REMEMBERED_TEXTS)
def render(text: str) -> SafeString:
    """Return the text as HTML that is safe to show: block elements, headings from h2 down.

    A link without an allowed target loses it, a picture from elsewhere goes, and one of ours gets its size and what
    is there for smaller screens, so that nothing moves when it arrives. A link to an outside page is a placeholder that
    the finished page replaces (`outside_links`). Costs some milliseconds the first time a process sees a text, a
    look-up after that. A text that would take very long is shown as it was typed.
    """
    if markdown_limits.is_too_much(text):
        return mark_safe(_CLEANER.clean(linebreaks(text, autoescape=True)))  # noqa: S308
    marked = _TYPED_BRACE.sub(_BRACE, _TYPED_BRACKET.sub(_BRACKET, _NO_CHARACTER.sub("\ufffd", text)))
    html = _converter().convert(marked).replace(_BRACKET, "&lt;").replace(_BRACE, "{")
    clean = _CLEANER.clean(html)
    # What is added to a picture goes through the cleaner too: it has the last word.
    return mark_safe(_CLEANER.clean(_PICTURE.sub(_completed, clean)))  # noqa: S308


def _completed(tag: re.Match[str]) -> str:
    """Return a picture's tag with size and versions; nothing where its source was refused."""
    found = dict(_ATTRIBUTE.findall(tag[1]))
    if "src" not in found:
        return ""
    found |= image_urls.attributes(found["src"], found.get("width", ""))
    return "<img{}>".format("".join(f' {name}="{value}"' for name, value in found.items()))


@lru_cache(maxsize=REMEMBERED_TEXTS)
def plain(text: str) -> str:
    """Return the words of a Markdown text in one line, without markup; not safe as HTML."""
    return " ".join(unescape(_TAG.sub(" ", _TAG_IN_LINE.sub("", render(text)).replace("</dt>", ": "))).split())
