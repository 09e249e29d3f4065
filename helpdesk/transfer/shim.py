from dataclasses import dataclass

from django.db import models

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.publishing import Publishable


class _Meta(type):
    def __instancecheck__(cls, f):
        return getattr(f, "name", "") in {
            "details",
            "body",
            "how_to_check",
            "prevention",
            "introduction",
            "notice",
            "answer",
        }


class MarkdownField(metaclass=_Meta):
    pass


@dataclass(frozen=True, kw_only=True)
class ContentKind:
    name: str
    model: type[models.Model]
    letter: str = ""
    bundle: BundleFormat = BundleFormat()
    shows: tuple = ()
    depends_on: tuple = ()

    @property
    def label(self):
        return str(self.model._meta.verbose_name)

    @property
    def label_plural(self):
        return str(self.model._meta.verbose_name_plural)

    @property
    def is_publishable(self):
        return issubclass(self.model, Publishable)

    def models_read(self):
        found = {}
        for lookup in (*self.depends_on, *self.shows):
            model = self.model
            for part in lookup.split("__"):
                model = model._meta.get_field(part).related_model
            found[lookup] = model
        return found


_K = []


def symptom_conflicts(values):
    from django.utils.translation import gettext

    if values["leads_to"] and values["causes"]:
        yield gettext("A situation that leads to another guide has no checks.")
    if values["leads_to"] and values["leads_to"] == values["guide"]:
        yield gettext("A symptom cannot lead to the guide it stands in.")


def all_kinds():
    if not _K:
        from helpdesk.faq.models import FaqCategory, FaqEntry
        from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
        from helpdesk.search.models import Synonym

        _K.extend(
            [
                ContentKind(
                    name="contact-point",
                    model=ContactPoint,
                    bundle=BundleFormat(
                        words={"purpose": "for what", "preparation": "what to have ready", "details": "more to know"},
                        omitted=("updated_at",),
                    ),
                ),
                ContentKind(name="resolution", model=Resolution, bundle=BundleFormat(words={"body": "what to do"})),
                ContentKind(name="cause", model=Cause),
                ContentKind(name="guide", model=Guide, letter="g"),
                ContentKind(
                    name="symptom",
                    model=Symptom,
                    letter="s",
                    bundle=BundleFormat(inside="guide", words={"causes": "checks"}, conflicts=symptom_conflicts),
                    shows=("checks__cause", "checks__cause__resolution"),
                    depends_on=("guide", "leads_to", "checks", "checks__cause__resolution__contact_point"),
                ),
                ContentKind(
                    name="category",
                    model=FaqCategory,
                    bundle=BundleFormat(name="FAQ category", section="FAQ", omitted=("updated_at",)),
                ),
                ContentKind(
                    name="entry",
                    model=FaqEntry,
                    letter="f",
                    bundle=BundleFormat(name="FAQ entry", section="entries", inside="category"),
                    depends_on=("category",),
                ),
                ContentKind(
                    name="synonym",
                    model=Synonym,
                    bundle=BundleFormat(
                        key=("words", "means"),
                        words={"words": "customers say", "means": "the pages say"},
                        omitted=("updated_at",),
                    ),
                ),
            ]
        )
    return _K


def kind_of(model):
    return next(k for k in all_kinds() if k.model is model)
