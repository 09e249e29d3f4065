"""Search index: updates of changed pages, rebuilding, and a check for drift."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any

from django.apps import AppConfig, apps
from django.db import DatabaseError, OperationalError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.content.kinds import searchable_kinds
from helpdesk.content.search_numbers import all_search_numbers, number_expression
from helpdesk.content.search_text import SearchText
from helpdesk.content.triggers import TriggerSet
from helpdesk.search import triggers
from helpdesk.search.documents import document, search_texts
from helpdesk.search.engines import engine
from helpdesk.search.models import SearchDocument, SearchWord, StaleDocument
from helpdesk.search.word_counts import add_to_words, counted, recount, word_list
from helpdesk.web.timeouts import short_lock_timeout

log = logging.getLogger(__name__)

# So many pages are brought up to date at once, about a quarter of a second, and so long before a search.
PORTION = 200
SECONDS = 0.5

# Any number will do that nothing else in the database uses.
_POSTGRESQL_LOCK = 4_357_002

_CHANGING = [field.name for field in SearchDocument._meta.fields if not field.primary_key]


def catch_up(portion: int = PORTION, seconds: float = SECONDS) -> int:
    """Update the documents of pages that changed or whose moment has come; return the number of pages.

    Goes on for so many seconds at most, a portion after the other. One query when there is nothing to do. A database
    that cannot be written to just now is left for the next time: what is out of step is not found until then.
    """
    done = 0
    until = monotonic() + seconds
    while engine().is_anything_due():
        try:
            with short_lock_timeout(), transaction.atomic():
                if not _acquire_lock(wait=False):
                    break
                now_done = _update_stale(portion)
        except DatabaseError as error:
            log.warning("the search index could not be brought up to date: %s", error)
            break
        done += now_done
        if not now_done or monotonic() > until:
            break
    return done


def _update_stale(portion: int) -> int:
    notes = list(StaleDocument.objects.order_by("pk").values_list("pk", "number")[: 20 * portion])
    wanted = dict.fromkeys(number for _, number in notes)
    if len(wanted) < portion:
        wanted |= dict.fromkeys(SearchDocument.objects.filter(due()).values_list("number", flat=True)[:portion])
    numbers = list(wanted)[:portion]
    try:
        with transaction.atomic():
            store(search_texts(numbers), numbers)
    except OperationalError:  # locked, read-only, gone: nothing is wrong with the pages
        raise
    except Exception:
        for number in numbers:
            _store_single(number)
    done = set(numbers)
    StaleDocument.objects.filter(pk__in=[pk for pk, number in notes if number in done]).delete()
    return len(numbers)


def _store_single(number: int) -> None:
    """Index one page alone. A page that cannot be indexed is left out, so that it does not block others."""
    try:
        with transaction.atomic():
            store(search_texts([number]), [number])
    except OperationalError:
        raise
    except Exception:
        log.exception("page %s cannot be taken into the search index", number)
        store([], [number])


def due() -> Q:
    """Condition of documents whose page appears or goes, and that are not counted accordingly yet."""
    appears = Q(is_counted=False, public_from__lte=Now()) & (Q(public_until=None) | Q(public_until__gt=Now()))
    return appears | Q(is_counted=True, public_until__lte=Now())


def waiting() -> int:
    """Return the number of changed pages whose documents are not updated yet."""
    return StaleDocument.objects.values("number").distinct().count()


def _acquire_lock(*, wait: bool) -> bool:
    """Return whether this transaction is the only writer of the index; holds others off until it ends."""
    connection = connections["default"]
    if connection.vendor != "postgresql":  # SQLite has one writer at a time
        return True
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_POSTGRESQL_LOCK])
        return wait or cursor.fetchone()[0]


def store(found: Iterable[SearchText], numbers: Iterable[int]) -> int:
    """Store these texts as the documents of the pages with these numbers; a number without a text loses its document.

    What is as it should be is not written. Returns how many documents were made, changed or taken away.
    """
    stored = SearchDocument.objects.in_bulk(list(numbers))
    count: Counter[str] = Counter()
    new, changed = [], []
    for text in found:
        fresh = document(text)
        old = stored.pop(text.number, None)
        if old is None:
            new.append(fresh)
        elif any(getattr(old, name) != getattr(fresh, name) for name in _CHANGING):
            changed.append(fresh)
        if old is None or (old.words, old.is_counted) != (fresh.words, fresh.is_counted):
            count.update(word_list(fresh))
            count.subtract(word_list(old))
    for gone in stored.values():
        count.subtract(word_list(gone))
    SearchDocument.objects.filter(pk__in=list(stored)).delete()
    SearchDocument.objects.bulk_create(new, batch_size=200)
    SearchDocument.objects.bulk_update(changed, _CHANGING, batch_size=50)
    add_to_words(count)
    return len(new) + len(changed) + len(stored)


Progress = Callable[[int, int], None]


def reindex(progress: Progress = lambda done, of: None) -> int:
    """Update every document, delete those without a page, recount the words; return the number of changes.

    In portions, each in its own transaction, so that visitors search and editors save meanwhile.
    """
    notes = list(StaleDocument.objects.values_list("pk", flat=True))
    numbers = all_numbers()
    changed = 0
    for start in range(0, len(numbers), PORTION):
        portion = numbers[start : start + PORTION]
        with transaction.atomic():
            _acquire_lock(wait=True)
            changed += store(search_texts(portion), portion)
        progress(min(start + PORTION, len(numbers)), len(numbers))
    with transaction.atomic():
        _acquire_lock(wait=True)
        # Those that were there at the beginning. Not all up to the last one: of two notes the earlier may come later.
        for start in range(0, len(notes), 500):
            StaleDocument.objects.filter(pk__in=notes[start : start + 500]).delete()
        changed += store([], without_page())
        changed += recount()
        with connections["default"].cursor() as cursor:
            engine().rebuild(cursor)
    return changed


def all_numbers() -> list[int]:
    """Return the numbers of all searchable pages, public or not. One query for each kind."""
    return [number for kind in searchable_kinds() for number in all_search_numbers(kind)]


def without_page() -> list[int]:
    """Return the numbers of documents whose page no longer exists."""
    gone = SearchDocument.objects.all()
    for kind in searchable_kinds():
        rows = kind.objects.order_by().annotate(search_number=number_expression(kind))
        gone = gone.exclude(number__in=rows.values("search_number"))
    return list(gone.values_list("number", flat=True))


def drift(progress: Progress = lambda done, of: None) -> Iterator[str]:
    """Yield a line for each difference between index and content. Changes nothing."""
    if number_waiting := waiting():
        yield f"{number_waiting} changed pages wait to be taken into the index"
    numbers = all_numbers()
    for start in range(0, len(numbers), PORTION):
        portion = numbers[start : start + PORTION]
        stored = SearchDocument.objects.in_bulk(portion)
        for text in search_texts(portion):
            fresh, old = document(text), stored.pop(text.number, None)
            if old is None:
                yield f"{text.number}: has no document"
            else:
                for name in _CHANGING:
                    if getattr(old, name) != getattr(fresh, name):
                        yield f"{text.number}: {name} is not what the page says"
        for number in stored:
            yield f"{number}: has a document, but is a draft"
        progress(min(start + PORTION, len(numbers)), len(numbers))
    for number in without_page():
        yield f"{number}: has a document, but there is no such page"
    right = counted()
    there = dict(SearchWord.objects.values_list("word", "documents"))
    for word in sorted(right.keys() | there.keys()):
        if right[word] != there.get(word, 0):
            yield f"“{word}” stands in {right[word]} documents, not in {there.get(word, 0)}"
    with transaction.atomic(), connections["default"].cursor() as cursor:
        yield from engine().problems(cursor)


def install_engine(connection: BaseDatabaseWrapper) -> None:
    """Create the engine's own tables, and note all content as stale where it is older than the search."""
    with connection.cursor() as cursor:
        engine(connection.alias).install(cursor)
        cursor.execute("SELECT 1 FROM search_searchdocument LIMIT 1")
        if not cursor.fetchone():
            cursor.execute(triggers.note_all())


TRIGGERS = TriggerSet(
    tables=lambda: {
        *triggers.watched_tables(),
        *(model._meta.db_table for model in apps.get_app_config("search").get_models()),
    },
    statements=triggers.statements,
    finish=install_engine,
)


def follow(sender: type[models.Model], using: str = "default", **kwargs: Any) -> None:
    """Update the index once a change is committed; called after each save and deletion."""
    if sender._meta.db_table in triggers.watched_tables() and using == "default":
        transaction.on_commit(catch_up, using=using, robust=True)


def connect(sender: AppConfig) -> None:
    """Connect the signals after which the index is updated."""
    TRIGGERS.register(sender)
    models.signals.post_save.connect(follow, dispatch_uid="search.index.saved")
    models.signals.post_delete.connect(follow, dispatch_uid="search.index.deleted")
