"""The index follows the content, whatever changes it; drift is found and put right."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from threading import Event, Thread
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from helpdesk.announcements.models import Announcement
from helpdesk.content.search_numbers import search_number
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.operations import startup
from helpdesk.outside.models import OutsidePage
from helpdesk.search import index
from helpdesk.search.models import SearchDocument, SearchWord, StaleDocument
from helpdesk.search.query import search, suggest
from tests import factories

pytestmark = pytest.mark.django_db


def found(words):
    return {hit.number for group in search(words, exact=True).groups for hit in group.hits}


def in_step():
    index.catch_up()
    return list(index.drift())


def test_each_way_of_changing_a_page_is_found():
    symptom = factories.make_symptom(title="Alpha", message="Bravo", keywords="charlie", introduction="Delta")
    cause = symptom.checks.get().cause
    assert all(found(word) == {symptom.number} for word in ("alpha", "bravo", "charlie", "delta"))

    symptom.title = "Echo"
    symptom.save()
    Cause.objects.filter(pk=cause.pk).update(title="Foxtrot", how_to_check="Golf")
    Resolution.objects.update(body="Hotel")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guides_symptom SET keywords = 'india'")
    Guide.objects.update(title="Juliett", short_title="Kilo")

    assert found("alpha") == found("charlie") == set()
    words = ("echo", "foxtrot", "golf", "hotel", "india")
    assert [word for word in words if found(word) != {symptom.number}] == []
    assert found("juliett") == found("kilo") == {symptom.number, symptom.guide.number}
    assert in_step() == []


def test_checks_that_come_and_go_change_the_page():
    symptom = factories.make_symptom()
    other = factories.make_cause(title="Lima", how_to_check="Mike")
    Check.objects.create(symptom=symptom, cause=other, position=2)
    assert found("lima") == {symptom.number}

    Check.objects.filter(cause=other).delete()
    assert found("lima") == set()


def test_faq_entries_and_their_topics_are_followed():
    entry = factories.make_faq_entry(question="November?", answer="**Oscar**", keywords="papa")
    assert all(found(word) == {entry.number} for word in ("november", "oscar", "papa"))

    FaqEntry.objects.update(answer="Quebec")
    FaqCategory.objects.update(title="Romeo")
    assert found("oscar") == set()
    assert found("quebec") == {entry.number}
    assert found("romeo") == {entry.number, entry.category.number}
    [line] = suggest("novem")
    assert line.places == (("Romeo", entry.get_absolute_url(), entry.number),)


def test_bulk_changes_and_loading_are_followed(tmp_path):
    topic = factories.make_faq_category()
    entries = [factories.make_faq_entry(category=topic, question=f"Sierra {n}") for n in range(5)]
    assert len(found("sierra")) == 5
    for entry in entries:
        entry.question = entry.question.replace("Sierra", "Tango")
    FaqEntry.objects.bulk_update(entries, ["question"])
    assert found("sierra") == set()
    assert len(found("tango")) == 5

    dump = tmp_path / "faq.json"
    call_command("dumpdata", "faq.faqentry", "--natural-foreign", "--natural-primary", output=str(dump), verbosity=0)
    dump.write_text(dump.read_text().replace("Tango", "Uniform"))
    call_command("loaddata", str(dump), verbosity=0)
    assert found("tango") == set()
    assert len(found("uniform")) == 5
    FaqEntry.objects.all().delete()
    assert found("uniform") == set()
    assert in_step() == []


def test_a_rename_moves_the_address_in_the_index():
    symptom = factories.make_symptom(guide=factories.make_guide(slug="old"), slug="old", title="Victor")
    assert suggest("victor")[0].places[0][1] == "/guides/old/old/"

    Guide.objects.update(slug="new")
    Symptom.objects.update(slug="new")
    assert suggest("victor")[0].places[0][1] == "/guides/new/new/"
    assert symptom.number in found("victor")


def at(moment):
    return {"publish_at": moment}


def test_drafts_scheduled_and_archived_pages_are_in_no_hit_count_or_suggestion():
    now = timezone.now()
    day = timedelta(days=1)
    public = factories.make_symptom(title="Whiskey here", slug="here")
    make = factories.make_symptom
    make(title="Whiskey draft", published=False, guide=factories.make_guide())
    make(title="Whiskey tomorrow", published=False, guide=factories.make_guide(), **at(now + day))
    make(title="Whiskey over", published=False, guide=factories.make_guide(), **at(now - day), archive_at=now)
    make(title="Whiskey in a draft", guide=factories.make_guide(published=False))
    make(title="Whiskey to a draft", leads_to=factories.make_guide(published=False))
    make(title="Whiskey in an old guide", guide=factories.make_guide(published=False, **at(now - day), archive_at=now))
    factories.make_faq_entry(question="Whiskey draft?", published=False)
    factories.make_faq_entry(question="Whiskey tomorrow?", published=False, **at(now + day))

    answer = search("whiskey")
    assert [hit.number for group in answer.groups for hit in group.hits] == [public.number]
    assert answer.total == 1
    assert [s.places for s in suggest("whisk")] == [(("Log in", public.get_absolute_url(), public.number),)]
    for word in ("draft", "tomorrow", "over", "old"):
        assert search(word).groups == (), word
        assert search(word).nearest == (), word
        assert suggest(word) == (), word
    assert search("tomorow").groups == ()  # nor is a spelling learned from what is not public
    assert search("tomorow").nearest == ()


def test_the_same_symptom_in_a_guide_that_is_not_public_is_not_offered():
    factories.make_symptom(title="Xray", slug="same")
    factories.make_symptom(title="Xray", slug="same", guide=factories.make_guide(published=False))
    tomorrow = timezone.now() + timedelta(days=1)
    factories.make_symptom(title="Xray", slug="same", guide=factories.make_guide(published=False, **at(tomorrow)))

    answer = search("xray")
    assert [len(group.hits) for group in answer.groups] == [1]
    assert answer.total == 1
    assert [len(line.places) for line in suggest("xray")] == [1]


def test_a_page_appears_and_disappears_when_its_moment_passes():
    """The index is not written: the moments in it pass."""
    symptom = factories.make_symptom(title="Yankee")
    assert found("yankee") == {symptom.number}
    soon = timezone.now() + timedelta(hours=1)
    Symptom.objects.update(publish_at=soon)
    assert found("yankee") == set()
    assert suggest("yankee") == ()
    assert SearchDocument.objects.get(number=symptom.number).public_from == soon
    assert not StaleDocument.objects.exists()

    def an_hour_passes():
        hour = timedelta(hours=1, seconds=1)
        Symptom.objects.update(publish_at=F("publish_at") - hour, archive_at=F("archive_at") - hour)
        SearchDocument.objects.update(public_from=F("public_from") - hour, public_until=F("public_until") - hour)
        StaleDocument.objects.all().delete()  # which the triggers noted, but time does not

    an_hour_passes()
    assert found("yankee") == {symptom.number}
    assert len(suggest("yankee")) == 1

    Symptom.objects.update(archive_at=timezone.now() + timedelta(minutes=30))
    assert found("yankee") == {symptom.number}
    an_hour_passes()
    assert found("yankee") == set()
    assert suggest("yankee") == ()


def test_what_is_known_to_be_out_of_step_is_not_offered(monkeypatch):
    factories.make_symptom(title="Zulu")
    assert len(suggest("zulu")) == 1
    monkeypatch.setattr(index, "catch_up", lambda: 0)  # as when the database cannot be written to

    Symptom.objects.update(publish_at=None)
    assert suggest("zulu") == ()
    assert search("zulu").groups == ()


def test_words_are_counted_by_the_documents_they_stand_in():
    topic = factories.make_faq_category()
    entries = [
        factories.make_faq_entry(category=topic, question=f"Lamp {word}", answer="lamp lamp")
        for word in ("red", "green")
    ]
    index.catch_up()

    def count():
        return dict(SearchWord.objects.filter(word__in=["", "lamp", "red"]).values_list("word", "documents"))

    assert count() == {"": 3, "lamp": 2, "red": 1}  # the topic is a document, too
    entries[0].delete()
    index.catch_up()
    assert count() == {"": 2, "lamp": 1}


def test_the_check_names_every_kind_of_drift_and_reindex_puts_it_right():
    pages = [factories.make_faq_entry(question=f"Lamp {n}?") for n in range(4)]
    draft = factories.make_faq_entry(question="Draft", published=False)
    assert in_step() == []

    numbers = [page.number for page in pages]
    SearchDocument.objects.filter(number=numbers[0]).delete()
    SearchDocument.objects.filter(number=numbers[1]).update(title="lie")
    copy = SearchDocument.objects.get(number=numbers[2])
    for number in (draft.number, 999_999):
        copy.number = number
        copy.save(force_insert=True)
    StaleDocument.objects.create(number=numbers[3])
    SearchWord.objects.filter(word="lamp").update(documents=77)

    drift = set(index.drift())
    assert {
        "1 changed pages wait to be taken into the index",
        f"{numbers[0]}: has no document",
        f"{numbers[1]}: title is not what the page says",
        f"{draft.number}: has a document, but is a draft",
        "999999: has a document, but there is no such page",
        "“lamp” stands in 5 documents, not in 77",
    } <= drift
    with pytest.raises(CommandError):
        call_command("reindex", "--check", stdout=StringIO(), stderr=StringIO())

    call_command("reindex", stdout=StringIO(), stderr=StringIO())
    assert list(index.drift()) == []
    call_command("reindex", "--check", stdout=StringIO(), stderr=StringIO())
    assert found("lamp") == set(numbers)


def test_reindex_shows_how_far_it_is(monkeypatch):
    monkeypatch.setattr(index, "PORTION", 2)
    topic = factories.make_faq_category()
    for n in range(5):
        factories.make_faq_entry(category=topic, question=f"Lamp {n}")
    steps = []
    index.reindex(lambda done, of: steps.append((done, of)))
    assert steps == [(2, 6), (4, 6), (6, 6)]


def test_many_changes_are_worked_off_in_portions(monkeypatch):
    topic = factories.make_faq_category()
    for n in range(5):
        factories.make_faq_entry(category=topic, question=f"Lamp {n}")
    assert [index.catch_up(2, seconds=0) for _ in range(4)] == [2, 2, 2, 0]
    assert list(index.drift()) == []


def test_a_search_goes_on_until_all_is_in_step(monkeypatch):
    topic = factories.make_faq_category()
    for n in range(5):
        factories.make_faq_entry(category=topic, question=f"Lamp {n}")
    assert index.catch_up(2) == 6


def test_many_withdrawn_pages_do_not_hide_the_others(monkeypatch):
    monkeypatch.setattr(index.catch_up, "__defaults__", (2, 0))
    topic = factories.make_faq_category()
    for n in range(60):
        factories.make_faq_entry(category=topic, question=f"Aardvark {n}")
    other = factories.make_faq_entry(category=topic, question="Something about an aardvark")
    while index.catch_up():
        pass
    FaqEntry.objects.exclude(pk=other.pk).update(publish_at=None)

    assert found("aardvark") == {other.number}
    assert search("aardvark").total == 1
    assert [line.places[0][2] for line in suggest("aardv")] == [other.number]
    assert index.waiting() > 40


def test_a_page_that_cannot_be_indexed_does_not_stand_in_the_way(monkeypatch, caplog):
    bad, good = (factories.make_faq_entry(question=f"Lamp {n}") for n in range(2))
    make = index.document

    def fails_for_one(text):
        if text.number == bad.number:
            raise ValueError("too much")
        return make(text)

    monkeypatch.setattr(index, "document", fails_for_one)
    assert found("lamp") == {good.number}
    assert f"page {bad.number} cannot be taken" in caplog.text
    assert index.waiting() == 0


@pytest.mark.parametrize("hidden", [{"publish_at": "tomorrow"}, {"publish_at": "yesterday", "archive_at": "now"}])
def test_words_of_pages_that_are_not_public_are_not_known(hidden):
    moments = {"tomorrow": timedelta(days=1), "yesterday": -timedelta(days=1), "now": timedelta()}
    public = factories.make_faq_entry(question="Set up kerberos")
    before = [search(word).shown for word in ("kerberus", "kerberuz")]
    values = {name: timezone.now() + moments[moment] for name, moment in hidden.items()}
    factories.make_faq_entry(question="Set up kerberus quux", published=False, **values)

    assert [search(word).shown for word in ("kerberus", "kerberuz")] == before == ["kerberos", "kerberos"]
    assert found("kerberos") == {public.number}
    assert not SearchWord.objects.filter(word__in=["kerberus", "quux"]).exists()


def test_words_become_known_when_the_moment_of_their_page_passes():
    entry = factories.make_faq_entry(question="Zeppelin", published=False, **at(timezone.now() + timedelta(days=1)))
    index.catch_up()
    assert not SearchWord.objects.filter(word="zeppelin").exists()

    FaqEntry.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    SearchDocument.objects.update(public_from=timezone.now() - timedelta(seconds=1))
    StaleDocument.objects.all().delete()  # which the triggers noted, but time does not
    assert found("zeppelin") == {entry.number}
    assert SearchWord.objects.get(word="zeppelin").documents == 1

    FaqEntry.objects.update(archive_at=timezone.now() - timedelta(milliseconds=1))
    SearchDocument.objects.update(public_until=timezone.now() - timedelta(milliseconds=1))
    StaleDocument.objects.all().delete()
    assert found("zeppelin") == set()
    assert not SearchWord.objects.filter(word="zeppelin").exists()
    assert list(index.drift()) == []


def test_pages_that_are_made_and_changed_during_a_reindex_stay_in_step(monkeypatch):
    monkeypatch.setattr(index, "PORTION", 2)
    topic = factories.make_faq_category()
    first = factories.make_faq_entry(category=topic, question="Lamp")
    for n in range(3):
        factories.make_faq_entry(category=topic, question=f"Other {n}")
    made = []

    def meanwhile(done, of):
        if not made:
            made.append(factories.make_faq_entry(category=topic, question="Lamp new").number)
            index.catch_up()
            FaqEntry.objects.filter(pk=first.pk).update(question="Torch")

    index.reindex(meanwhile)
    assert found("lamp") == set(made)
    assert found("torch") == {first.number}
    assert list(index.drift()) == []


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_put_into_a_guide_while_it_is_withdrawn_is_not_found():
    guide = factories.make_guide()
    withdrawn, number = Event(), []

    def withdraw():
        with transaction.atomic():
            Guide.objects.filter(pk=guide.pk).update(publish_at=None)
            withdrawn.set()
            sleep(0.5)
        connection.close()

    def put_in():
        withdrawn.wait(5)
        number.append(factories.make_symptom(guide=guide, title="Lamp").number)
        index.catch_up()
        connection.close()

    threads = [Thread(target=withdraw), Thread(target=put_in)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found("lamp") == set()
    assert len(number) == 1
    assert in_step() == []


@pytest.mark.django_db(transaction=True)
def test_searches_edits_and_reindexing_at_once_end_in_step():
    topic = factories.make_faq_category()
    for n in range(10):
        factories.make_faq_entry(category=topic, question=f"Lamp {n}")
    failures = []

    def run(act):
        try:
            for n in range(6):
                act(n)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def edit(n):
        factories.make_faq_entry(category=topic, question=f"Fresh {n}")
        FaqEntry.objects.filter(question=f"Lamp {n}").update(question=f"Torch {n}")

    acts = [edit, lambda n: search("lamp fresh"), lambda n: index.reindex()]
    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert in_step() == []
    assert len(found("fresh")) == 6


def test_nothing_to_do_costs_one_query(django_assert_num_queries):
    factories.make_faq_entry()
    index.catch_up()
    with django_assert_num_queries(1):
        assert index.catch_up() == 0


@pytest.mark.django_db(transaction=True)
def test_a_saved_change_is_in_the_index_before_anybody_searches():
    entry = factories.make_faq_entry(question="Lamp")
    assert not StaleDocument.objects.exists()
    assert SearchDocument.objects.get(number=entry.number).title == "lamp"
    entry.delete()
    assert not SearchDocument.objects.exists()
    assert list(index.drift()) == []


def test_content_that_is_older_than_the_search_is_taken_in_after_the_update():
    entry = factories.make_faq_entry(question="Lamp")
    draft = factories.make_symptom(title="Lamp", published=False)
    index.catch_up()
    SearchDocument.objects.all().delete()
    SearchWord.objects.all().delete()
    assert found("lamp") == set()

    index.TRIGGERS.install()
    assert index.waiting() == 4
    assert list(startup.bring_search_in_step()) == []
    assert found("lamp") == {entry.number}
    assert draft.number not in SearchDocument.objects.values_list("number", flat=True)
    index.TRIGGERS.install()
    assert index.waiting() == 0


def test_a_start_says_how_far_the_index_is(monkeypatch):
    monkeypatch.setattr(index, "PORTION", 1)
    for _ in range(2):
        factories.make_faq_entry()
    assert list(startup.bring_search_in_step()) == ["Making the search index of 4 pages …"]
    assert list(index.drift()) == []


@pytest.mark.django_db(transaction=True)
def test_the_first_content_is_in_step_as_soon_as_it_is_loaded():
    call_command("load_first_content", stdout=StringIO())
    assert SearchDocument.objects.count() == 44
    assert list(index.drift()) == []


def shown(words):
    return [(hit.kind, hit.url) for group in search(words, exact=True).groups for hit in group.hits]


def test_guides_topics_people_and_pages_elsewhere_are_found_and_followed():
    guide = factories.make_guide(title="Alpha", short_title="Bravo", introduction="Charlie", slug="a")
    topic = factories.make_faq_category(title="Delta", introduction="Echo", slug="d")
    point = factories.make_contact_point(name="Foxtrot", purpose="Golf", slug="f")
    line = factories.make_contact_line(contact_point=point, place="Hotel")
    page = factories.make_outside_page(name="India", address="https://example.com/india")
    hits = {word: shown(word) for word in ("alpha", "bravo", "charlie", "delta", "foxtrot", "golf", "hotel", "india")}
    at_guide, at_point = [("guide", "/guides/a/")], [("contact-point", "/contact/#f")]
    assert hits == {
        **dict.fromkeys(("alpha", "bravo", "charlie"), at_guide),
        "delta": [],  # no entry of it is public
        **dict.fromkeys(("foxtrot", "golf", "hotel"), at_point),
        "india": [("outside-page", "https://example.com/india")],
    }

    entry = factories.make_faq_entry(category=topic)
    assert shown("echo") == [("category", "/faq/topic/d/")]
    entry.delete()
    line.delete()
    OutsidePage.objects.filter(pk=page.pk).update(address="")
    ContactPoint.objects.update(name="Juliett")
    assert [shown(word) for word in ("echo", "hotel", "india", "foxtrot")] == [[], [], [], []]
    assert shown("juliett") == at_point
    guide.delete()
    assert shown("alpha") == []
    assert in_step() == []


def test_announcements_are_found_while_they_are_live():
    hour = timedelta(hours=1)
    now = timezone.now()
    guide = factories.make_guide(slug="a")
    announcement = factories.make_announcement(title="Alpha", severity="outage", text="**Bravo**", ends_at=now + hour)
    factories.make_announcement(title="Alpha later", starts_at=now + hour)
    factories.make_announcement(title="Alpha before", ends_at=now - hour)
    assert shown("alpha") == shown("bravo") == shown("outage") == [("announcement", "/")]
    announcement.guides.add(guide)
    Announcement.objects.filter(pk=announcement.pk).update(is_limited=True, link=f"/g/{guide.number}/", link_text="x")
    assert shown("alpha") == [("announcement", f"/g/{guide.number}/")]
    guide.delete()
    assert shown("alpha") == []  # it concerns no page any more
    Announcement.objects.filter(pk=announcement.pk).update(is_limited=False)
    assert len(shown("alpha")) == 1

    end = timezone.now() - timedelta(milliseconds=1)  # its moment passes
    SearchDocument.objects.filter(number=search_number(announcement)).update(public_until=end)
    Announcement.objects.filter(pk=announcement.pk).update(ends_at=end)
    StaleDocument.objects.all().delete()
    assert shown("alpha") == []
    assert in_step() == []
