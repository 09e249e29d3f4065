"""What the templates of the public pages need beyond Django's own tags: none of it asks the database."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString

from helpdesk import markdown as texts

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


@register.simple_tag(takes_context=True)
def absolute(context: template.RequestContext, path: str) -> str:
    """The whole address of a path: at the host that visitors know, else at the one this request came to."""
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else context.request.build_absolute_uri(path)


@register.simple_tag
def icon(name: str) -> str:
    """One of the drawings in templates/icons/, set into the page: no request, and it takes the colour of the text."""
    return get_template(f"icons/{name}.svg").render()
