"""Registry of content kinds: every kind of record that staff keep, and the facts other packages need of it.

A package with content declares its kinds in a module `kinds` and registers them when its app is ready. Addresses,
search, feeds, page cache, history, publish check, transfer, reports and permissions read the registry, so a new kind
needs no line in any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Field, Model, QuerySet
from django.urls import URLPattern
from django.utils.functional import Promise

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.markdown_field import MarkdownField
from helpdesk.content.publishing import PUBLICATION_MOMENTS, Publishable
from helpdesk.content.search_text import SearchText


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """The pages of a kind as the search reads them."""

    queryset: Callable[[], QuerySet[Any]]  # all pages with what `text` reads, drafts included
    text: Callable[[Any], SearchText | None]  # None for a page that is not going to be public
    # Lookups to rows that only the search reads, beside those that the page is made of.
    reads: tuple[str, ...] = ()
    # For a kind without help numbers: from 1 to 15, and no other kind has it (see `search_numbers`).
    code: int = 0
    # What results call such a page, where they do not name the page that it is listed below.
    label: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class FeedSource:
    """The pages of a kind as the feed of new and changed pages shows them."""

    queryset: Callable[[QuerySet[Any]], QuerySet[Any]]  # adds what the two functions read
    title: Callable[[Any], str]
    summary: Callable[[Any], str]


@dataclass(frozen=True, kw_only=True)
class ContentKind:
    """One kind of content record."""

    # Code of the kind, as rows and addresses of the admin store it. It never changes.
    name: str
    model: type[Model]

    # Letter of the short link ("s" in /s/1042/), for kinds whose records have a page and a short link.
    letter: str = ""
    # Name of the page's URL in the namespace "help", and for each argument of that URL the lookup of its value.
    url_name: str = ""
    url_lookups: Mapping[str, str] = field(default_factory=dict)

    # Foreign key to the record that a record is listed below, and that record's field for its name in paths.
    parent: str = ""
    parent_title: str = "title"
    # Lookup to the help number of the guide that a record belongs to or is used in.
    guide_lookup: str = ""

    # Module whose list `pages` has the public addresses of the kind, where `helpdesk.urls` does not list them.
    urls: str = ""

    # Lookups from a page to the rows whose text it shows: their change is a change of the page.
    shows: tuple[str, ...] = ()
    # Lookups to other rows that decide what the page shows, and whether.
    depends_on: tuple[str, ...] = ()

    # Set for a kind without pages of its own whose records are shown on those of others.
    is_on_pages: bool = False
    # Fields with moments at which pages change by themselves; a publishable kind has those of its publication.
    moments: tuple[str, ...] = ()
    # Fields with the address of one link, to a page of the portal or of another site, that are no `URLField`.
    links: tuple[str, ...] = ()

    # Lookups from a page to the records whose versions belong to the history of the page.
    history: tuple[str, ...] = ()
    # Lookup to the list whose order belongs to the history ("checks__cause": checks below, of which each shows its
    # cause), with the name of the list.
    history_order: str = ""
    history_order_label: str | Promise = ""
    # Template of the page as of a moment; its context has the record under the name of the kind.
    template: str = ""

    # Words of exported files, where they do not follow from the model.
    bundle: BundleFormat = field(default_factory=BundleFormat)

    search: SearchSource | None = None
    feed: FeedSource | None = None

    @property
    def model_name(self) -> str:
        """Name of the model as permissions and addresses of the admin have it ("faqentry")."""
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        """Name of one record of this kind, in the reader's language ("FAQ entry")."""
        return str(self.model._meta.verbose_name)

    @property
    def label_plural(self) -> str:
        """Name of several records of this kind."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def short_url_name(self) -> str:
        """Name of the URL of short links in the namespace "help"."""
        return f"{self.url_name}-by-number"

    def pages(self) -> list[URLPattern]:
        """Return the public addresses that the kind brings along."""
        return list(import_module(self.urls).pages) if self.urls else []

    @property
    def is_publishable(self) -> bool:
        """Return whether records have a publication state (draft, scheduled, published, archived)."""
        return issubclass(self.model, Publishable)

    @property
    def page_moments(self) -> tuple[str, ...]:
        """Names of the fields with moments at which pages change by themselves."""
        return (*PUBLICATION_MOMENTS, *self.moments) if self.is_publishable else self.moments

    @property
    def objects(self) -> Any:
        """The model's manager."""
        return self.model._default_manager

    def with_parent(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """Return the records with the record that each is listed below."""
        return records.select_related(self.parent) if self.parent else records

    def parent_name(self, record: Model) -> str:
        """Return the name of the record that this one is listed below; empty where there is none."""
        return str(getattr(getattr(record, self.parent), self.parent_title)) if self.parent else ""

    @property
    def markdown_fields(self) -> tuple[Field[Any, Any], ...]:
        """The fields that hold Markdown, in the model's order."""
        return tuple(found for found in self.model._meta.fields if isinstance(found, MarkdownField))

    @property
    def reads(self) -> tuple[str, ...]:
        """All lookups from a page to rows that it is made of."""
        return (*self.depends_on, *self.shows)

    def models_read(self, more: tuple[str, ...] = ()) -> dict[str, type[Model]]:
        """Return the model at the end of each lookup in `reads`, and of `more` lookups."""
        found = {}
        for lookup in (*self.reads, *more):
            model: Any = self.model
            for part in lookup.split("__"):
                model = model._meta.get_field(part).related_model
            found[lookup] = model
        return found


# Length of the column in which help numbers and former addresses store the name of a kind.
MAX_NAME = 10

_kinds: dict[str, ContentKind] = {}
_by_model: dict[type[Model], ContentKind] = {}


def register(*kinds: ContentKind) -> None:
    """Add kinds to the registry; to be called once for each, when their app is ready. Raises ImproperlyConfigured."""
    for kind in kinds:
        if problem := _problem(kind):
            raise ImproperlyConfigured(f"Content kind {kind.name!r}: {problem}")
        _kinds[kind.name] = kind
        _by_model[kind.model] = kind


def _problem(kind: ContentKind) -> str:
    """Return what the kind lacks, with the way to mend it; empty for a complete kind."""
    model, others = kind.model, [other for other in _kinds.values() if other.name != kind.name]
    name = model.__name__
    if kind.name in _kinds and _kinds[kind.name].model is not model:
        return f"the name is taken by {_kinds[kind.name].model.__name__}."
    if kind.letter and any(other.letter == kind.letter for other in others):
        return f"another kind has the short link /{kind.letter}/."
    if hasattr(model, "address_scope") and len(kind.name) > MAX_NAME:
        return f"the name may have {MAX_NAME} characters."
    if not hasattr(model._meta, "simple_history_manager_attribute"):
        return f"{name} keeps no history; derive it from Versioned and add `history = Versions()`."
    if not hasattr(model, "natural_key"):
        return f"{name} needs `natural_key()`, and its queryset `get_by_natural_key()`."
    if kind.search and not hasattr(model, "address_scope"):
        if not 0 < kind.search.code < 16:
            return "its search source needs a code from 1 to 15, as it has no help numbers."
        if any(other.search and other.search.code == kind.search.code for other in others):
            return f"another kind has the search code {kind.search.code}."
    if kind.url_name and not (
        hasattr(model, "get_absolute_url") and hasattr(model._default_manager.all(), "published")
    ):
        return f"{name} has a page; it needs `get_absolute_url()`, and its queryset `published()`."
    return ""


def unregister(*names: str) -> None:
    """Take kinds out of the registry again, for tests that register some of their own."""
    for name in names:
        kind = _kinds.pop(name)
        del _by_model[kind.model]


def all_kinds() -> list[ContentKind]:
    """Return every kind in the order of registration: a kind comes after those it refers to."""
    return list(_kinds.values())


def addressed_kinds() -> list[ContentKind]:
    """Return the kinds whose records have a help number and a slug, the models of `addresses.models.Addressed`."""
    return [kind for kind in _kinds.values() if hasattr(kind.model, "address_scope")]


def shown_kinds() -> list[ContentKind]:
    """Return the kinds whose records are on public pages: pages, and records shown on them."""
    return [kind for kind in _kinds.values() if kind.is_on_pages or hasattr(kind.model, "address_scope")]


def page_kinds() -> list[ContentKind]:
    """Return the kinds whose records have a public page with a short link."""
    return [kind for kind in _kinds.values() if kind.letter]


def searchable_kinds() -> list[ContentKind]:
    """Return the kinds whose pages the search finds."""
    return [kind for kind in _kinds.values() if kind.search is not None]


def kind_named(name: str) -> ContentKind:
    """Return the kind with this code. Raises LookupError."""
    return _kinds[name]


def kind_of(record: Model | type[Model]) -> ContentKind:
    """Return the kind of a record or a model. Raises LookupError for a model that is not content."""
    return _by_model[record if isinstance(record, type) else type(record)]


def is_content(record: Model | type[Model]) -> bool:
    """Return whether a record or a model is of a registered kind."""
    return (record if isinstance(record, type) else type(record)) in _by_model


def addressed_choices() -> list[tuple[str, str]]:
    """Return code and label of the kinds with help numbers, as choices of a model field."""
    return [(kind.name, kind.label) for kind in addressed_kinds()]
