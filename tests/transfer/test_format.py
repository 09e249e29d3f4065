"""Text of a bundle: readable, the same for the same content, and read back as it was written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.transfer.bundle_reader import read_bundle
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.yaml_reader import read_yaml
from helpdesk.transfer.yaml_text import scalar

# Texts as they come, with all that YAML has a meaning for.
TEXTS = st.text(st.sampled_from("ab \n\t:#-'\"|>&*!%@`{}[],?~=\\0é\u0085\u2028\ufeff😀\x07"), max_size=40) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=300
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("word " * 60 + "end")
@example("null")
@example("2026-01-01")
@example("1_000")
@example("a: b")
@example("a #b")
@example(" a\n b\n\n\n")
def test_text_is_read_back_as_it_was_written(text: str) -> None:
    lines = f"k:\n  - a: {scalar(text, 6)}\n    b: 1\n  - {scalar(text, 4)}\n"
    expected = {"k": [{"a": text, "b": 1}, text]}
    assert yaml.load(lines, Loader=yaml.CSafeLoader) == expected
    assert yaml.load(lines, Loader=yaml.SafeLoader) == expected


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=200)
    | st.text(st.sampled_from("helpdsk bun:1\n-[]{}&*!|>'\"#?%\t"), max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["helpdesk bundle", "guides", "symptoms", "FAQ", "entries", "slug", "number", "title"])
                | st.sampled_from(
                    ["checks", "former addresses", "until", "publish from", "synonyms", "causes", "minutes"]
                )
                | st.text(max_size=5),
                inner,
                max_size=6,
            )
        ),
        max_leaves=30,
    ).map(lambda value: yaml.safe_dump({"helpdesk bundle": 1, "guides": value, "FAQ": value, "causes": value}))
)
def test_whatever_is_read_is_content_or_refused(text: str) -> None:
    with suppress(ImportRefused):
        read_bundle(text)


def refusals(text: str) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        read_bundle(text)
    return list(refused.value.sentences)


BOMB = "helpdesk bundle: 1\na: &a [x, x]\nb: &b [*a, *a]\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        ("- a", "This file isn't a bundle. Bundles begin with “helpdesk bundle: 2”."),
        ("guides: []", "This file isn't a bundle. Bundles begin with “helpdesk bundle: 2”."),
        ("helpdesk bundle: 3", "Line 1: this bundle has format 3, but this portal reads formats 1 to 2."),
        (BOMB, "Line 2: YAML references (& and *) aren't supported."),
        ("a: !!python/object:os.system x", "Line 1: YAML types (!) aren't supported."),
        ("[" * 100_000, "Line 1: this is nested too deeply."),
        ("a:\n" + "".join(f"{' ' * n}- \n" for n in range(1, 40)), "Line 14: this is nested too deeply."),
        ("a: 1\n---\nb: 2", "Line 2: a second document begins here. A bundle can have only one."),
        ("? [a]\n: b", "Line 1: a key must be a word."),
        ("a: b: c", "Line 1: this isn't valid YAML (mapping values are not allowed in this context)."),
    ],
)
def test_what_is_no_bundle_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    assert refusals(text) == [sentence]


def test_everything_wrong_is_said_at_once_with_its_line() -> None:
    text = """\
helpdesk bundle: 1
gides: []
causes:
  - slug: A B
    title: A
    how to check: |
      Look.
    minutes: 601
    resolution: r
    minutes: 3
guides:
  - slug: login
    number: 1001
    title: Login
    short title: "  "
    position: -1
    publish from: tomorrow
    symptoms:
      - slug: check
        number: 1001
        title: "a\\0b"
        leads to: login
        checks: [a, a]
      - no-mapping
      - title: T
  - slug: login
    title: 'Again'
    short title: Again
    archive from: 2026-01-01
FAQ: text
synonyms:
  - customers say: a
    the pages say: b
    both ways: maybe
"""
    assert refusals(text) == [
        "Line 2: “gides” isn't recognized. Use one of these: helpdesk bundle, pictures, outside pages, identity, "
        "contact points, resolutions, causes, guides, announcements, FAQ, legal texts, synonyms, promised searches.",
        "Line 4: “slug”: Use lowercase letters, digits and hyphens only.",
        "Line 8: “minutes”: this must be a whole number from 1 to 600.",
        "Line 10: “minutes” appears twice.",
        "Line 16: “position”: this must be a whole number from 0 to 32767.",
        "Line 17: “publish from”: this must be a date and time, such as 2026-11-22 09:00:00+00:00.",
        "Line 12: “short title” is missing.",
        "Line 19: “slug”: “check” is reserved. Choose another slug.",
        "Line 21: “title”: this contains a character that isn't allowed (NUL).",
        "Line 23: “checks”: “a” is in the list twice.",
        "Line 19: A situation can't continue in its own guide. Choose another guide.",
        "Line 19: the number 1001 appears twice; the other one is here: Line 12.",
        "Line 24: this must be a record, with fields such as “slug: …”.",
        "Line 25: “slug” is missing.",
        "Line 26: The archive date must be after the publication date.",
        "Line 26: the guide “login” appears twice; the other one is here: Line 12.",
        "Line 30: this must be a list, with each line starting with “-”.",
        "Line 34: “both ways”: this must be “yes” or “no”.",
    ]


def test_text_from_a_browser_has_the_line_ends_of_a_file() -> None:
    text = 'helpdesk bundle: 1\nresolutions:\n  - slug: a\n    title: A\n    what to do: "One\\r\\nTwo"\n'
    assert read_bundle(text).of("resolution")["a"].values["body"] == "One\nTwo"


@pytest.mark.parametrize("depth", [5_000])
def test_deep_nesting_costs_no_stack(depth: int) -> None:
    with pytest.raises(ImportRefused):
        read_yaml("a:\n" + "".join(f"{' ' * level}-\n" for level in range(1, depth)))


def test_many_faults_are_listed_up_to_a_number() -> None:
    text = "helpdesk bundle: 1\n" + "".join(f"x{number}: 1\n" for number in range(150))
    found: Any = refusals(text)
    assert len(found) == 101
    assert found[-1] == "And 50 more."


def test_record_without_a_part_of_its_key_is_refused() -> None:
    text = "helpdesk bundle: 2\nannouncements:\n  - title: Slow\n  - title: Slower\n    starts at:\n"
    assert refusals(text) == ["Line 3: “starts at” is missing.", "Line 4: “starts at” is missing."]
