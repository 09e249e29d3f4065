"""Renaming of slugs that become words of the address scheme, for the migrations that reserve them."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone


def rename_reserved(former: Any, kind: str, rows: Any, words: tuple[str, ...], *, scope: str = "") -> None:
    """Give the rows with one of these slugs another one; their old addresses lead to the new ones.

    `former` and `rows` are the former addresses and the rows of a kind, `scope` the foreign key to the record that the
    addresses are below. The former addresses are written here, as the triggers that do so are gone while SQLite runs
    migrations.
    """
    for row in rows.filter(slug__in=words).order_by("pk"):
        number = getattr(row, scope).number if scope else 0
        beside = rows.filter(**{scope: getattr(row, scope)}) if scope else rows
        old, row.slug = row.slug, free_slug(row.slug, beside, former.filter(kind=kind, scope=number))
        rows.filter(pk=row.pk).update(slug=row.slug)
        if getattr(row, "publish_at", timezone.now()) is not None:
            address = {"kind": kind, "scope": number, "slug": old, "number": row.number}
            # As the triggers do: an address that staff once ended leads to the page again, as it did until now.
            former.update_or_create(**address, defaults={"until": timezone.now(), "ended_at": None})


def free_slug(slug: str, *taken: Any) -> str:
    """Return the slug with the first number that none of these querysets has: "fix" gives "fix-2"."""
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(one for one in numbered if not any(rows.filter(slug=one).exists() for rows in taken))
