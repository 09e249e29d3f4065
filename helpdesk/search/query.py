"""Search: from the visitor's words to results.

A query is cleaned and tokenized, expanded (stems, synonyms, prefixes), looked up by the database's engine, corrected
where no page has a word, ranked, grouped by symptom, and shown with the best passage.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from helpdesk.content.search_text import SearchPassage
from helpdesk.guides.page_lookup import SLUG
from helpdesk.search import index
from helpdesk.search.dictionary import is_right_word
from helpdesk.search.engines import HitRow, Phrase, SuggestionRow, engine
from helpdesk.search.passages import best_start, marked, passage, variants_of
from helpdesk.search.promises import promised_pages
from helpdesk.search.query_expansion import (
    Concept,
    ExpandedQuery,
    add_corrections,
    corrected_text,
    expand,
    similar_words,
)
from helpdesk.search.ranking import Ranked, ranked
from helpdesk.search.results import Hit, Marked, ResultGroup, SearchResults, Suggestion, caption
from helpdesk.search.tokens import MOST_WORDS, STOP_WORDS, clean, is_pair, parse, places, stem, words

# The kind whose pages are one result where several guides have the same situation.
SYMPTOM = "symptom"

# Ranked documents with all words, and with some of them; groups on one page.
MAX_FULL_MATCHES = 40
MAX_PARTIAL_MATCHES = 30
MAX_GROUPS = 10

# Partial matches are searched for where there are fewer full matches than this, and none scores this much (all words in
# its title, and more). A partial match below this share of the best score is left out.
PARTIAL_SEARCH_BELOW = 8
CLEAR_WINNER_SCORE = 1.3
MIN_RELATIVE_SCORE = 0.45
# The search for partial matches leaves out words that more documents have together, as they tell too little.
MAX_DOCUMENT_FREQUENCY = 5_000

SUGGESTIONS = 8
NEAREST = 3
MOST_RESPELLED = 3  # words of a query while it is typed


def search(typed: str, *, guide: str = "", exact: bool = False) -> SearchResults:
    """Return the pages for these words, best first; those of the `guide` with this slug are preferred.

    Spelling is corrected where that finds more, unless `exact`. Takes 6 or 7 queries, and some for each unknown word.
    """
    asked = clean(typed)
    query, guide = parse(asked), valid_slug(guide)
    if not query.words:
        return SearchResults(asked, asked)
    index.catch_up()
    expanded = expand(query)
    respelled = add_corrections(expanded) if expanded.unknown and not exact else {}
    order = candidates(expanded, guide)
    shown = corrected_text(asked, best_corrections(respelled, order))
    groups, total = grouped(order, expanded, guide)
    if not groups:
        return SearchResults(asked, asked, nearest=nearest(expanded))
    return SearchResults(
        asked, shown, groups[:MAX_GROUPS], total, more=len(groups) > MAX_GROUPS or len(order) >= MAX_FULL_MATCHES
    )


def valid_slug(guide: str) -> str:
    """Return a guide's slug from an address; empty for what cannot be one."""
    return guide if SLUG.fullmatch(guide) else ""


def candidates(expanded: ExpandedQuery, guide: str) -> list[Ranked]:
    """Return the promised documents, those with all words, then those with some, ranked. One to three queries."""
    needed = expanded.needed
    if not needed:
        return []
    concepts = [list(concept.variants) for concept in needed]
    concepts += [[phrase] for phrase in expanded.query.phrases]
    promised = promised_pages(expanded)
    rows = engine().find(concepts, every=True, limit=MAX_FULL_MATCHES)
    if missing := promised - {row.link for row in rows}:
        rows += [row for row in engine().documents_at(missing) if row not in rows]
    order = ranked(rows, expanded, guide=guide, promised=promised)
    is_clear = len(order) >= PARTIAL_SEARCH_BELOW or (order and order[0].score >= CLEAR_WINNER_SCORE)
    if not is_clear and (len(needed) > 1 or expanded.query.phrases):
        had = {one.row.number for one in order}
        rows = [
            row
            for row in engine().find(rarest_variants(needed), every=False, limit=MAX_PARTIAL_MATCHES)
            if row.number not in had
        ]
        order = ranked([*(one.row for one in order), *rows], expanded, guide=guide, promised=promised)
    best = max((one.score for one in order), default=0.0)
    least = MIN_RELATIVE_SCORE * best
    return [one for one in order if one.promised or one.complete or one.score >= least][:MAX_FULL_MATCHES]


def rarest_variants(needed: Sequence[Concept]) -> list[list[Phrase]]:
    """Return the variants of the rarest concepts, at least of one."""
    some: list[list[Phrase]] = []
    weighed = 0
    for concept in sorted(needed, key=lambda concept: concept.documents + concept.spread):
        weighed += concept.documents + concept.spread
        if some and weighed > MAX_DOCUMENT_FREQUENCY:
            break
        some.append(list(concept.variants))
    return some


def best_corrections(respelled: dict[str, list[str]], order: Sequence[Ranked]) -> dict[str, str]:
    """Return for each misspelled word the known word that the best document has."""
    instead = {}
    for word, others in respelled.items():
        for one in order[:3]:
            text = f" {' '.join(one.row[-5:])} "
            said = next((other for other in others if f" {' '.join(map(stem, other.split()))} " in text), None)
            if said:
                instead[word] = said
                break
    return instead


def nearest(expanded: ExpandedQuery) -> tuple[str, ...]:
    """Return up to three words similar to the unknown ones, each of which finds a page."""
    found: list[str] = []
    for concept in expanded.misspelled[:3]:
        for word in similar_words(concept.word, loosely=True):
            if len(found) < NEAREST and word not in found and engine().find([[(stem(word),)]], every=True, limit=1):
                found.append(word)
    return tuple(found)


def grouped(order: Sequence[Ranked], expanded: ExpandedQuery, guide: str) -> tuple[tuple[ResultGroup, ...], int]:
    """Return the results in groups, one more than is shown at most, and the number of pages found. One query.

    Of a group the page in the preferred `guide` comes first, or else the one whose guide the query names.
    """
    together: list[list[Ranked]] = []
    place: dict[str, list[Ranked]] = {}
    for one in order:
        keys = group_keys(one.row.kind, one.row.number, one.row.slug, one.row.title)
        group = next((place[key] for key in keys if key in place), None)
        if group is None:
            together.append(group := [])
        for key in keys:
            place.setdefault(key, group)
        group.append(one)
    total = len(order)
    shown = together[: MAX_GROUPS + 1]
    numbers = [one.row.number for group in shown for one in group]
    symptoms = [one.row for group in shown for one in group if one.row.kind == SYMPTOM]
    slugs, titles = ({getattr(row, name) for row in symptoms} - {""} for name in ("slug", "title"))
    pages = engine().pages(numbers, [*slugs], [*titles], MAX_FULL_MATCHES)
    had = {page.number: page for page in pages if page.number in set(numbers)}
    others = [page for page in pages if page.number not in had]
    variants = variants_of(expanded)
    groups = []
    for group in shown:
        group.sort(key=lambda one: not one.named)
        members = [had[one.row.number] for one in group if one.row.number in had]
        names = {key for page in members for key in group_keys(page.kind, page.number, page.slug, page.title)}
        more = [page for page in others if not names.isdisjoint(group_keys(page.kind, 0, page.slug, page.title))]
        others = [page for page in others if page not in more]
        total += len(more) - len(group) + len(members)
        if members:
            hits = sorted((hit(page, variants) for page in [*members, *more]), key=lambda one: one.guide_slug != guide)
            groups.append(ResultGroup(tuple(hits), group[0].complete or group[0].promised))
    return tuple(groups), total


def group_keys(kind: str, number: int, slug: str, title: str) -> tuple[str, ...]:
    """Return the keys by which documents form one group: slug and title for symptoms."""
    if kind != SYMPTOM:
        return (str(number),)
    return (f"slug {slug}", f"title {title}") if title else (f"slug {slug}",)


def hit(page: HitRow, variants: dict[Phrase, float]) -> Hit:
    """Return a page with its best passage, and the check that the passage is in."""
    parts = [SearchPassage(*part) for part in json.loads(page.parts)]
    starts = [best_start(part.text, variants) for part in parts]
    in_titles = [best_start(part.check, variants)[0] if part.check else 0 for part in parts]
    idf = [in_text + in_title for (in_text, _), in_title in zip(starts, in_titles, strict=True)]
    best = max(range(len(parts)), key=lambda at: (idf[at], -at))
    if not idf[best]:  # the title says it: the text from its beginning
        best = next((at for at, part in enumerate(parts) if part.text), 0)
    part = parts[best]
    checks = sum(bool(part.check) for part in parts)
    in_check = part.check and idf[best]
    return Hit(
        page.number,
        page.kind,
        page.path,
        page.place,
        marked(page.shown_title, variants),
        marked(page.shown_message, variants) if page.shown_message else (),
        passage(part.text, variants, starts[best][1]),
        part.check if in_check else "",
        "" if not in_check else page.path if best == 1 else f"{page.path}check/{part.slug}/",
        best if in_check else 0,
        checks if in_check else 0,
        page.guide,
        page.slug,
    )


def suggest(typed: str, *, guide: str = "") -> tuple[Suggestion, ...]:
    """Return at most 8 pages for an unfinished query, those of the `guide` first; none below two letters.

    A query for titles and messages, and one for keywords where those have nothing; as many more in a guide. Where there
    are none at all, a few for the spelling and as many again.
    """
    asked, guide = words(clean(typed))[:MOST_WORDS], valid_slug(guide)
    if sum(map(len, asked)) < 2:
        return ()
    asked = [word for word in asked if word not in STOP_WORDS] or asked[-1:]
    index.catch_up()
    lines = suggestion_rows(asked, f"/guides/{guide}/") if guide else []
    if len(lines) < SUGGESTIONS:
        lines += [line for line in suggestion_rows(asked) if line not in lines]
    if not lines and (respelled := respelled_beginnings(asked)) != asked:
        asked = respelled
        lines = suggestion_rows(asked)
    last = asked[-1]

    def order(at: int) -> tuple[bool, bool, bool, int]:
        line = lines[at]
        begins = line.heading.startswith(" ".join(asked))
        return (f"/guides/{guide}/" not in line.path if guide else False, not begins, last not in line.heading, at)

    found: dict[str, list[SuggestionRow]] = {}
    keys: dict[str, str] = {}
    for at in sorted(range(len(lines)), key=order):
        line = lines[at]
        same = group_keys(line.kind, line.number, line.slug, line.shown_title)
        key = next((keys[name] for name in same if name in keys), same[0])
        keys.update(dict.fromkeys(same, key))
        found.setdefault(key, []).append(line)
    return tuple(
        Suggestion(
            _highlight_prefixes(group[0].shown_title, asked),
            tuple((caption(line.kind, line.place), line.path, line.number) for line in group),
        )
        for group in list(found.values())[:SUGGESTIONS]
    )


def respelled_beginnings(asked: Sequence[str]) -> list[str]:
    """Return the words with known ones in place of those that no page and no dictionary has, the last unfinished.

    One query, and one or two for each of the first words that nobody knows.
    """
    known = {word for word, _ in engine().known_words(asked)}
    is_known = [word in known or is_pair(word) or is_right_word(word) for word in asked]
    wrong = [word for word, is_right in zip(asked, is_known, strict=True) if not is_right][:MOST_RESPELLED]
    instead = {word: others[0] for word in wrong if (others := similar_words(word))}
    return [instead.get(word, word) for word in asked]


def suggestion_rows(asked: Sequence[str], below: str = "") -> list[SuggestionRow]:
    """Return pages with these words in title or message; where there are none, in keywords as well."""
    titles = engine().lines(asked, aliases=False, limit=2 * SUGGESTIONS, below=below)
    return titles or engine().lines(asked, aliases=True, limit=2 * SUGGESTIONS, below=below)


def _highlight_prefixes(text: str, asked: Sequence[str]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, _, word in places(text):
        length = max((len(begin) for begin in asked if word.startswith(begin)), default=0)
        if length:
            pieces += [(text[at:start], False)] if start > at else []
            pieces.append((text[start : start + length], True))
            at = start + length
    return (*pieces, (text[at:], False)) if at < len(text) else tuple(pieces)
