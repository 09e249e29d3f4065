"""Words of the index, and in how many documents each is."""

from __future__ import annotations

from collections import Counter

from helpdesk.search.engines import engine
from helpdesk.search.models import SearchDocument, SearchWord
from helpdesk.search.tokens import stem


def word_list(of: SearchDocument | None) -> list[str]:
    """Return every word of a public document once, and the empty word, which every document has."""
    return ["", *of.words.split()] if of and of.is_counted else []


def add_to_words(count: Counter[str]) -> None:
    """Add to the number of documents with each word; in a fixed order, so that two writers do not deadlock."""
    engine().count_words([(word, stem(word), more) for word, more in sorted(count.items()) if more])
    fewer = [word for word, more in count.items() if more < 0]
    for start in range(0, len(fewer), 500):
        SearchWord.objects.filter(word__in=fewer[start : start + 500], documents__lte=0).delete()


def counted() -> Counter[str]:
    """Count in how many documents each word is."""
    count: Counter[str] = Counter()
    for found in SearchDocument.objects.only("words", "is_counted").iterator(chunk_size=2_000):
        count.update(word_list(found))
    return count


def recount() -> int:
    """Correct the counts of words; return how many were wrong."""
    right, there = counted(), Counter(dict(SearchWord.objects.values_list("word", "documents")))
    unused = [word for word in there if not right[word]]
    for start in range(0, len(unused), 500):
        SearchWord.objects.filter(word__in=unused[start : start + 500]).delete()
    wanted = Counter({word: number - there[word] for word, number in right.items() if number != there[word]})
    add_to_words(wanted)
    return len(wanted)
