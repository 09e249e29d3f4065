"""Content kinds of the guides: contact points, resolutions, causes, guides, groups, symptoms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts.kinds import CONTACT_LINE, CONTACT_POINT
from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind, FeedSource, SearchSource
from helpdesk.content.search_text import SearchPassage, SearchText, public_between
from helpdesk.guides.models import Cause, Guide, Resolution, SituationGroup, Symptom
from helpdesk.text.markdown import plain


def symptom_search_text(symptom: Symptom) -> SearchText | None:
    """Return the text of a symptom's pages; None for one that is not going to be public by itself."""
    guide, onward = symptom.guide, symptom.leads_to
    public = public_between(symptom, guide, *([onward] if onward else []))
    if public is None:
        return None
    causes = [check.cause for check in symptom.checks.all()]
    parts = [SearchPassage("", "", " ".join(plain(text) for text in (symptom.introduction, symptom.notice) if text))]
    for cause in causes:
        solution = f"{cause.resolution.title}. {plain(cause.resolution.body)}"
        check = " ".join(text for text in (cause.question, plain(cause.how_to_check)) if text)
        parts.append(SearchPassage(cause.title, cause.slug, f"{check} {solution}".strip()))
    names = [guide.short_title, guide.title, *([onward.title] if onward else []), *(cause.title for cause in causes)]
    return SearchText(
        symptom.number,
        "symptom",
        symptom.slug,
        guide.number,
        symptom.get_absolute_url(),
        guide.short_title,
        symptom.title,
        *public,
        message=symptom.message,
        keywords=symptom.keywords,
        context="\n".join(names),
        parts=tuple(parts),
    )


def guide_search_text(guide: Guide) -> SearchText | None:
    """Return the text of a guide's page; None for a draft."""
    public = public_between(guide)
    if public is None:
        return None
    return SearchText(
        guide.number,
        "guide",
        guide.slug,
        guide.number,
        guide.get_absolute_url(),
        guide.short_title,
        guide.title,
        *public,
        context=guide.short_title,
        parts=(SearchPassage("", "", plain(guide.introduction)),),
    )


# Records whose text is on the pages of a symptom.
_CONTACTS = ("contact_point", "contact_point__lines")
_SHOWN_BY_SYMPTOM = (
    "checks__cause",
    "checks__cause__resolution",
    *(f"checks__cause__resolution__{lookup}" for lookup in _CONTACTS),
)


def symptom_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for each contradiction between the imported values of a symptom."""
    if values["leads_to"] and values["causes"]:
        yield gettext("A situation that continues in another guide can't have checks. Remove one of the two.")
    if values["leads_to"] and values["leads_to"] == values["guide"]:
        yield gettext("A situation can't continue in its own guide. Choose another guide.")


RESOLUTION = ContentKind(
    name="resolution",
    model=Resolution,
    guide_lookup="causes__checks__symptom__guide__number",
    history=_CONTACTS,
    bundle=BundleFormat(words={"body": "what to do"}, since_format_2=("ending", "takes_effect", "wait_hours")),
)

CAUSE = ContentKind(
    name="cause",
    model=Cause,
    guide_lookup="checks__symptom__guide__number",
    history=("resolution", *(f"resolution__{lookup}" for lookup in _CONTACTS)),
    bundle=BundleFormat(
        since_format_2=("question", "answer_yes", "answer_no", "answer_unsure"),
        former_defaults={
            "minutes": _(
                "Bundles of version 1.0 leave out minutes that are 1, also where nobody chose that number. "
                "Causes without minutes in the file stay as they are here; new ones get none."
            )
        },
    ),
)

GUIDE = ContentKind(
    name="guide",
    model=Guide,
    letter="g",
    url_name="guide",
    url_lookups={"guide": "slug"},
    guide_lookup="number",
    history=("groups", "symptoms", *(f"symptoms__{lookup}" for lookup in _SHOWN_BY_SYMPTOM)),
    history_order="symptoms",
    history_order_label=_("Situations"),
    bundle=BundleFormat(since_format_2=("icon",)),
    search=SearchSource(queryset=Guide.objects.all, text=guide_search_text, label=_("Guide")),
)

GROUP = ContentKind(
    name="group",
    model=SituationGroup,
    parent="guide",
    parent_title="short_title",
    guide_lookup="guide__number",
    bundle=BundleFormat(words={"title": "heading"}, omitted=("updated_at",)),
)

SYMPTOM = ContentKind(
    name="symptom",
    model=Symptom,
    letter="s",
    url_name="symptom",
    url_lookups={"guide": "guide__slug", "symptom": "slug"},
    parent="guide",
    parent_title="short_title",
    guide_lookup="guide__number",
    shows=("checks__cause", "checks__cause__resolution"),
    depends_on=("guide", "leads_to", "checks"),
    history=_SHOWN_BY_SYMPTOM,
    history_order="checks__cause",
    history_order_label=_("Checks"),
    bundle=BundleFormat(words={"causes": "checks"}, conflicts=symptom_conflicts, since_format_2=("group", "on_home")),
    search=SearchSource(queryset=Symptom.objects.for_page, text=symptom_search_text),
    feed=FeedSource(
        queryset=lambda symptoms: symptoms.select_related("guide"),
        title=lambda symptom: f"{symptom.guide.short_title}: {symptom.title}",
        summary=lambda symptom: plain(symptom.introduction or symptom.message),
    ),
)

KINDS = (CONTACT_POINT, CONTACT_LINE, RESOLUTION, CAUSE, GUIDE, GROUP, SYMPTOM)
