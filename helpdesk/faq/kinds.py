"""Content kinds of the Technical FAQ: categories and entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind, FeedSource, SearchSource
from helpdesk.content.search_text import SearchPassage, SearchText, joined_interval, public_between
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.text.markdown import plain


def entry_search_text(entry: FaqEntry) -> SearchText | None:
    """Return the text of an FAQ entry; None for one that is not going to be public by itself."""
    public = public_between(entry)
    if public is None:
        return None
    return SearchText(
        entry.number,
        "entry",
        entry.slug,
        0,
        entry.get_absolute_url(),
        entry.category.title,
        entry.question,
        *public,
        keywords=entry.keywords,
        context=entry.category.title,
        parts=(SearchPassage("", "", plain(entry.answer)),),
    )


def category_search_text(category: FaqCategory) -> SearchText | None:
    """Return the text of a topic's page, which is public while one of its entries is; None where none will be."""
    public = joined_interval(public_between(entry) for entry in category.entries.all())
    if public is None:
        return None
    return SearchText(
        category.number,
        "category",
        category.slug,
        0,
        category.get_absolute_url(),
        "",
        category.title,
        *public,
        parts=(SearchPassage("", "", plain(category.introduction)),),
    )


FAQ_CATEGORY = ContentKind(
    name="category",
    model=FaqCategory,
    url_name="faq-topic",
    url_lookups={"category": "slug"},
    bundle=BundleFormat(name="FAQ category", section="FAQ", omitted=("updated_at",)),
    search=SearchSource(
        queryset=lambda: FaqCategory.objects.prefetch_related("entries"),
        text=category_search_text,
        reads=("entries",),
        label=_("FAQ topic"),
    ),
)

FAQ_ENTRY = ContentKind(
    name="entry",
    model=FaqEntry,
    letter="f",
    url_name="faq-entry",
    url_lookups={"entry": "slug"},
    parent="category",
    depends_on=("category",),
    history=("category",),
    bundle=BundleFormat(name="FAQ entry", section="entries"),
    search=SearchSource(queryset=lambda: FaqEntry.objects.select_related("category"), text=entry_search_text),
    feed=FeedSource(
        queryset=lambda entries: entries,
        title=lambda entry: entry.question,
        summary=lambda entry: plain(entry.answer),
    ),
)

KINDS = (FAQ_CATEGORY, FAQ_ENTRY)
