"""What the templates of the public pages need beyond Django's own tags: none of it asks the database."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from helpdesk.text import markdown as texts
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


@register.filter
def markdown(text: str) -> SafeString:
    """A long text as safe HTML."""
    return texts.render(text)


@register.filter
def plain(text: str) -> str:
    """A long text as words in one line, not safe as HTML."""
    return texts.plain(text)


@register.filter
def first_sentence(text: str) -> str:
    """The first sentence of a line of plain text; all of it where no sentence ends."""
    found = _SENTENCE.match(text)
    return found[0] if found else text


@register.filter
def dial(phone: str) -> str:
    """The target of a telephone link: digits, with a plus where the number starts with one, or with the 1 that is
    the country code of North America.
    """
    digits = "".join(letter for letter in phone if letter.isdecimal())
    international = phone.strip().startswith("+") or (len(digits) == 11 and digits.startswith("1"))
    return f"tel:{'+' if international else ''}{digits}"


@register.filter
def spelled(reference: str) -> list[str]:
    """The groups of a reference number in words to read out: "K7QM-2R9T" is "Kilo 7 Quebec Mike", "2 Romeo 9 Tango"."""
    return [" ".join(_SPELLING.get(letter, letter) for letter in group) for group in reference.split("-")]


@register.filter
def change_address(record: Any) -> str:
    """Where staff change the record: part of the page for everybody, as it says nothing about who looks."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


@register.filter
def kind_name(record: Any) -> str:
    """What kind of record it is, in people's words."""
    return str(record._meta.verbose_name)


class PageURLNode(URLNode):
    """Django's own, but that the addresses of public pages come from `helpdesk.web.urls`, which makes them faster."""

    def render(self, context: template.Context) -> str:
        name, parts = self.view_name.var, [part.resolve(context) for part in self.args]
        path = path_of(name.removeprefix("help:"), *parts, mount=mount_of(getattr(context, "request", None)))
        if self.asvar:
            context[self.asvar] = path
            return ""
        return conditional_escape(path)


@register.tag
def url(parser: Any, token: Any) -> URLNode:
    """{% url %} as Django has it."""
    node = django_url(parser, token)
    name = node.view_name.var
    if isinstance(name, str) and name.startswith("help:") and not node.kwargs:
        return PageURLNode(node.view_name, node.args, node.kwargs, node.asvar)
    return node


@register.simple_tag(takes_context=True)
def absolute(context: template.RequestContext, path: str) -> str:
    """The whole address of a path: at the host that visitors know, else at the one this request came to."""
    return whole_address(context.request, path)


# What htmx does with an answer, said in full on each element: the answer is a whole page, its part #page replaces
# ours, and its address goes into the history.
_SWAP = {
    "target": "#page",
    "select": "#page",
    "swap": "outerHTML show:window:top",
    "push-url": "true",
    "sync": "this:drop",
}


def _smooth(**attributes: str) -> SafeString:
    return format_html_join(
        " ", 'data-hx-{}="{}"', ((name.replace("_", "-"), value) for name, value in attributes.items())
    )


@register.simple_tag
@lru_cache(maxsize=1024)
def smooth_get(url: str) -> SafeString:
    """Attributes that let htmx follow a link without a page load; the link's own address must be the same."""
    return _smooth(get=url, **_SWAP)


@register.simple_tag
@lru_cache(maxsize=1024)
def smooth_post(url: str) -> SafeString:
    """Attributes that let htmx send a form without a page load; its buttons cannot be pressed twice meanwhile."""
    return _smooth(post=url, disabled_elt="find fieldset, find button", **_SWAP)


@register.simple_tag
@cache
def icon(name: str) -> str:
    """One of the drawings in templates/icons/, set into the page: no request, and it takes the colour of the text."""
    return get_template(f"icons/{name}.svg").render()
