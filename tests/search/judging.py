"""The judged queries, and how well a search answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
# The first was written before the search; each of the others to see how it does with queries it was not tuned with.
SETS = {name: HERE / f"{name}.yaml" for name in ("judged", "held_out", "fresh")}
WIDE = HERE / "wide.yaml"
CLASSES = ("literal", "words", "misspelled", "half-typed", "vague")

# A search: the addresses of pages in order ("faq/install-tws", "trading-platform-login/invalid-passcode").
Searcher = Callable[[str], Sequence[str]]


@dataclass
class Score:
    """How many queries there were, how many had a right page first or among the first three, and 1/rank summed up."""

    queries: int = 0
    first: int = 0
    in_three: int = 0
    reciprocal: float = 0.0

    def add(self, rank: int | None) -> None:
        self.queries += 1
        if rank:
            self.first += rank == 1
            self.in_three += rank <= 3
            self.reciprocal += 1 / rank

    @property
    def figures(self) -> tuple[float, float, float]:
        """Recall at 1, recall at 3, mean reciprocal rank."""
        return self.first / self.queries, self.in_three / self.queries, self.reciprocal / self.queries


def queries(name: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Class, query and right pages of each query in a set."""
    found: list[dict[str, Any]] = yaml.safe_load(SETS[name].read_text())
    for item in found:
        yield item["class"], str(item["query"]), frozenset(item["pages"])


def judge(name: str, search: Searcher) -> tuple[dict[str, Score], list[str]]:
    """The scores by class, "all" among them, and a line for each query whose right page was not first."""
    scores = {kind: Score() for kind in (*CLASSES, "all")}
    misses = []
    for kind, query, pages in queries(name):
        found = list(search(query))
        rank = next((place for place, page in enumerate(found, start=1) if page in pages), None)
        scores[kind].add(rank)
        scores["all"].add(rank)
        if rank != 1:
            misses.append(f"{kind}: {query!r}: {rank or 'not found'}; first {found[:1]}")
    return scores, misses


def our_search(query: str) -> list[str]:
    """The pages as the search page shows them, one after the other; contact points as their one page."""
    from helpdesk.search.query import search

    hits = [hit for group in search(query).groups for hit in group.hits]
    return [f"outside/{hit.slug}" if hit.kind == "outside-page" else address(hit.url) for hit in hits]


def address(url: str) -> str:
    """The name of a page in the judged sets, from its path."""
    return url.partition("#")[0].strip("/").removeprefix("guides/")
