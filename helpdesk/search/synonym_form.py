"""Form of a synonym: normalizes the terms and validates them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from helpdesk.contentadmin.edit_conflicts import ContentForm
from helpdesk.search.engines import Phrase
from helpdesk.search.models import Synonym
from helpdesk.search.query_expansion import LONGEST_SYNONYM, terms
from helpdesk.search.tokens import stems


class SynonymForm(ContentForm):
    class Meta:
        model = Synonym
        fields = ("words", "means", "both_ways")

    def clean_words(self) -> str:
        return tidy(self.cleaned_data["words"])

    def clean_means(self) -> str:
        return tidy(self.cleaned_data["means"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        words, means = self.cleaned_data.get("words", ""), self.cleaned_data.get("means", "")
        both_ways = self.cleaned_data.get("both_ways", False)
        self.refuse_long_terms("words", words)
        if both_ways:
            self.refuse_long_terms("means", means)
        if on_both_sides := terms(words).keys() & terms(means).keys():
            text = gettext("“%(term)s” is on both sides. Remove it from one of them.")
            self.add_error("means", ValidationError(text, params={"term": terms(means)[on_both_sides.pop()]}))
        elif not self.errors:
            self.refuse_known(Synonym(words=words, means=means, both_ways=both_ways))
        return cleaned

    def refuse_long_terms(self, field: str, text: str) -> None:
        for term, written in terms(text).items():
            if len(term) > LONGEST_SYNONYM:
                problem = gettext("“%(term)s” is too long: the search compares at most %(most)s words. Use fewer.")
                self.add_error(field, ValidationError(problem, params={"term": written, "most": LONGEST_SYNONYM}))

    def refuse_known(self, synonym: Synonym) -> None:
        """Refuse what another synonym says already. One query."""
        wanted = dict(variants(synonym))
        for other in Synonym.objects.exclude(pk=self.instance.pk):
            known = [wanted[way] for way, _written in variants(other) if way in wanted]
            if known:
                problem = gettext(
                    "“%(term)s” already finds “%(meaning)s”: see the synonym “%(other)s”. Change that one instead."
                )
                term, expanded = known[0]
                params = {"term": term, "meaning": expanded, "other": other}
                self.add_error("words", ValidationError(problem, params=params))
                return


def tidy(text: str) -> str:
    """Return the terms, each once, separated by commas. Raises ValidationError where there are none."""
    found: dict[Phrase, str] = {}
    for term in re.split(r"[,;，、]", text):
        found.setdefault(tuple(stems(term)), " ".join(term.split()))
    found.pop((), None)
    if not found:
        raise ValidationError(gettext("Write at least one word."))
    return ", ".join(found.values())


def variants(synonym: Synonym) -> Iterator[tuple[tuple[Phrase, Phrase], tuple[str, str]]]:
    """Return the normalized variants of both sides, and the words as written."""
    these, those = terms(synonym.words), terms(synonym.means)
    for term, word in these.items():
        for expanded, meant in those.items():
            yield (term, expanded), (word, meant)
            if synonym.both_ways:
                yield (expanded, term), (meant, word)
