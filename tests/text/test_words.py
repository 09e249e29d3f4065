"""The words of the portal: what content/voice asks for, as far as a machine can see it."""

from __future__ import annotations

import re

import pytest

from tests.text.texts import translatable_texts, unmarked_messages

# What is written in no text, and what to write instead.
INSTEAD = {
    # American spelling
    r"\w*colou?r(?<!color)s?\w*": "color",
    r"centre|theatre": "center",
    r"\w+(?:gn|rgan|autho|emphas|minim|custom|summar)is(?:e|ed|es|ing|ation)": "-ize",
    r"favou\w+|behaviou\w+|neighbou\w+": "-or",
    r"whilst|amongst|towards": "while, among, toward",
    r"cancell?ed(?<!canceled)|travell\w+|labell\w+": "one l",
    # One word for each thing
    r"telephones?": "phone",
    r"web sites?|web-sites?": "website",
    r"e-mails?|mails": "email",
    r"log-ins?|logons?|log on": "login, log in",
    r"sign(?:ed|ing)?[ -](?:in|out|on)|sign-ins?": "log in, log out",
    r"symptoms?": "situation",
    r"second factors?": "two-factor authentication",
    r"hand-offs?": "reference number",
    r"mistakes?": "error",
    r"small letters?": "lowercase letters",
    # Statements, as people say them
    r"anew": "again",
    r"any ?more": "no longer",
    r"mend(?:ed|s|ing)?|put right": "fix",
    r"whom": "who, or say it without",
    r"whoever|whosoever": "anyone who",
    r"as follows|the following": "say it",
    r"tick(?:ed|s|ing)?": "select",
    r"stands? (?:on|in|here|there|below|above|still)|stood": "is, is used",
    r"leads? nowhere": "dead link",
    r"in vain": "without results, not found",
    r"rather": "cut",
    r"by itself": "automatically",
    r"taken? over|take over": "replace",
    r"(?:put|puts) aside": "ignore",
    r"go on(?: here)?": "continue",
    r"moments? (?:of|to|that|from)": "date",
    # Contractions
    r"cannot|can not": "can't",
    r"(?:is|are|was|were|do|does|did|has|have|could|would|should) not": "n't",
    r"will not": "won't",
}
WRONG = re.compile("|".join(f"(?<![\\w-])(?:{pattern})(?![\\w-])" for pattern in INSTEAD), re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
# Typographic apostrophes, straight quotation marks outside of HTML, two spaces, three dots.
SIGNS = re.compile(r"[’‘]|(?<!=)\"(?![^<>]*>)|(?<=\S)  +(?=\S)|\.\.\.")


def faults(text: str) -> list[str]:
    """Return what is wrong with a text, apart from the names of its placeholders."""
    words = PLACEHOLDER.sub("%", text)
    return [found[0] for pattern in (WRONG, SIGNS) for found in pattern.finditer(words)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The colour of the centre", ["colour", "centre"]),
        ("Recognize colors in the center", []),
        ("Telephone us, whom you can't reach any more", ["Telephone", "whom", "any more"]),
        ("You cannot open  the web site.", ["cannot", "web site", "  "]),
        ("Phone numbers of the website", []),
        ('It’s "here" … <a href="/x/">there</a>', ["’", '"', '"']),
    ],
)
def test_rules_find_what_they_are_for(text: str, found: list[str]) -> None:
    assert faults(text) == found


def test_texts_keep_to_the_house_style() -> None:
    """Each place with what to look for; INSTEAD says what to write."""
    texts = list(translatable_texts())
    assert len(texts) > 1000
    assert {f"{place}: {found} in {text!r}" for place, text in texts if (found := faults(text))} == set()


def test_messages_of_commands_and_diagnostics_are_marked_for_translation() -> None:
    assert list(unmarked_messages()) == []
