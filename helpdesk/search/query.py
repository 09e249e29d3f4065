"""Finds pages for what a visitor typed.

The way of a query: cleaned and cut into words, understood (stems, synonyms, beginnings), looked up by the database's
engine, respelled where no page has a word, put in order, put together by symptom, and shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from helpdesk.content.search_text import SearchPassage
from helpdesk.guides.page_lookup import SLUG
from helpdesk.search import index
from helpdesk.search.engines import Line, Page, Phrase, engine
from helpdesk.search.passages import best_start, marked, passage, ways_of
from helpdesk.search.query_expansion import Meaning, Thing, close_words, respell, spelled, understand
from helpdesk.search.ranking import Ranked, ranked
from helpdesk.search.results import Found, Group, Hit, Marked, Suggestion
from helpdesk.search.tokens import MOST_WORDS, STOP_WORDS, clean, parse, places, stem, words

# The kind whose pages are one result where several guides have the same situation.
SYMPTOM = "symptom"

# So many documents with all words are put in order, and so many with some; a page shows so many groups of them.
CANDIDATES = 40
WITH_SOME = 30
GROUPS = 10

# Below so many documents with all words, unless one of them is clearly meant (all of the words in its title, and
# more), those with some are looked at too; of them those that are not far behind the best.
FEW = 8
CLEAR = 1.3
TOO_LITTLE = 0.45
# Looking for some of the words leaves out words that more documents have together, as they tell too little.
MOST_TO_WEIGH = 5_000

SUGGESTIONS = 8
NEAREST = 3


def search(typed: str, *, guide: str = "", exact: bool = False) -> Found:
    """The pages for these words, best first; those of the `guide` with this slug are preferred.

    Spelling is corrected where that finds more, unless `exact`. Takes 6 or 7 queries, and some for each unknown word.
    """
    asked = clean(typed)
    query, guide = parse(asked), known_form(guide)
    if not query.words:
        return Found(asked, asked)
    index.catch_up()
    meaning = understand(query)
    respelled = respell(meaning) if meaning.unknown and not exact else {}
    order = candidates(meaning, guide)
    shown = spelled(asked, said_instead(respelled, order))
    groups, total = gathered(order, meaning)
    if not groups:
        return Found(asked, asked, nearest=nearest(meaning))
    return Found(asked, shown, groups[:GROUPS], total, more=len(groups) > GROUPS or len(order) >= CANDIDATES)


def known_form(guide: str) -> str:
    """A guide's slug from an address; empty for what cannot be one."""
    return guide if SLUG.fullmatch(guide) else ""


def candidates(meaning: Meaning, guide: str) -> list[Ranked]:
    """The documents with all words, then those with some, in order. One or two queries."""
    needed = meaning.needed
    if not needed:
        return []
    things = [list(thing.ways) for thing in needed]
    things += [[phrase] for phrase in meaning.query.phrases]
    order = ranked(engine().find(things, every=True, limit=CANDIDATES), meaning, guide=guide)
    is_clear = len(order) >= FEW or (order and order[0].score >= CLEAR)
    if not is_clear and (len(needed) > 1 or meaning.query.phrases):
        had = {one.row.number for one in order}
        rows = [row for row in engine().find(rarest(needed), every=False, limit=WITH_SOME) if row.number not in had]
        order = ranked([*(one.row for one in order), *rows], meaning, guide=guide)
    best = max((one.score for one in order), default=0.0)
    return [one for one in order if one.complete or one.score >= TOO_LITTLE * best][:CANDIDATES]


def rarest(needed: Sequence[Thing]) -> list[list[Phrase]]:
    """The ways to say those things that the fewest documents say, at least one."""
    some: list[list[Phrase]] = []
    weighed = 0
    for thing in sorted(needed, key=lambda thing: thing.documents + thing.spread):
        weighed += thing.documents + thing.spread
        if some and weighed > MOST_TO_WEIGH:
            break
        some.append(list(thing.ways))
    return some


def said_instead(respelled: dict[str, list[str]], order: Sequence[Ranked]) -> dict[str, str]:
    """For each misspelled word the known one that was found in its place, by the best document that has one."""
    instead = {}
    for word, others in respelled.items():
        for one in order[:3]:
            text = f" {' '.join(one.row[-5:])} "
            said = next((other for other in others if f" {' '.join(map(stem, other.split()))} " in text), None)
            if said:
                instead[word] = said
                break
    return instead


def nearest(meaning: Meaning) -> tuple[str, ...]:
    """Up to three words close to those that nobody knows, each of which finds something."""
    found: list[str] = []
    for thing in meaning.unknown[:3]:
        for word in close_words(thing.word, loosely=True):
            if len(found) < NEAREST and word not in found and engine().find([[(stem(word),)]], every=True, limit=1):
                found.append(word)
    return tuple(found)


# Together


def gathered(order: Sequence[Ranked], meaning: Meaning) -> tuple[tuple[Group, ...], int]:
    """The documents as groups of hits, one more than are shown at most, and how many pages were found. One query."""
    together: list[list[Ranked]] = []
    place: dict[str, list[Ranked]] = {}
    for one in order:
        keys = same_symptom(one.row.kind, one.row.number, one.row.slug, one.row.title)
        group = next((place[key] for key in keys if key in place), None)
        if group is None:
            together.append(group := [])
        for key in keys:
            place.setdefault(key, group)
        group.append(one)
    total = len(order)
    shown = together[: GROUPS + 1]
    numbers = [one.row.number for group in shown for one in group]
    symptoms = [one.row for group in shown for one in group if one.row.kind == SYMPTOM]
    slugs, titles = ({getattr(row, name) for row in symptoms} - {""} for name in ("slug", "title"))
    pages = engine().pages(numbers, [*slugs], [*titles], CANDIDATES)
    had = {page.number: page for page in pages if page.number in set(numbers)}
    others = [page for page in pages if page.number not in had]
    ways = ways_of(meaning)
    groups = []
    for group in shown:
        group.sort(key=lambda one: not one.named)
        members = [had[one.row.number] for one in group if one.row.number in had]
        names = {key for page in members for key in same_symptom(page.kind, page.number, page.slug, page.title)}
        more = [page for page in others if not names.isdisjoint(same_symptom(page.kind, 0, page.slug, page.title))]
        others = [page for page in others if page not in more]
        total += len(more) - len(group) + len(members)
        if members:
            hits = tuple(hit(page, ways) for page in [*members, *more])
            groups.append(Group(hits, group[0].complete))
    return tuple(groups), total


def same_symptom(kind: str, number: int, slug: str, title: str) -> tuple[str, ...]:
    """By what a document is known to be about the same as another: symptoms by slug or by title."""
    if kind != SYMPTOM:
        return (str(number),)
    return (f"slug {slug}", f"title {title}") if title else (f"slug {slug}",)


# Shown


def hit(page: Page, ways: dict[Phrase, float]) -> Hit:
    """A page with the part of its text that says the most of what was looked for, and the check that is in."""
    parts = [SearchPassage(*part) for part in json.loads(page.parts)]
    starts = [best_start(part.text, ways) for part in parts]
    in_titles = [best_start(part.check, ways)[0] if part.check else 0 for part in parts]
    tells = [in_text + in_title for (in_text, _), in_title in zip(starts, in_titles, strict=True)]
    best = max(range(len(parts)), key=lambda at: (tells[at], -at))
    if not tells[best]:  # the title says it: the text from its beginning
        best = next((at for at, part in enumerate(parts) if part.text), 0)
    part = parts[best]
    checks = sum(bool(part.check) for part in parts)
    in_check = part.check and tells[best]
    return Hit(
        page.number,
        page.kind,
        page.path,
        page.place,
        marked(page.shown_title, ways),
        marked(page.shown_message, ways) if page.shown_message else (),
        passage(part.text, ways, starts[best][1]),
        part.check if in_check else "",
        "" if not in_check else page.path if best == 1 else f"{page.path}check/{part.slug}/",
        best if in_check else 0,
        checks if in_check else 0,
    )


# While typing


def suggest(typed: str, *, guide: str = "") -> tuple[Suggestion, ...]:
    """At most 8 pages for words that are still being typed, those of the `guide` first; none below two letters.

    A query for titles and messages, and one for keywords where those have nothing; as many more in a guide.
    """
    asked, guide = words(clean(typed))[:MOST_WORDS], known_form(guide)
    if sum(map(len, asked)) < 2:
        return ()
    asked = [word for word in asked if word not in STOP_WORDS] or asked[-1:]
    index.catch_up()
    lines = lines_for(asked, f"/guides/{guide}/") if guide else []
    if len(lines) < SUGGESTIONS:
        lines += [line for line in lines_for(asked) if line not in lines]
    last = asked[-1]

    def order(at: int) -> tuple[bool, bool, bool, int]:
        line = lines[at]
        begins = line.heading.startswith(" ".join(asked))
        return (f"/guides/{guide}/" not in line.path if guide else False, not begins, last not in line.heading, at)

    found: dict[str, list[Line]] = {}
    keys: dict[str, str] = {}
    for at in sorted(range(len(lines)), key=order):
        line = lines[at]
        same = same_symptom(line.kind, line.number, line.slug, line.shown_title)
        key = next((keys[name] for name in same if name in keys), same[0])
        keys.update(dict.fromkeys(same, key))
        found.setdefault(key, []).append(line)
    return tuple(
        Suggestion(
            _beginnings_marked(group[0].shown_title, asked),
            tuple((line.place, line.path, line.number) for line in group),
        )
        for group in list(found.values())[:SUGGESTIONS]
    )


def lines_for(asked: Sequence[str], below: str = "") -> list[Line]:
    """Pages with these words in title or message; where there is none, in keywords as well."""
    titles = engine().lines(asked, aliases=False, limit=2 * SUGGESTIONS, below=below)
    return titles or engine().lines(asked, aliases=True, limit=2 * SUGGESTIONS, below=below)


def _beginnings_marked(text: str, asked: Sequence[str]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, _, word in places(text):
        length = max((len(begin) for begin in asked if word.startswith(begin)), default=0)
        if length:
            pieces += [(text[at:start], False)] if start > at else []
            pieces.append((text[start : start + length], True))
            at = start + length
    return (*pieces, (text[at:], False)) if at < len(text) else tuple(pieces)
