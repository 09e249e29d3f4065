"""Search results, as the templates show them."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpdesk.content.kinds import kind_named

# A text in pieces, in order; True stands beside the words that were looked for.
Marked = tuple[tuple[str, bool], ...]


# Beginnings of addresses on other websites; all others begin with a slash.
ELSEWHERE = ("https://", "http://")


def caption(kind: str, place: str) -> str:
    """Return the caption of a page: the label of its kind, where it has one, and the place."""
    source = kind_named(kind).search
    return " · ".join(filter(None, (str(source.label) if source else "", place)))


@dataclass(frozen=True, slots=True)
class Hit:
    """One page of the results."""

    number: int  # of its document
    kind: str  # the name of its content kind
    url: str
    place: str  # the guide's short title, the title of the FAQ's topic, or the host of a page elsewhere
    title: Marked
    message: Marked = ()  # the literal text on the screen, where the symptom has one
    passage: Marked = ()  # the part of the text that fits best
    # Where the passage is in a check: which of how many, from 1. The address is that of the check's own page, and of
    # the symptom for its first check, which stands there in full.
    check_title: str = ""
    check_url: str = ""
    check_place: int = 0
    checks: int = 0
    guide: int = 0  # the help number of its guide; 0 for a page outside of guides
    slug: str = ""

    @property
    def caption(self) -> str:
        """The words above its title: what such a page is called, and its place."""
        return caption(self.kind, self.place)

    @property
    def target(self) -> str:
        """The address that it leads to: the check with the words, where the page's head has none of them."""
        in_head = any(is_match for _, is_match in (*self.title, *self.message))
        return self.url if in_head or self.check_place < 2 else self.check_url

    @property
    def guide_slug(self) -> str:
        """The slug of the guide that it is or that it is in; empty for a page outside of guides."""
        return self.url.split("/")[2] if self.url.startswith("/guides/") else ""

    @property
    def is_elsewhere(self) -> bool:
        """Return whether it is on another website."""
        return self.url.startswith(ELSEWHERE)


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """Hits that are shown as one: a page, or the same symptom in several guides, the best first."""

    hits: tuple[Hit, ...]
    complete: bool  # whether all of the words were found in it, not just some

    @property
    def title(self) -> Marked:
        return self.hits[0].title


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Answer to one search."""

    asked: str  # what the visitor typed, cleaned
    shown: str  # what the hits are for: the same, or corrected where that found more
    groups: tuple[ResultGroup, ...] = ()  # the best first; those with all words before those with some
    total: int = 0  # pages found, as far as they were counted
    more: bool = False  # there are more than are shown
    nearest: tuple[str, ...] = field(default=())  # when nothing was found: words close to it that find something

    @property
    def numbers(self) -> set[int]:
        """Help numbers of the pages found and of their guides."""
        hits = [hit for group in self.groups for hit in group.hits]
        return {number for hit in hits for number in (hit.number, hit.guide) if number}

    @property
    def guides(self) -> tuple[tuple[str, str], ...]:
        """Slug and name of each guide with pages among the results, in alphabetical order."""
        hits = (hit for group in self.groups for hit in group.hits if hit.guide_slug)
        return tuple(sorted({hit.guide_slug: hit.place for hit in hits}.items(), key=lambda guide: guide[1]))

    @property
    def is_corrected(self) -> bool:
        return self.shown != self.asked


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggested page; one line also for a symptom that several guides have."""

    title: Marked
    places: tuple[tuple[str, str, int], ...]  # guide's short title or topic, address, help number; at least one
