"""Slugs for records that had a word of the address scheme before it was one."""

from __future__ import annotations

from itertools import count
from typing import Any


def free_slug(slug: str, *taken: Any) -> str:
    """Return the slug with the first number that none of these querysets has: "fix" gives "fix-2"."""
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(one for one in numbered if not any(rows.filter(slug=one).exists() for rows in taken))
