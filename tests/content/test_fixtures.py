"""The fixtures as data: what they hold, in what order, that they load twice, and that they come back as they went."""

import io
import re

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactLine, ContactPoint, Guide, Resolution, Symptom
from helpdesk.operations.startup import FIRST_CONTENT
from helpdesk.outside.models import OutsidePage
from helpdesk.redirects.models import Redirect
from helpdesk.search.models import Synonym
from helpdesk.search.synonym_form import SynonymForm
from helpdesk.search.tokens import stems
from helpdesk.text import readability
from helpdesk.text.markdown import render

pytestmark = pytest.mark.usefixtures("first_content")

# What the content consists of. Named one by one, since a dump of the whole apps would hold the history as well.
CONTENT = {
    "outside.outsidepage": OutsidePage,
    "guides.contactpoint": ContactPoint,
    "guides.contactline": ContactLine,
    "guides.resolution": Resolution,
    "guides.cause": Cause,
    "guides.guide": Guide,
    "guides.symptom": Symptom,
    "guides.check": Check,
    "faq.faqcategory": FaqCategory,
    "faq.faqentry": FaqEntry,
    "search.synonym": Synonym,
    "links.helpnumber": HelpNumber,
    "links.formeraddress": FormerAddress,
    "links.redirect": Redirect,
}


CHECKS = {
    "trading-platform-login": {
        "invalid-username-password": [
            "account-not-approved",
            "account-not-funded",
            "account-closed",
            "paper-account-credentials",
        ],
        "invalid-passcode": ["passcode-lower-case"],
        "forgotten-username-password": ["credentials-forgotten"],
        "connection-attempts": ["internet-down", "firewall-blocking", "ports-blocked"],
        "without-security-device": ["device-not-at-hand"],
        "security-device-lost": ["device-lost-or-damaged"],
        "temporary-passcode-expired": ["passcode-past-two-days"],
        "security-card-expired": ["card-past-21-days"],
        "awaiting-security-device": ["device-in-delivery"],
        "passcode-account-management-only": ["passcode-restricted"],
        "activate-security-device": ["device-needs-activation"],
    },
    "account-management-login": {
        "invalid-username-password": ["caps-lock-on", "account-locked"],
        "invalid-passcode": ["passcode-lower-case"],
        "forgotten-username-password": ["credentials-forgotten"],
        "without-security-device": ["device-not-at-hand"],
        "security-device-lost": ["device-lost-or-damaged"],
        "temporary-passcode-expired": ["passcode-past-two-days"],
        "security-card-expired": ["card-past-21-days"],
        "awaiting-security-device": ["device-in-delivery"],
        "passcode-account-management-only": ["passcode-restricted"],
        "activate-security-device": ["device-needs-activation"],
        "bad-character": ["user-name-characters"],
    },
}

ENTRIES = [
    "can-i-run-tws",
    "install-tws",
    "system-requirements",
    "standalone-or-browser",
    "java-plugin",
    "beta-release",
    "release-changes",
    "new-version",
    "reinstall-tws",
    "username-not-recognized",
    "more-information",
    "who-to-contact",
    "close-positions-offline",
    "windows-screenshot",
]

MESSAGES = {
    1101: "Invalid user name password combination",
    1102: "Invalid passcode",
    1104: "Log in progress (attempt #N)",
    1201: "Invalid user name password combination",
    1202: "Invalid passcode",
    1211: "BAD CHARACTER",
}


# What is there, and in what order


def test_counts():
    counts = {model: model.objects.count() for model in (ContactPoint, Guide, Symptom, Cause, FaqCategory, FaqEntry)}

    assert counts == {ContactPoint: 3, Guide: 2, Symptom: 22, Cause: 19, FaqCategory: 1, FaqEntry: 14}


def test_checks_are_those_promised_in_order():
    found = {}
    for check in Check.objects.order_by("symptom__guide__position", "symptom__position", "position"):
        guide, symptom, cause = check.natural_key()
        found.setdefault(guide, {}).setdefault(symptom, []).append(cause)

    assert [(guide, list(symptoms.items())) for guide, symptoms in found.items()] == [
        (guide, list(symptoms.items())) for guide, symptoms in CHECKS.items()
    ]


@pytest.mark.parametrize("guide", CHECKS)
def test_situations_stand_in_order_of_their_numbers_without_gaps(guide):
    rows = list(Symptom.objects.filter(guide__slug=guide).order_by("number").values_list("slug", "position"))

    assert rows == [(slug, position) for position, slug in enumerate(CHECKS[guide], start=1)]


def test_check_positions_have_no_gaps():
    for symptom in Symptom.objects.all():
        positions = list(symptom.checks.order_by("position").values_list("position", flat=True))

        assert positions == list(range(1, len(positions) + 1)) != [], symptom


def test_nine_causes_serve_both_guides():
    first, second = ({cause for causes in symptoms.values() for cause in causes} for symptoms in CHECKS.values())

    assert len(first & second) == 9
    assert set(Cause.objects.values_list("slug", flat=True)) == first | second


def test_entries_are_those_promised_in_order():
    rows = list(FaqEntry.objects.order_by("position").values_list("category__slug", "slug", "number", "position"))

    assert rows == [("tws", slug, 1300 + place, place) for place, slug in enumerate(ENTRIES, start=1)]


def test_contact_points_stand_in_order():
    slugs = list(ContactPoint.objects.values_list("slug", flat=True))

    assert slugs == ["customer-service", "technical-assistance", "trade-desk"]


def test_related_symptoms():
    related = {entry.slug: sorted(s.number for s in entry.related_symptoms.all()) for entry in FaqEntry.objects.all()}

    assert {slug: numbers for slug, numbers in related.items() if numbers} == {
        "username-not-recognized": [1101, 1201],
        "close-positions-offline": [1104],
    }


def test_messages_are_letter_by_letter():
    messages = dict(Symptom.objects.exclude(message="").values_list("number", "message"))

    assert messages == MESSAGES


def test_only_the_refused_account_management_login_has_a_security_notice():
    assert list(Symptom.objects.exclude(notice="").values_list("number", flat=True)) == [1201]


def test_everything_is_published():
    for model in (Guide, Symptom, FaqEntry):
        assert model.objects.published().count() == model.objects.count()


# Numbers


def test_numbers_are_of_their_kind():
    numbers = {
        "guide": sorted(Guide.objects.values_list("number", flat=True)),
        "symptom": sorted(Symptom.objects.values_list("number", flat=True)),
        "cause": sorted(Cause.objects.values_list("number", flat=True)),
        "category": sorted(FaqCategory.objects.values_list("number", flat=True)),
        "entry": sorted(FaqEntry.objects.values_list("number", flat=True)),
    }

    assert numbers == {
        "guide": [1001, 1002],
        "symptom": [*range(1101, 1112), *range(1201, 1212)],
        "cause": list(range(1401, 1420)),
        "category": [1300],
        "entry": list(range(1301, 1315)),
    }
    book = dict(HelpNumber.objects.values_list("number", "kind"))
    assert book == {number: kind for kind, given in numbers.items() for number in given}


def test_causes_are_numbered_in_order_of_first_appearance():
    appearance = [cause for symptoms in CHECKS.values() for causes in symptoms.values() for cause in causes]

    assert list(Cause.objects.order_by("number").values_list("slug", flat=True)) == list(dict.fromkeys(appearance))


# The way to people


def test_every_resolution_leads_to_people():
    assert not Resolution.objects.filter(contact_point=None).exists()


def test_every_resolution_is_of_use():
    assert not Resolution.objects.filter(causes=None).exists()


def test_connection_and_delivery_are_for_technical_assistance():
    causes = Cause.objects.filter(resolution__contact_point__slug="technical-assistance").order_by("number")

    assert [cause.slug for cause in causes] == [
        "internet-down",
        "firewall-blocking",
        "ports-blocked",
        "device-in-delivery",
    ]


# Links in the texts


def texts():
    """Every Markdown text, under the record and field it stands in."""
    fields = {
        ContactPoint: ["details"],
        Guide: ["introduction"],
        Symptom: ["introduction", "notice"],
        Cause: ["how_to_check", "prevention"],
        Resolution: ["body"],
        FaqCategory: ["introduction"],
        FaqEntry: ["answer"],
    }
    for model, names in fields.items():
        for record in model.objects.all():
            for name in names:
                yield f"{model.__name__} {record.slug} {name}", getattr(record, name)


def links():
    """Every link target, under the text it stands in."""
    return [(where, target) for where, text in texts() for target in re.findall(r'href="([^"]*)"', render(text))]


def leads_somewhere(target):
    models = {"g": Guide, "s": Symptom, "f": FaqEntry}
    if short := re.fullmatch(r"/([gsf])/(\d+)/", target):
        return models[short[1]].objects.published().filter(number=short[2]).exists()
    return target in ("/contact/", "mailto:tac@interactivebrokers.com", "tel:+18774422757")


def test_links_lead_to_published_pages():
    found = links()

    assert len(found) >= 10
    assert [(where, target) for where, target in found if not leads_somewhere(target)] == []


def test_short_addresses_in_texts_are_links():
    written = [match for _, text in texts() for match in re.findall(r"/(?:[gsf]/\d+|contact)/", text)]

    assert sorted(written) == sorted(target for _, target in links() if target.startswith("/"))


def test_no_text_names_an_outside_address():
    assert [where for where, text in texts() if re.search(r"https?:|www\.", text)] == []


def test_answers_have_no_headings():
    assert [where for where, text in texts() if "<h" in render(text)] == []


# Synonyms


def test_synonyms_are_as_the_admin_would_take_them():
    problems = {}
    for synonym in Synonym.objects.all():
        values = {"words": synonym.words, "means": synonym.means, "seen": synonym.updated_at.isoformat()}
        form = SynonymForm(values | ({"both_ways": "on"} if synonym.both_ways else {}), instance=synonym)
        if not form.is_valid() or form.cleaned_data["words"] != synonym.words:
            problems[str(synonym)] = form.errors

    assert problems == {}
    assert 25 <= Synonym.objects.count() <= 45


def test_synonyms_mean_what_some_page_says():
    """Else a synonym finds nothing."""
    spoken = " / ".join(" ".join(stems(text)) for text in [*(text for _, text in texts()), *titles_and_keywords()])
    meant = {term for synonym in Synonym.objects.all() for term in synonym.means.split(",")}

    assert len(meant) > 25
    assert {term for term in meant if f" {' '.join(stems(term))} " not in f" {spoken} "} == set()


def titles_and_keywords():
    for symptom in Symptom.objects.all():
        yield from (symptom.title, symptom.message, symptom.keywords)
    for entry in FaqEntry.objects.all():
        yield from (entry.question, entry.keywords)
    yield from Cause.objects.values_list("title", flat=True)


# The files


def records(project):
    for name in FIRST_CONTENT:
        yield from yaml.safe_load((project / "fixtures" / f"{name}.yaml").read_text())


def fields_of(model):
    """The names that a record of this model gives in a fixture."""
    own = [field.name for field in model._meta.local_fields if not field.primary_key]
    many = [field.name for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]
    return {*own, *many}


def test_records_give_every_field_and_no_key(project):
    for record in records(project):
        assert record.keys() == {"model", "fields"}
        assert record["fields"].keys() == fields_of(CONTENT[record["model"]]), record["fields"]


@pytest.mark.parametrize("name", FIRST_CONTENT)
def test_file_says_on_top_how_to_load_it(project, name):
    text = (project / "fixtures" / f"{name}.yaml").read_text()

    assert text.startswith("# ")
    assert f"loaddata {' '.join(FIRST_CONTENT)}" in text.partition("- model:")[0]


# Loading and dumping


def rows():
    related = FaqEntry.related_symptoms.through
    return {model: list(model.objects.order_by("pk").values()) for model in [*CONTENT.values(), related]}


def test_loading_twice_changes_nothing():
    before = rows()

    call_command("loaddata", *FIRST_CONTENT, verbosity=0)

    assert rows() == before


def dump():
    out = io.StringIO()
    call_command(
        "dumpdata", *CONTENT, use_natural_primary_keys=True, use_natural_foreign_keys=True, format="yaml", stdout=out
    )
    return out.getvalue()


def test_content_is_all_but_the_history():
    models = {
        model._meta.label_lower: model
        for app in ("guides", "faq", "links")
        for model in apps.get_app_config(app).get_models()
    }
    del models["links.deadaddress"]  # what visitors asked for
    models["outside.outsidepage"] = OutsidePage  # the rest of the app is what checks of links found
    models["search.synonym"] = Synonym  # the rest of the search is derived from content, or counted

    assert {label for label in models if not label.partition(".")[2].startswith("historical")} == set(CONTENT)


def test_dump_loads_into_an_empty_portal_and_comes_back_byte_for_byte(tmp_path):
    dumped = dump()
    (tmp_path / "content.yaml").write_text(dumped)
    connection.check_constraints()  # PostgreSQL empties no table that has checks to come
    call_command("flush", interactive=False, verbosity=0)
    # Emptying the tables is deleting pages, and the addresses of deleted pages are remembered.
    FormerAddress.objects.all().delete()
    assert rows() == {model: [] for model in rows()}

    call_command("loaddata", tmp_path / "content.yaml", verbosity=0)

    assert dump() == dumped


# Plain words


def reading_ease(spoken):
    """The Flesch reading ease of a page, given by its sentences."""
    words = [word for sentence in spoken for word in readability.words(sentence)]
    return readability.ease(len(spoken), len(words), sum(map(readability.syllables, words)))


def pages():
    """The sentences of each page, under its name."""
    for guide in Guide.objects.all():
        titles = guide.symptoms.values_list("title", flat=True)
        yield (
            guide.slug,
            [
                s
                for text in (guide.title, guide.prompt, guide.introduction, *titles)
                for s in readability.sentences(text)
            ],
        )
    for symptom in Symptom.objects.for_page():
        spoken = [symptom.title, symptom.introduction, symptom.notice]
        for cause in (check.cause for check in symptom.checks.all()):
            spoken += [cause.title, cause.how_to_check, cause.resolution.title, cause.resolution.body, cause.prevention]
        yield f"{symptom.guide.slug}/{symptom.slug}", [s for text in spoken for s in readability.sentences(text)]
    for entry in FaqEntry.objects.all():
        yield entry.slug, [*readability.sentences(entry.question), *readability.sentences(entry.answer)]
    for point in ContactPoint.objects.all():
        spoken = [point.name, point.purpose, point.preparation, point.details]
        yield point.slug, [s for text in spoken for s in readability.sentences(text)]


def test_every_page_reads_easily():
    ease = {name: reading_ease(spoken) for name, spoken in pages()}

    assert len(ease) == 2 + 22 + 14 + 3
    assert {name: round(score) for name, score in ease.items() if score < 60} == {}


def test_no_sentence_is_long():
    spoken = {sentence for _, page in pages() for sentence in page}

    assert {sentence for sentence in spoken if len(readability.words(sentence)) > 20} == set()


def test_reading_ease_tells_plain_from_hard():
    plain = readability.sentences("Call us. We check who you are. Then we help you.")
    hard = readability.sentences(
        "Authentication irregularities necessitate telephonic identity verification procedures."
    )

    assert reading_ease(plain) > 90
    assert reading_ease(hard) < 0


@pytest.mark.parametrize(
    "other", ["username", "website", "dongle", "token", "sign in", "log on", "logon", "please", "simply", "e-mail"]
)
def test_words_we_do_not_use(other):
    """One thing has one name ("user name", "web site", "security device"), and nobody is talked down to."""
    spoken = {sentence for _, page in pages() for sentence in page}

    assert {sentence for sentence in spoken if re.search(rf"\b{other}\b", sentence, re.IGNORECASE)} == set()
