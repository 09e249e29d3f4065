"""Models of the search index, of synonyms, and of visitors' searches.

`SearchDocument`, `StaleDocument` and `SearchWord` are derived from the content: never edited, and made anew by
`manage.py reindex`. Synonyms are kept by staff. Searches are counted, scrubbed of what could be personal.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.natural_keys import depends_on
from helpdesk.history.versioned import Versioned, VersionedQuerySet, Versions
from helpdesk.search.tokens import LONGEST_WORD


class SearchDocument(models.Model):
    """Index entry of one page, under its help number, or as `content.search_numbers` numbers records without one.

    Only pages that are or will be public have one. The looked-up columns hold stems or words with one blank between
    them, as `helpdesk.search.tokens` makes them; the engines index these columns.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=80, db_index=True)
    guide = models.PositiveIntegerField(default=0, help_text=_("The guide's number; 0 for a page outside of guides"))
    # The moments between which the page and all it stands in are public.
    public_from = models.DateTimeField()
    public_until = models.DateTimeField(null=True)
    # Whether its words are counted: they are while it is public, so that no word is known of what nobody may see.
    is_counted = models.BooleanField()
    # What is shown of it, so that neither a hit nor a suggestion needs the page itself.
    path = models.CharField(max_length=200)
    # The link by which a promise names the page.
    link = models.CharField(max_length=200, db_index=True, default="", db_default="")
    place = models.CharField(max_length=160)
    shown_title = models.CharField(max_length=200)
    shown_message = models.CharField(max_length=300)
    # Words as they are written, for prefixes: of title and message, and of the keywords. Before the long columns, since
    # SQLite reads a row from its beginning, and suggestions need no more than this.
    heading = models.TextField()
    aliases = models.TextField()
    # Stems, one column for each weight.
    title = models.TextField()
    message = models.TextField()
    keywords = models.TextField()
    context = models.TextField()
    body = models.TextField()
    # Every word of the document once, in order.
    words = models.TextField()
    parts = models.TextField(help_text=_("JSON: the texts of the page, each with the title and slug of its check"))

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["title"], name="search_document_title"),
            # The moments to come.
            models.Index(fields=["public_from"], condition=Q(is_counted=False), name="search_document_to_appear"),
            models.Index(fields=["public_until"], condition=Q(is_counted=True), name="search_document_to_go"),
        ]

    def __str__(self) -> str:
        return self.shown_title


class StaleDocument(models.Model):
    """Note that a page changed and its document is not updated yet; a page may have several.

    Written by triggers in the change's own transaction.
    """

    number = models.BigIntegerField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


class SearchWord(models.Model):
    """Word of the documents, its stem, and the number of documents with it. The empty word is in all of them."""

    word = models.CharField(max_length=LONGEST_WORD, unique=True)
    stem = models.CharField(max_length=LONGEST_WORD, db_index=True)
    documents = models.IntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class SynonymQuerySet(VersionedQuerySet["Synonym"]):
    def get_by_natural_key(self, words: str, means: str) -> Synonym:
        return self.get(words=words, means=means)


class Synonym(Versioned):
    """Words that customers use for what the pages call otherwise."""

    words = models.CharField(_("customers say"), max_length=200, help_text=_("Separate words or phrases with commas."))
    means = models.CharField(_("the pages say"), max_length=200, help_text=_("Separate words or phrases with commas."))
    both_ways = models.BooleanField(
        _("both ways"),
        default=False,
        help_text=_("Searches for the pages' words also find the customers' words."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SynonymQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["words", "means"]
        constraints = [
            models.UniqueConstraint(fields=["words", "means"], name="search_synonym_once"),
            models.CheckConstraint(condition=~Q(words="") & ~Q(means=""), name="search_synonym_words_given"),
        ]

    def __str__(self) -> str:
        return f"{self.words} {'↔' if self.both_ways else '→'} {self.means}"

    @depends_on()
    def natural_key(self) -> tuple[str, str]:
        return (self.words, self.means)

    def clean(self) -> None:
        super().clean()
        for field in ("words", "means"):
            text = getattr(self, field)
            if text and not text.strip(" ,"):  # an empty one is refused as such
                raise ValidationError({field: gettext("Write at least one word.")})


# A promise names a contact point by its place on the page of all of them.
CONTACT_LINK = "/contact/#"


class PromiseQuerySet(VersionedQuerySet["Promise"]):
    def get_by_natural_key(self, page: str) -> Promise:
        return self.get(page=page)


class Promise(Versioned):
    """A page that is the first result for some words, whatever else has them.

    The page is named by a link that never changes: a short link, `/contact/#key` or `outside:key`.
    """

    page = models.CharField(_("page"), max_length=200, unique=True)
    words = models.TextField(_("words"), help_text=_("One word or phrase on each line."))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = PromiseQuerySet.as_manager()
    history = Versions()

    class Meta:
        verbose_name = _("promised search")
        verbose_name_plural = _("promised searches")
        ordering = ["page"]
        constraints = [
            models.CheckConstraint(condition=~Q(words="") & ~Q(page=""), name="search_promise_words_and_page_given"),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.words.splitlines()[:3])} → {self.page}"

    @depends_on()
    def natural_key(self) -> tuple[str]:
        return (self.page,)


class Search(models.Model):
    """Search of a visitor on one day, with the number of results. One row, however often it was repeated."""

    words = models.CharField(_("words"), max_length=200, help_text=_("Numbers and addresses are taken out."))
    shown = models.CharField(_("corrected to"), max_length=200, blank=True)
    hits = models.PositiveIntegerField(_("pages found"))
    guide = models.CharField(_("in the guide"), max_length=80, blank=True)
    visitor = models.CharField(_("visitor"), max_length=32, help_text=_("A mark that is another one every day."))
    day = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["visitor", "day", "words"], name="search_search_once_a_day"),
            models.CheckConstraint(condition=~Q(words=""), name="search_search_words_given"),
        ]
        indexes = [models.Index(fields=["day", "hits"], name="search_search_day_hits")]

    def __str__(self) -> str:
        return self.words


class OpenedPage(models.Model):
    """Page that a visitor opened from the results of a search."""

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="opened", verbose_name=_("search"))
    number = models.BigIntegerField(_("number of the document"))

    class Meta:
        verbose_name = _("opened page")
        verbose_name_plural = _("opened pages")
        default_permissions = ("view",)
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["search", "number"], name="search_openedpage_once")]

    def __str__(self) -> str:
        return str(self.number)
