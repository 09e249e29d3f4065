"""Loops of onward links: a visitor must never come back to a guide by following "leads to"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

LOOP_TEXT = _("This would be a loop: %(way)s. Change one of these steps.")


class OnwardLink(NamedTuple):
    """A symptom that leads to another guide: its key and title, and the key and title of that guide."""

    symptom_id: int | None
    symptom: str
    guide_id: int
    guide: str


def find_loop(
    start_id: int, start: str, link: OnwardLink, links_of: Callable[[int], Iterable[OnwardLink]]
) -> list[str]:
    """Return the titles on the way from a guide over one of its links back to itself, or an empty list.

    `links_of` returns the links of the guide with a key.
    """
    ways: dict[int, list[str]] = {link.guide_id: [start, link.symptom, link.guide]}
    frontier = [link.guide_id]
    while frontier:
        guide_id = frontier.pop()
        if guide_id == start_id:
            return ways[guide_id]
        for onward in links_of(guide_id):
            if onward.symptom_id != link.symptom_id and onward.guide_id not in ways:
                ways[onward.guide_id] = [*ways[guide_id], onward.symptom, onward.guide]
                frontier.append(onward.guide_id)
    return []


def loop_words(way: Iterable[str]) -> str:
    """Return the titles of a loop as `LOOP_TEXT` names them."""
    return " › ".join(way)
