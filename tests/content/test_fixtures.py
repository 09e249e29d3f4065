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
from helpdesk.guides.models import Cause, Check, ContactLine, ContactPoint, Guide, Resolution, SituationGroup, Symptom
from helpdesk.identity.models import Identity
from helpdesk.operations.startup import FIRST_CONTENT
from helpdesk.outside.models import OutsidePage
from helpdesk.publishcheck.rules import problems_of
from helpdesk.redirects.models import Redirect
from helpdesk.search.models import Promise, Synonym
from helpdesk.search.promise_form import PromiseForm
from helpdesk.search.synonym_form import SynonymForm
from helpdesk.search.tokens import stems
from helpdesk.text import readability
from helpdesk.text.markdown import render

pytestmark = pytest.mark.usefixtures("first_content")

# What the content consists of. Named one by one, since a dump of the whole apps would hold the history as well.
CONTENT = {
    "outside.outsidepage": OutsidePage,
    "identity.identity": Identity,
    "guides.contactpoint": ContactPoint,
    "guides.contactline": ContactLine,
    "guides.resolution": Resolution,
    "guides.cause": Cause,
    "guides.guide": Guide,
    "guides.situationgroup": SituationGroup,
    "guides.symptom": Symptom,
    "guides.check": Check,
    "faq.faqcategory": FaqCategory,
    "faq.faqentry": FaqEntry,
    "search.synonym": Synonym,
    "search.promise": Promise,
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


CUSTOMER_SERVICE_PAGE = "https://www.interactivebrokers.com/en/support/customer-service.php"


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


# How the walks go and end

# Cause: its question (empty where its resolution is shown at once), how its resolution ends, and who is named there.
ENDINGS = {
    "account-not-approved": ("Is your account still waiting for approval?", "wait", "customer-service"),
    "account-not-funded": ("Is your account still waiting for the minimum deposit?", "wait", "customer-service"),
    "account-closed": ("Has your account been closed?", "none", "customer-service"),
    "paper-account-credentials": (
        "Are you using your live account login for paper trading?",
        "fix",
        "customer-service",
    ),
    "passcode-lower-case": ("Are you using a temporary passcode?", "fix", "customer-service"),
    "credentials-forgotten": ("", "contact", "customer-service"),
    "internet-down": ("Is your Internet connection down?", "fix", "technical-assistance"),
    "firewall-blocking": ("", "fix", "technical-assistance"),
    "ports-blocked": ("", "fix", "technical-assistance"),
    "device-not-at-hand": ("", "contact", "customer-service"),
    "device-lost-or-damaged": ("", "contact", "customer-service"),
    "passcode-past-two-days": ("", "fix", "customer-service"),
    "card-past-21-days": ("", "contact", "customer-service"),
    "device-in-delivery": ("", "contact", "technical-assistance"),
    "passcode-restricted": ("", "fix", "customer-service"),
    "device-needs-activation": ("", "fix", "customer-service"),
    "caps-lock-on": ("Did you type any capital letters in your user name?", "fix", "customer-service"),
    "account-locked": ("Are you locked out, or about to be?", "wait", "customer-service"),
    "user-name-characters": ("", "fix", "customer-service"),
}


def test_causes_ask_and_end_as_promised():
    found = Cause.objects.select_related("resolution__contact_point").order_by("number")

    assert {
        cause.slug: (cause.question, cause.resolution.ending, cause.resolution.contact_point.slug) for cause in found
    } == ENDINGS


def test_every_resolution_is_of_use():
    assert not Resolution.objects.filter(causes=None).exists()


def test_only_the_lock_has_a_known_time():
    """The facts say no time to check, and one time to wait: 24 hours after the last failed attempt."""
    assert not Cause.objects.exclude(minutes=None).exists()
    assert list(Resolution.objects.exclude(wait_hours=None).values_list("causes__slug", "wait_hours")) == [
        ("account-locked", 24)
    ]


def test_titles_of_causes_are_statements():
    assert not Cause.objects.filter(title__contains="?").exists()


def test_question_and_answers_fit_on_a_telephone():
    """At most 45 words below a question, so that the answers stand on the same screen."""
    asked = Cause.objects.exclude(question="")
    lengths = {
        cause.slug: sum(len(readability.words(s)) for s in readability.sentences(cause.how_to_check)) for cause in asked
    }

    assert {slug: words for slug, words in lengths.items() if words > 45} == {}


US = ("America/New_York", "Mon-Fri 09:00-20:00, Sun 16:00-20:00")
CANADA = ("UTC", "Mon-Fri 13:00-22:30")
AUSTRALIA = ("UTC", "Sun-Thu 22:30-08:00")
LINES = {
    "customer-service": [
        ("United States", "+18774422757", True, *US),
        ("United States", "+13125426901", False, *US),
        ("Canada", "+18777454222", True, *CANADA),
        ("Canada", "+15148473499", False, *CANADA),
        ("Australia", "+61272510088", False, *AUSTRALIA),
    ],
    "technical-assistance": [("United States", "+18774422757", True, "", "")],
    "trade-desk": [],
}


def test_contact_points_have_the_lines_of_the_facts():
    found = {
        point.slug: [
            (line.place, line.href.removeprefix("tel:"), line.toll_free, line.time_zone, line.hours)
            for line in point.lines.all()
        ]
        for point in ContactPoint.objects.all()
    }

    assert found == LINES


def test_everybody_can_be_reached():
    assert list(ContactPoint.objects.values_list("slug", "email", "web_address", "confirmed_on")) == [
        ("customer-service", "", CUSTOMER_SERVICE_PAGE, None),
        ("technical-assistance", "tac@interactivebrokers.com", "", None),
        ("trade-desk", "", CUSTOMER_SERVICE_PAGE, None),
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
    if target.startswith("outside:"):
        return OutsidePage.objects.filter(slug=target.removeprefix("outside:")).exists()
    return target in (
        "/contact/",
        "mailto:tac@interactivebrokers.com",
        "tel:+18774422757",
    )


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


def test_promises_are_as_the_admin_would_take_them_and_true():
    promises = list(Promise.objects.all())
    assert promises
    for promise in promises:
        form = PromiseForm(
            {"page": promise.page, "words": promise.words, "seen": promise.updated_at.isoformat()}, instance=promise
        )
        assert form.is_valid(), form.errors
        assert (form.cleaned_data["page"], form.cleaned_data["words"]) == (promise.page, promise.words)
        assert problems_of(promise) == []


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
        for app in ("guides", "faq", "links", "identity")
        for model in apps.get_app_config(app).get_models()
    }
    del models["links.deadaddress"]  # what visitors asked for
    models["outside.outsidepage"] = OutsidePage  # the rest of the app is what checks of links found
    # The rest of the search is derived from content, or counted.
    models |= {"search.synonym": Synonym, "search.promise": Promise}

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
            spoken += [
                cause.title,
                cause.question,
                cause.how_to_check,
                cause.answer_yes,
                cause.answer_no,
                cause.prevention,
            ]
            spoken += [cause.resolution.title, cause.resolution.body, cause.resolution.takes_effect]
        yield f"{symptom.guide.slug}/{symptom.slug}", [s for text in spoken for s in readability.sentences(text)]
    for entry in FaqEntry.objects.all():
        yield entry.slug, [*readability.sentences(entry.question), *readability.sentences(entry.answer)]
    for point in ContactPoint.objects.all():
        spoken = [point.name, point.purpose, point.preparation, point.details]
        yield point.slug, [s for text in spoken for s in readability.sentences(text)]


def test_sentences_are_short_on_average():
    lengths = {name: [len(readability.words(sentence)) for sentence in spoken] for name, spoken in pages()}

    assert len(lengths) == 2 + 22 + 14 + 3
    assert {name: found for name, found in lengths.items() if sum(found) / len(found) >= 18} == {}


OTHER_WORDS = """
username, web site, lower case, upper case, e-mail, dongle, token, sign in, log on, logon, please, simply,
small letters, cannot, do not, is not, colour, centre, recognised
"""


@pytest.mark.parametrize("other", OTHER_WORDS.replace("\n", " ").strip().split(", "))
def test_words_we_do_not_use(other):
    """One thing has one name, as it is spoken and spelled in the US, and nobody is talked down to."""
    spoken = {sentence for _, page in pages() for sentence in page}

    assert {sentence for sentence in spoken if re.search(rf"\b{other}\b", sentence, re.IGNORECASE)} == set()


@pytest.mark.parametrize(
    "invented", ["minute", "most likely", "common", "plan for", "guess", "try again", "any time", "send the amount"]
)
def test_nothing_is_said_that_the_facts_do_not_say(invented):
    """Durations, likelihoods and advice that pages once had without anybody having stated them."""
    spoken = {sentence for _, page in pages() for sentence in page if "hackers who guess passwords" not in sentence}

    assert {sentence for sentence in spoken if re.search(rf"\b{invented}", sentence, re.IGNORECASE)} == set()


# What each record says in figures. A text about something else has none.
FIGURES = {
    "account-not-funded": ["10,000"],
    "complete-deposit": ["10,000"],
    "ports-blocked": ["4000", "4001", "4000", "4001"],
    "open-ports": ["4000", "4001", "4000", "4001"],
    "get-temporary-passcode": ["2", "3"],
    "order-replacement-device": ["3", "14"],
    "print-online-security-card": ["21"],
    "passcode-past-two-days": ["2", "2", "10"],
    "card-past-21-days": ["21", "21", "21"],
    "device-in-delivery": ["2", "2"],
    "call-about-device-in-delivery": ["1-877-442-2757"],
    "unlock-account-by-telephone": ["24", "24"],
    "account-locked": ["10", "24"],
    "1201": ["10", "24", "24"],
    "username-not-recognized": ["10"],
    "close-positions-offline": ["24", "30"],
    "trade-desk": ["24", "30"],
}


def test_figures_are_those_of_the_facts():
    records = {
        record.slug: record
        for model in (Guide, Cause, Resolution, FaqEntry, ContactPoint)
        for record in model.objects.all()
    }
    records |= {str(symptom.number): symptom for symptom in Symptom.objects.all()}  # two guides have the same slugs
    fields = ("title", "question", "introduction", "notice", "how_to_check", "prevention", "body", "takes_effect")
    fields += ("answer", "purpose", "preparation", "details")
    found = {}
    for slug, record in records.items():
        spoken = " ".join(s for name in fields for s in readability.sentences(getattr(record, name, "")))
        if figures := re.findall(r"\d(?:[\d,-]*\d)?", spoken):
            found[slug] = figures

    assert found == FIGURES
