"""What is wrong with a file that somebody wants to import, all of it together, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# So many are listed; who has more of them will try again anyway.
MOST_FAULTS = 100


class Refused(Exception):
    """The file is not taken; nothing was written. `sentences` say why, each for itself."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences: Sequence[str] = sentences


class Faults:
    """Collects what is wrong, to be said at once."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, place: str, sentence: str) -> None:
        self._found.append(f"{place}: {sentence}" if place else sentence)

    def refuse(self) -> None:
        """Raises Refused when there is anything."""
        if self._found:
            raise Refused(*self._listed())

    def _listed(self) -> Iterator[str]:
        yield from self._found[:MOST_FAULTS]
        more = len(self._found) - MOST_FAULTS
        if more > 0:
            yield ngettext("There is %(more)d more.", "There are %(more)d more.", more) % {"more": more}


def line(number: int) -> str:
    return _("Line %(number)d") % {"number": number}
