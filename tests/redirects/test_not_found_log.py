"""Addresses that visitors ask for in vain are counted, within reason, and one click leads them to a page."""

from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from helpdesk.redirects import not_found_log
from helpdesk.redirects.models import DeadAddress, Redirect
from tests import factories
from tests.accounts.staff_people import author, editor
from tests.addresses.test_permanence import answer, rename
from tests.contentadmin.forms import list_url, messages_of

pytestmark = pytest.mark.django_db

LIST = list_url(DeadAddress)


@pytest.fixture(autouse=True)
def open_limit(monkeypatch):
    """Each test begins a minute of its own."""
    monkeypatch.setattr(not_found_log, "limit", not_found_log.MinuteLimit())


@pytest.fixture
def next_minute(monkeypatch):
    """Lets a minute pass, for this process and for the rows."""

    def pass_by():
        monkeypatch.setattr(not_found_log, "limit", not_found_log.MinuteLimit())
        DeadAddress.objects.update(last_at=timezone.now() - timedelta(minutes=2))

    return pass_by


@pytest.fixture
def symptom():
    guide = factories.make_guide(slug="platform", title="Platform")
    return factories.make_symptom(slug="no-connection", guide=guide, title="I am offline")


def rows():
    return list(DeadAddress.objects.order_by("path").values_list("path", "status", "count"))


def make_dead(path, count=1, **values):
    now = timezone.now()
    return DeadAddress.objects.create(
        **{"path": path, "status": 404, "count": count, "first_at": now, "last_at": now, **values}
    )


# Counting


def test_dead_addresses_are_counted_with_what_visitors_were_told(client, symptom, next_minute):
    symptom.delete()
    for path in ("/Help/Old.html?q=secret", "/guides/platform/no-connection/", "/help/old.html", "/guides/platform/"):
        client.get(path)
    assert rows() == [("/guides/platform/no-connection/", 410, 1), ("/help/old.html", 404, 1)]

    next_minute()
    client.get("/help/old.html")

    assert rows()[1] == ("/help/old.html", 404, 2)
    row = DeadAddress.objects.get(path="/help/old.html")
    assert row.last_at > row.first_at


def test_address_is_counted_once_a_minute_by_all_processes_together(client, monkeypatch):
    for _process in range(3):
        monkeypatch.setattr(not_found_log, "limit", not_found_log.MinuteLimit())
        client.get("/help/")

    assert rows() == [("/help/", 404, 1)]


NOISE = [
    "/index.php",
    "/.env",
    "/.git/config",
    "/wp-login/",
    "/wp/",
    "/wordpress/",
    "/cgi-bin/a",
    "/logo.png",
    "/a.html/b",
]
NOISE += [
    "/a b/",
    "/ä/",
    "/a/b/c/d/e/f/g/",
    "/" + "x" * 81 + "/",
    "/~user/",
    "/a'b/",
    "/<b>/",
    "/vendor/x",
    "/help/%00/",
]
NOISE += ["/customer/12345678/", "/user@example.com/", "/handoff/k7qm-2r9t/", "/search/x/", "/static/x/", "/api/v1/x/"]
NOISE += ["/admin/nothing/", "/media/nothing/", "/favicon.ico", "/a=b/", "/" + "a/" * 4000]


@pytest.mark.parametrize("path", NOISE)
def test_what_no_page_had_or_somebody_gave_away_is_not_counted(client, path):
    client.get("/help/")
    response = client.get(path)

    assert response.status_code in (302, 400, 404)
    assert rows() == [("/help/", 404, 1)]


def test_only_who_wants_to_read_is_counted(client):
    client.head("/help/a/")
    client.post("/help/b/")
    client.get("/help/c/", headers={"Sec-Purpose": "prefetch;prerender"})
    editor().get("/admin/preview/help/")
    assert rows() == []

    client.get("/help/d/")
    assert rows() == [("/help/d/", 404, 1)]


def test_live_pages_redirects_and_answered_addresses_are_not_counted(client, symptom):
    rename(symptom, "disconnected")
    Redirect.objects.create(path="/help/", target_id=symptom.number)
    for path in ("/", "/guides/platform/no-connection/", "/help/x/", "/guides/platform/disconnected/", "/help"):
        client.get(path)

    assert rows() == []


def test_flood_of_addresses_costs_a_few_writes_and_then_none(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(not_found_log, "monotonic", lambda: 6_000.0)  # all within the same minute
    for n in range(not_found_log.WRITES_A_MINUTE + 10):
        assert client.get(f"/flood/{n}/").status_code == 404
    assert DeadAddress.objects.count() == not_found_log.WRITES_A_MINUTE

    with django_assert_num_queries(8):  # redirect, announcements, four kinds of likely page, contacts with lines
        client.get("/flood/one-more/")


def test_rows_are_bounded_and_the_least_asked_for_go_first(client, monkeypatch):
    monkeypatch.setattr(not_found_log, "MOST_ROWS", 5)
    monkeypatch.setattr(not_found_log, "ROOM_MADE", 2)
    long_ago = timezone.now() - timedelta(days=9)
    for n in range(5):
        make_dead(f"/kept/{n}/", count=5 - n if n < 3 else 1, last_at=long_ago + timedelta(days=n))

    client.get("/new/")

    assert [path for path, *_ in rows()] == ["/kept/0/", "/kept/1/", "/kept/2/", "/new/"]


def test_broken_database_and_broken_table_leave_the_answer_as_it_is(client, caplog, monkeypatch):
    monkeypatch.setattr(DeadAddress._meta, "db_table", "no_such_table")

    assert client.get("/help/").status_code == 404
    assert "A dead address was not counted" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_locked_database_is_not_waited_for(client):
    client.get("/help/a/")
    holder = connection.copy()
    holder.set_autocommit(False)
    holder.cursor().execute("LOCK TABLE links_deadaddress" if connection.vendor == "postgresql" else "BEGIN IMMEDIATE")
    try:
        begun = monotonic()
        assert client.get("/help/b/").status_code == 404
        assert monotonic() - begun < 10  # a writer that must not fail would wait for 20 seconds
    finally:
        holder.rollback()
        holder.close()
    assert rows() == [("/help/a/", 404, 1)]


# The list


GUESSES = [
    ("/help/no-connection.html", "same slug"),
    ("/guides/elsewhere/no-connection/all/", "same slug"),
    ("/guides/platform/offline/", "former slug"),
    ("/help/no_conection/", "similar slug"),
]


@pytest.mark.parametrize(("path", "why"), GUESSES)
def test_page_is_guessed_and_one_click_leads_there(client, symptom, path, why):
    rename(symptom, "offline")
    rename(symptom, "no-connection")
    row, desk = make_dead(path), editor()
    text = desk.get(LIST).content.decode()
    assert "Redirect to “Platform › I am offline”" in text
    assert why in text

    response = desk.post(f"{LIST}{row.pk}/decide/", {"to": symptom.number})

    if path == "/guides/platform/offline/":  # it leads there by itself
        assert "already redirects to /guides/platform/no-connection/" in messages_of(desk.get(LIST))[0]
        return
    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    assert messages_of(desk.get(LIST)) == [f"{path} now redirects to “Platform › I am offline”."]
    assert answer(client, path) == (301, "/guides/platform/no-connection/")
    assert not DeadAddress.objects.exists()
    assert Redirect.history.get().history_user is not None


def test_drafts_and_chance_are_no_guess(symptom):
    factories.make_faq_entry(slug="secret-entry", published=False)
    for path in ("/help/secret-entry/", "/help/something-else/", "/help/12/"):
        make_dead(path)

    assert "Redirect to" not in editor().get(LIST).content.decode()


def test_address_is_left_gone_or_put_aside_with_one_click(client):
    one, two, desk = make_dead("/help/one/"), make_dead("/help/two/"), editor()
    desk.post(f"{LIST}{one.pk}/decide/", {"to": "gone"})
    desk.post(f"{LIST}{two.pk}/decide/", {"to": "aside"})

    assert client.get("/help/one/").status_code == 410
    assert client.get("/help/two/").status_code == 404
    assert [row.path for row in desk.get(LIST).context["cl"].result_list] == []
    assert [row.path for row in desk.get(LIST, {"decision": "aside"}).context["cl"].result_list] == ["/help/two/"]


def test_several_are_left_gone_or_put_aside_together(client):
    chosen = [make_dead(f"/help/{n}/").pk for n in range(3)]
    desk = editor()

    desk.post(LIST, {"action": "leave_gone", "_selected_action": chosen[:2]})
    desk.post(LIST, {"action": "put_aside", "_selected_action": chosen[2:]})

    assert [client.get(f"/help/{n}/").status_code for n in range(3)] == [410, 410, 404]
    assert DeadAddress.objects.get().dismissed_at is not None


def test_live_address_is_not_led_away(client, symptom):
    row, desk = make_dead("/guides/platform/"), editor()
    desk.post(f"{LIST}{row.pk}/decide/", {"to": symptom.number})

    assert "There's a page at this address" in messages_of(desk.get(LIST))[0]
    assert client.get("/guides/platform/").status_code == 200


@pytest.mark.parametrize("to", ["", "x", "999999", "9" * 400, "-1", "<b>", "/guides/platform/"])
def test_decision_for_no_page_is_refused_with_a_sentence(symptom, to):
    row, desk = make_dead("/help/"), editor()

    assert desk.post(f"{LIST}{row.pk}/decide/", {"to": to}).status_code == 302
    assert messages_of(desk.get(LIST)) == ["That page no longer exists. Choose another one."]
    assert not Redirect.objects.exists()


def test_decisions_are_for_who_may_and_not_for_links(symptom):
    row = make_dead("/help/no-connection/")
    decide = f"{LIST}{row.pk}/decide/"
    text = author().get(LIST).content.decode()
    assert "Platform › I am offline" in text
    assert "decide/" not in text

    assert author().post(decide, {"to": symptom.number}).status_code == 403
    assert editor().get(decide).status_code == 405
    assert [editor().post(f"{LIST}{pk}/decide/", {"to": "gone"}).status_code for pk in (0, "9" * 400)] == [404, 404]
    assert not Redirect.objects.exists()


def test_list_is_in_order_filtered_and_costs_the_same_for_one_row_and_many(symptom, django_assert_max_num_queries):
    desk, counted = editor(), []
    for count in (1, 3, 2):
        make_dead(f"/help/no-connection/{count}/", count=count)
        if count != 3:
            with django_assert_max_num_queries(30) as queries:
                desk.get(LIST)
            counted.append(len(queries))
    assert counted[0] == counted[1]
    make_dead("/help/gone/", status=410)
    shown = [row.count for row in desk.get(LIST, {"status": "404"}).context["cl"].result_list]
    assert shown == [3, 2, 1]
    assert [row.path for row in desk.get(LIST, {"q": "gone"}).context["cl"].result_list] == ["/help/gone/"]


def test_page_that_staff_keep_from_visitors_is_no_dead_address(client):
    guide = factories.make_guide()
    draft = factories.make_symptom(guide=guide, published=False)
    planned = factories.make_symptom(guide=guide, publish_at=timezone.now() + timedelta(days=1))
    gone = factories.make_symptom(guide=guide, archive_at=timezone.now() - timedelta(days=1))
    for page in (draft, planned, gone):
        assert client.get(page.get_absolute_url()).status_code == (410 if page is gone else 404)
        client.get(page.short_url)
    client.get(f"/guides/{guide.slug}/no-such-page/")
    paths = set(DeadAddress.objects.values_list("path", flat=True))
    assert paths == {gone.get_absolute_url(), gone.short_url, f"/guides/{guide.slug}/no-such-page/"}
