"""Links that lead out of the portal: which texts and addresses of all content have them, and the pages that show these.

Names of records are pairs of the kind's name and the key, so that none has to be loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import CharField, F, Field, Model, Q, QuerySet, TextField, URLField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from helpdesk.content.kinds import ContentKind, all_kinds, kind_of, page_kinds
from helpdesk.content.web_address import SCHEMES
from helpdesk.outside.link_check import normal_address
from helpdesk.outside.models import OutsidePage
from helpdesk.publishcheck.rules import public_from, records_of
from helpdesk.text import readability
from helpdesk.text.outside_links import SCHEME, written_in

RecordKey = tuple[str, int]  # the kind's name, the record's key


def link_fields(kind: ContentKind) -> tuple[Field[Any, Any], ...]:
    """Return the fields of a kind that can lead out of the portal: texts in Markdown, and addresses."""
    return (*kind.markdown_fields, *address_fields(kind))


def address_fields(kind: ContentKind) -> tuple[Field[Any, Any], ...]:
    """Return the fields of a kind that hold one address and nothing else."""
    fields = kind.model._meta.fields
    return tuple(field for field in fields if isinstance(field, URLField) or field.name in kind.links)


def addresses_in(text: str, *, is_address: bool) -> set[str]:
    """Return the outside addresses in the value of a field."""
    hrefs = [text] if is_address else [link.href or "" for link in readability.parts(text).links]
    return {normal_address(href) for href in hrefs if is_outside(href)}


def is_outside(href: str) -> bool:
    """Return whether an address is one of another site."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    own_host = urlsplit(settings.PUBLIC_URL).netloc.lower()
    return parts.scheme in SCHEMES and bool(parts.hostname) and parts.netloc.lower() != own_host


def public_addresses() -> list[str]:
    """Return the outside addresses of all content that visitors read now, each once. A few queries for each kind."""
    found: dict[str, None] = {}
    for kind in all_kinds():
        fields, addresses = link_fields(kind), address_fields(kind)
        for record in filter(is_public_now, records_of(kind.model)) if fields else ():
            for field in fields:
                text = getattr(record, field.name) or ""
                found |= dict.fromkeys(sorted(addresses_in(text, is_address=field in addresses)))
    return list(found)


def is_public_now(record: Model) -> bool:
    moment = timezone.now() if isinstance(record, OutsidePage) else public_from(record)
    return moment is not None and moment <= timezone.now()


def records_with(addresses: Collection[str]) -> dict[str, list[RecordKey]]:
    """Return the records that link to each of these addresses, drafts included. One query."""
    found: dict[str, list[RecordKey]] = defaultdict(list)
    hosts = {f"://{urlsplit(address).netloc}" for address in addresses}
    for record, text, is_address in _texts_with(hosts, with_addresses=True):
        for address in addresses_in(text, is_address=is_address) & set(addresses):
            if record not in found[address]:
                found[address].append(record)
    return found


def records_naming() -> dict[str, list[RecordKey]]:
    """Return the records whose texts link to each outside page, by its key, drafts included. One query."""
    found: dict[str, list[RecordKey]] = defaultdict(list)
    for record, text, _is_address in _texts_with({SCHEME}, with_addresses=False):
        for key in written_in(text):
            if record not in found[key]:
                found[key].append(record)
    return found


def _texts_with(parts: Iterable[str], *, with_addresses: bool) -> Iterator[tuple[RecordKey, str, bool]]:
    """Yield each text that contains one of the parts, with its record, and whether it is an address. One query."""
    parts, queries = sorted(parts), list[QuerySet[Any]]()
    for kind in all_kinds():
        for field in link_fields(kind) if with_addresses else kind.markdown_fields:
            contains = Q(*((f"{field.name}__icontains", part) for part in parts), _connector=Q.OR)
            is_address = Value(int(field in address_fields(kind)))
            columns = {"its_kind": Value(kind.name, CharField()), "its_text": Cast(F(field.name), TextField())}
            rows = kind.objects.order_by().filter(contains).annotate(**columns, is_address=is_address)
            queries.append(rows.values_list("its_kind", "pk", "its_text", "is_address"))
    if parts and queries:
        rows = queries[0].union(*queries[1:], all=True).order_by("its_kind", "pk")
        yield from (((kind, pk), text, bool(is_address)) for kind, pk, text, is_address in rows)


def pages_with(records: Collection[RecordKey]) -> dict[RecordKey, list[Model]]:
    """Return the pages that show each record; a page shows itself.

    One query for each kind of page and each lookup from pages to such records.
    """
    keys: dict[str, set[int]] = defaultdict(set)
    for name, pk in records:
        keys[name].add(pk)
    found: dict[RecordKey, list[Model]] = defaultdict(list)
    for kind in page_kinds():
        models = {lookup: kind_of(model).name for lookup, model in kind.models_read().items() if lookup in kind.shows}
        for lookup, name in {"pk": kind.name, **models}.items():
            pages = kind.objects.filter(**{f"{lookup}__in": keys[name]}).annotate(shown=F(lookup))
            for page in kind.with_parent(pages).order_by("number") if keys[name] else ():
                if page not in found[name, page.shown]:
                    found[name, page.shown].append(page)
    return found


def pages_by_outside_page(outside_pages: Iterable[OutsidePage]) -> dict[str, list[Model]]:
    """Return the pages whose texts name each outside page, by its key."""
    named = records_naming()
    wanted = {page.slug: named.get(page.slug, []) for page in outside_pages}
    pages = pages_with({record for records in wanted.values() for record in records})
    return {
        slug: list(dict.fromkeys(page for record in records for page in pages.get(record, ())))
        for slug, records in wanted.items()
    }
