"""Errors of an import, collected and reported together in plain words."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

# Further errors are only counted: whoever has more of them will try again anyway.
MAX_LISTED = 100


class ImportRefused(Exception):
    """The file is not imported and nothing was written; each of the `sentences` names one reason."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


class ErrorCollector:
    """Errors of a file with their places, raised together."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, place: str, sentence: str) -> None:
        self._found.append(f"{place}: {sentence}" if place else sentence)

    def raise_if_any(self, error: type[ImportRefused] = ImportRefused) -> None:
        """Raise the error with all sentences when there are any."""
        listed = self._found[:MAX_LISTED]
        if more := len(self._found) - len(listed):
            listed.append(ngettext("And %(more)d more.", "And %(more)d more.", more) % {"more": more})
        if listed:
            raise error(*listed)


def line_text(number: int) -> str:
    return gettext("Line %(number)d") % {"number": number}
