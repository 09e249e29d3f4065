"""Parser of the help numbers that people type. Pure."""

from __future__ import annotations

import re
import unicodedata

from helpdesk.addresses.pasted import bare

# The highest value of the column on both databases; a higher number was never given out.
HIGHEST_NUMBER = 2_147_483_647

_FORM = re.compile(
    r"""
    (?:
        (?:\S*/|\#)?[gsf]/  # a short link, as a path or with its host
        | (?:help\s*)?(?:no|nr|number|page)\s*[.:]?\s*\#?
        | help\s+\#?
        | \#
    )?
    \s*(\d{1,9})\s*[/.]?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def parse_help_number(typed: str) -> int | None:
    """Return the number in "1042", "(Help no. 1042)", "#1042" or "/s/1042/"; None for any other text."""
    found = _FORM.fullmatch(bare(unicodedata.normalize("NFKC", typed)))
    return int(found[1]) if found else None
