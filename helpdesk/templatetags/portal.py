"""Template tags and filters of the public pages. No queries."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django import template
from django.template.base import Parser, TextNode, Token
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from helpdesk.content.dates import day_in_words, moment_in_words
from helpdesk.text import markdown as texts
from helpdesk.web.integrity import integrity_of
from helpdesk.web.urls import mount_of, path_of, whole_address

register = template.Library()

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)")

# How the letters of a reference number are read out on the telephone, the same words in every language.
_SPELLING = {
    word[0]: word
    for word in (
        *("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima"),
        *("Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey"),
        *("X-ray", "Yankee", "Zulu"),
    )
}


register.filter(day_in_words)
register.filter(moment_in_words)


@register.simple_tag
def integrity(name: str) -> SafeString:
    """Return the attribute by which a browser checks a script or style sheet, with a blank before it; or nothing."""
    digest = integrity_of(name)
    return format_html(' integrity="{}"', digest) if digest else SafeString("")


_SHORT_LINK = re.compile(r'(?<=<a )href="/[a-z]/([0-9]+)/"')


_HEADING = re.compile(r'(?<= id="h-)|(?<=<a href="#h-)')


@register.filter
def markdown(text: str, prefix: str = "") -> SafeString:
    """Render Markdown as safe HTML; its links to other pages of the portal show the help number on paper.

    On a page with several texts, the prefix keeps the headings of each apart ("h-mac" in two answers).
    """
    html, words = str(texts.render(text)), escape(on_paper("%d"))
    if prefix:
        html = _HEADING.sub(f"{escape(prefix)}-", html)
    return mark_safe(_SHORT_LINK.sub(lambda link: f'{link[0]} data-address="{words % int(link[1])}"', html))  # noqa: S308 - as rendered


@register.filter
def on_paper(number: int | str) -> str:
    """Return what follows the link to the page with this help number on paper."""
    return gettext("help no. %(number)s") % {"number": number}


@register.filter
def plain(text: str) -> str:
    """Return the words of a Markdown text in one line, not safe as HTML."""
    return texts.plain(text)


@register.filter
@lru_cache(maxsize=1024)
def summary(text: str, length: int) -> str:
    """Return the first words of a Markdown text in one line, cut off after `length` characters, not safe as HTML."""
    return Truncator(texts.plain(text)).chars(length)


@register.filter
def first_sentence(text: str) -> str:
    """Return the first sentence of a line of plain text; all of it where no sentence ends."""
    found = _SENTENCE.match(text)
    return found[0] if found else text


@register.filter
def first_reachable(contacts: Iterable[Any]) -> Any:
    """Return the `Reach` of the first contact point with a number, an email or a web address; None without one."""
    return next((contact.reach for contact in contacts or () if contact.is_reachable), None)


@register.filter
def spelled(reference: str) -> list[str]:
    """Spell the groups of a reference number: "K7QM-2R9T" is "Kilo 7 Quebec Mike", "2 Romeo 9 Tango"."""
    return [" ".join(_SPELLING.get(letter, letter) for letter in group) for group in reference.split("-")]


@register.filter
def change_address(record: Any) -> str:
    """Return the admin page of the record. It is on the page for everybody, as it says nothing about the reader."""
    return _admin_address(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", record.pk)


@lru_cache(maxsize=2048)
def _admin_address(name: str, *parts: int) -> str:
    return reverse(name, args=parts)


@register.filter
def kind_name(record: Any) -> str:
    """Return the verbose name of the record's model."""
    return str(record._meta.verbose_name)


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, name: str, *parts: str | int) -> str:
    """Return the path of a public page, or of its preview on a page of the preview.

    As Django's `{% url %}`, at a tenth of its cost.
    """
    return path_of(name, *parts, mount=mount_of(getattr(context, "request", None)))


@register.simple_tag(takes_context=True)
def absolute(context: template.RequestContext, path: str) -> str:
    """Return the URL of a path: at the host that visitors know, else at the one this request came to."""
    return whole_address(context.request, path)


@register.simple_tag(takes_context=True)
def fragment(context: template.Context, template_name: str, **values: Hashable) -> SafeString:
    """Include a template that reads nothing but these values; it is rendered once per process, language and mount.

    The values are compared: a record is equal to its former self, so give its texts, not the record.
    """
    return _fragment(template_name, mount_of(getattr(context, "request", None)), get_language(), **values)


@lru_cache(maxsize=2048)
def _fragment(template_name: str, mount: str | None, language: str | None, **values: Hashable) -> SafeString:
    found: Any = get_template(template_name)
    context: Any = template.Context(values)
    context.request = SimpleNamespace(resolver_match=SimpleNamespace(namespace=mount))
    return found.template.render(context)


# What htmx does with an answer, in full on each element: the answer is a whole page, its part #page replaces ours, and
# its address goes into the history.
_SWAP = (
    'data-hx-target="#page" data-hx-select="#page" data-hx-swap="outerHTML show:window:top" '
    'data-hx-push-url="true" data-hx-sync="this:drop"'
)


@register.simple_tag
@lru_cache(maxsize=1024)
def smooth_href(url: str) -> SafeString:
    """Return the address of a link, and the attributes that let htmx follow it without a page load."""
    return format_html('href="{0}" data-hx-get="{0}" {1}', url, mark_safe(_SWAP))  # noqa: S308 - a constant


@register.simple_tag(takes_context=True)
def smooth_link(context: template.Context, name: str, *parts: str | int) -> SafeString:
    """Return `smooth_href` for a public page by its name, or for its preview."""
    return smooth_href(page_url(context, name, *parts))


@register.simple_tag
@lru_cache(maxsize=1024)
def smooth_post(url: str) -> SafeString:
    """Return attributes that let htmx send a form without a page load, with its buttons disabled meanwhile."""
    swap = mark_safe(_SWAP)  # noqa: S308 - a constant
    return format_html('data-hx-post="{}" data-hx-disabled-elt="find fieldset, find button" {}', url, swap)


@register.tag
def icon(parser: Parser, token: Token) -> TextNode:
    """Set a drawing from templates/icons/ into the page: no request, and it takes the color of the text.

    It becomes part of the compiled template, as plain text.
    """
    _tag, name = token.split_contents()
    return TextNode(drawing(name.strip('"')))


@register.filter
@lru_cache(maxsize=100)
def drawing(name: str) -> SafeString:
    """Return a drawing from templates/icons/ as HTML."""
    return mark_safe(get_template(f"icons/{name}.svg").render())  # noqa: S308 - a file of ours
