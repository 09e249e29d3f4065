"""Redirects of staff: they answer where nothing else does, hide no page, and never go round in circles."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.addresses.models import FormerAddress
from helpdesk.addresses.paths import normalize
from helpdesk.guides.models import Guide, Symptom
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.redirects.validation import validate_redirect
from helpdesk.search.views import address_of_number
from tests import factories
from tests.accounts.staff_people import author, editor
from tests.addresses.test_permanence import answer, rename
from tests.contentadmin.forms import add_url, list_url, messages_of, opened, save, url_of

pytestmark = pytest.mark.django_db

OTHER = "/guides/platform/slow/"


@pytest.fixture
def guide():
    return factories.make_guide(slug="platform", title="Platform")


@pytest.fixture
def symptom(guide):
    return factories.make_symptom(slug="offline", guide=guide, title="I am offline")


@pytest.fixture
def other(guide):
    return factories.make_symptom(slug="slow", guide=guide, title="Everything is slow")


def lead(path, page):
    """A redirect as the admin's form would make it."""
    redirect = Redirect(path=path, target_id=page and page.number)
    validate_redirect(normalize(path), redirect.target_id, is_new=True)
    redirect.full_clean()
    redirect.save()
    return redirect


def archive(page):
    type(page).objects.filter(pk=page.pk).update(archive_at=timezone.now())


def unpublish(page):
    type(page).objects.filter(pk=page.pk).update(publish_at=None)


# What is answered


@pytest.mark.parametrize("path", ["/help/", "/Help", "/help/login/", "/HELP/a/b.html", "/help/?q=1&no=cable&skip=b"])
def test_redirect_answers_for_its_address_and_all_below_without_the_query(client, other, path):
    assert client.get(path).status_code == 404

    lead("/help/", other)

    assert answer(client, path) == (301, OTHER)


def test_redirect_of_a_file_and_the_longest_one_wins(client, guide, other):
    lead("/help/", guide)
    lead("/help/old.html", other)

    assert answer(client, "/help/old.html") == (301, OTHER)
    assert answer(client, "/help/new.html") == (301, "/guides/platform/")
    assert client.get("/helpers/").status_code == 404


def test_redirect_follows_its_page_when_it_is_renamed(client, guide, other):
    lead("/help/", other)
    rename(guide, "trading")
    rename(other, "lagging")

    assert answer(client, "/help/") == (301, "/guides/trading/lagging/")


def test_redirect_is_not_remembered_for_longer_than_it_may_last(client, other):
    lead("/help/", other)

    assert client.get("/help/").headers["Cache-Control"] == "max-age=3600"


def test_form_is_led_to_the_page_and_not_posted_there(client, symptom, other):
    """What was answered on a page that was merged cannot be taken by the other one, which would say 405."""
    check = f"/guides/platform/offline/check/{symptom.checks.get().cause.slug}/"
    short = symptom.short_url
    symptom.delete()
    lead(short, other)

    response = client.post(check, {"answer": "fixed"})
    assert (response.status_code, response.headers["Location"]) == (303, OTHER)


def test_form_at_an_address_of_elsewhere_is_led_to_the_page(client, other):
    lead("/help/", other)

    response = client.post("/help/contact/", {"a": "b"})
    assert (response.status_code, response.headers["Location"]) == (303, OTHER)


def test_live_page_is_never_hidden(client, guide, symptom, other):
    """Not even by rows that no form would make."""
    for path in ("/guides/platform/", "/guides/platform/offline/", symptom.short_url, "/search/", "/healthz/"):
        Redirect.objects.create(path=path, target_id=other.number)

    assert client.get("/guides/platform/").status_code == 200
    assert client.get("/guides/platform/offline/").status_code == 200
    assert answer(client, symptom.short_url) == (302, "/guides/platform/offline/")
    assert client.get("/search/").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_page_that_is_published_at_the_address_of_a_redirect_wins(client, guide, other):
    draft = factories.make_symptom(slug="new", guide=guide, published=False)
    lead("/guides/platform/new/", other)
    assert answer(client, "/guides/platform/new/") == (301, OTHER)

    draft.publish_at = timezone.now()
    draft.save()

    assert client.get("/guides/platform/new/").status_code == 200


def test_redirect_to_a_draft_acts_as_if_it_were_not_there(client, other):
    plain = client.get("/help/")
    lead("/help/", other)
    unpublish(other)

    hidden = client.get("/help/")

    assert (hidden.status_code, hidden.content) == (404, plain.content)
    assert client.get("/s/999999/").status_code == 404


def test_redirect_to_a_draft_leaves_the_one_above_it_to_answer(client, guide, other):
    lead("/help/", guide)
    lead("/help/slow/", other)
    unpublish(other)

    assert answer(client, "/help/slow/x/") == (301, "/guides/platform/")


def test_redirect_to_a_draft_that_was_deleted_unseen_acts_as_if_it_were_not_there(client, guide):
    draft = factories.make_symptom(guide=guide, published=False)
    lead("/help/", draft)
    draft.delete()

    assert client.get("/help/").status_code == 404


def test_redirect_to_a_page_that_is_no_more_says_gone(client, symptom, other):
    lead("/help/a/", symptom)
    lead("/help/b/", other)
    archive(symptom)
    other.delete()

    assert [client.get(path).status_code for path in ("/help/a/", "/help/b/")] == [410, 410]


def test_gone_redirect_says_gone_where_nothing_was_known(client):
    lead("/help/", None)

    assert [client.get(path).status_code for path in ("/help/", "/help/x/", "/helper/")] == [410, 410, 404]


def test_page_that_is_no_more_leads_on_by_its_short_link_with_all_its_addresses(client, guide, symptom, other):
    rename(symptom, "no-connection")
    rename(guide, "trading")
    lead("/help/", symptom)
    archive(symptom)
    old = ["/guides/platform/offline/", "/guides/trading/no-connection/all/", symptom.short_url, "/help/x/"]
    assert [client.get(path).status_code for path in old] == [410] * 4

    lead(symptom.short_url, other)

    assert [answer(client, path) for path in old] == [(301, "/guides/trading/slow/")] * 4
    assert address_of_number(symptom.number) == "/guides/trading/slow/"

    symptom.delete()

    assert [answer(client, path) for path in old] == [(301, "/guides/trading/slow/")] * 4
    assert address_of_number(symptom.number) == "/guides/trading/slow/"


def test_page_that_is_a_draft_again_is_hidden_whatever_its_short_link_is_led_to(client, symptom, other):
    rename(symptom, "no-connection")
    unpublish(symptom)
    Redirect.objects.create(path=symptom.short_url, target_id=other.number)

    assert client.get("/guides/platform/offline/").status_code == 404


def test_guide_that_is_no_more_leads_on_with_everything_below(client, guide):
    rename(guide, "trading")
    guide.delete()
    lead(guide.short_url, factories.make_guide(slug="accounts"))

    for path in ("/guides/platform/", "/guides/trading/none/", "/guides/platform/anything/check/x/", guide.short_url):
        assert answer(client, path) == (301, "/guides/accounts/")


def test_unknown_situation_of_a_live_guide_is_not_led_where_the_guide_once_was(client, guide, symptom):
    Redirect.objects.create(path=guide.short_url, target_id=factories.make_guide().number)

    assert client.get("/guides/platform/unknown/").status_code == 404


@pytest.mark.parametrize("renamed", [False, True])
def test_redirect_from_the_address_of_a_guide_waits_while_the_guide_is_public(client, guide, other, renamed):
    away = factories.make_faq_entry(slug="java")
    archive(guide)
    lead("/guides/platform/", away)
    assert answer(client, "/guides/platform/unknown/") == (301, "/faq/java/")

    Guide.objects.filter(pk=guide.pk).update(archive_at=None)
    if renamed:
        rename(Guide.objects.get(pk=guide.pk), "trading")

    assert client.get("/guides/platform/unknown/").status_code == 404


def test_faq_entry_that_is_no_more_leads_on(client, other):
    entry = factories.make_faq_entry(slug="java")
    rename(entry, "java-plugin")
    short = entry.short_url
    entry.delete()
    lead(short, other)

    assert [answer(client, path) for path in ("/faq/java/", "/faq/java-plugin/", short)] == [(301, OTHER)] * 3


def test_staff_in_the_preview_are_led_on_in_the_preview(symptom, other):
    archived = symptom.short_url
    symptom.delete()
    lead(archived, other)

    assert answer(editor(), "/admin/preview/guides/platform/offline/") == (302, f"/admin/preview{OTHER}")


@pytest.mark.parametrize("length", [2, 7])
def test_chain_of_pages_that_are_no_more_ends(client, guide, length):
    pages = [factories.make_symptom(guide=guide) for _ in range(length)]
    for page, following in zip(pages, [*pages[1:], pages[0]], strict=True):
        Redirect.objects.create(path=page.short_url, target_id=following.number)  # a circle, which no form would make
    for page in pages:
        archive(page)

    assert client.get(pages[0].short_url).status_code == 410
    assert client.get(pages[1].get_absolute_url()).status_code == 410


def test_live_page_costs_no_query_more_and_a_dead_one_a_single_look_up(client, other, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get(OTHER)
    with django_assert_num_queries(4):  # the redirect, announcements, contacts with lines
        assert client.get("/help/a.php").status_code == 404
    for n in range(20):
        lead(f"/help/{n}/", other)
    with django_assert_num_queries(4):  # the redirect, announcements, contacts with lines
        assert client.get("/helping/1/2/3/a.php").status_code == 404
    with django_assert_num_queries(3):  # no page is made for it
        assert client.get("/help/3/a/b/").status_code == 301


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(["guides", "platform", "offline", "faq", "s", "..", "", "%2e%2e", "\0", "'", "x" * 90])
        ),
    )
)
def test_no_path_is_answered_with_an_error_of_ours(client, symptom, path):
    Redirect.objects.get_or_create(path="/guides/", defaults={"target_id": symptom.number})
    text = path if isinstance(path, str) else "/".join(path)
    response = client.generic("GET", "/" + text.encode("utf-8", "surrogatepass").decode("latin-1"))
    assert response.status_code < 500
    location = response.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")


@pytest.mark.parametrize(
    "path", ["/%ff%fe/", "/help/%00/", "/" + "a/" * 4000, "/help/\u202e/", "//evil.example/..", "/%0d%0aX: y/"]
)
def test_hostile_path_finds_nothing(client, other, path):
    lead("/guides/old/", other)

    assert client.get(path).status_code in (400, 404)


# What is refused

TAKEN = ["/", "/faq/", "/faq/topic/", "/search/", "/guides/", "/contact/", "/s/", "/feed/", "/sitemap.xml", "/healthz"]
TAKEN += ["/admin/", "/admin/guides/", "/admin", "/static/css/site.css", "/media/x/", "/robots.txt", "/handoff/"]


@pytest.mark.parametrize("path", TAKEN)
def test_fixed_address_is_refused(other, path):
    with pytest.raises(ValidationError, match="This address is reserved for the portal"):
        lead(path, other)


BELOW = ["", "all/", "contact/", "fixed/"]


@pytest.mark.parametrize("path", ["/guides/platform/", "/guides/platform/none/", *(OTHER + below for below in BELOW)])
def test_address_of_a_live_page_is_refused(symptom, other, path):
    with pytest.raises(ValidationError, match="There's a page at this address"):
        lead(path, symptom)


def test_short_link_and_faq_entry_of_a_live_page_are_refused(symptom, other):
    entry = factories.make_faq_entry(slug="java")
    for path in (entry.short_url, other.short_url, "/faq/java", "/FAQ/Java/", f"/faq/topic/{entry.category.slug}/"):
        with pytest.raises(ValidationError, match=r"page at this address|already redirects to /faq/java/"):
            lead(path, symptom)


def test_address_that_a_page_left_behind_is_refused(symptom, other):
    rename(symptom, "no-connection")

    with pytest.raises(ValidationError, match="already redirects to /guides/platform/no-connection/"):
        lead("/guides/platform/offline/", other)


def test_address_of_a_page_is_refused_for_that_page(guide, symptom):
    archive(symptom)

    for path in (symptom.get_absolute_url(), symptom.short_url):
        with pytest.raises(ValidationError, match="would be a loop"):
            lead(path, symptom)


def test_address_of_a_guide_is_refused_for_a_situation_in_it(guide, symptom):
    archive(guide)

    with pytest.raises(ValidationError, match="would be a loop"):
        lead("/guides/platform/", symptom)


def test_circle_over_other_pages_is_refused(guide, symptom, other):
    third = factories.make_symptom(guide=guide, slug="third")
    for page in (symptom, other, third):
        archive(page)
    lead(symptom.short_url, other)
    lead(other.get_absolute_url(), third)

    with pytest.raises(ValidationError, match="would be a loop"):
        lead(third.short_url, symptom)


def test_path_is_refused_by_the_database_too(other):
    for path in ("/", "old/", "//evil/", "/admin/x/", "/static/x/", "/a?b", "/a#b", "/a/../b/"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Redirect.objects.create(path=path, target_id=other.number)
    Redirect.objects.create(path="/old/", target_id=other.number)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redirect.objects.create(path="/old/", target_id=other.number)


def test_number_that_nothing_has_is_refused_by_the_database(other):
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
        Redirect.objects.create(path="/old/", target_id=999_999)
        connection.check_constraints()  # else only at the end of the test


# In the admin


def add(client, query="", **fields):
    form = opened(client, add_url(Redirect) + query)
    return client.post(add_url(Redirect) + query, {"way": "page", **form, **fields})


@pytest.mark.parametrize(
    "name",
    [
        "number",
        "Help no. number",
        "#number",
        "№ number",
        "no. number",
        "help number number",
        "short",
        "address",
        "below",
        "whole",
        "former",
    ],
)
def test_page_is_named_by_number_or_any_of_its_addresses(client, symptom, other, name):
    names = {
        "number": str(other.number),
        "Help no. number": f"Help no. {other.number}",
        "#number": f"#{other.number}",
        "№ number": f"№ {other.number}",
        "no. number": f"no. {other.number}",
        "help number number": f"help number {other.number}.",
        "short": other.short_url,
        "address": OTHER,
        "below": f"{OTHER}contact/?no=a",
        "whole": f"https://help.example.com{OTHER}#main",
        "former": "/guides/platform/former/",
    }
    rename(other, "former")
    rename(other, "slow")

    assert add(editor("Ed"), path="/Help/Old.html", page=names[name], note="Old site").status_code == 302

    redirect = Redirect.objects.get()
    assert (redirect.path, redirect.target_id, redirect.note) == ("/help/old.html", other.number, "Old site")
    assert redirect.history.get().history_user.last_name == "Ed"
    assert answer(client, "/help/old.html") == (301, OTHER)


def test_page_is_named_by_words_and_then_chosen(symptom, other):
    desk = editor()
    asked = add(desk, path="/help/", page="slow").content.decode()
    assert "Choose a page from the list." in asked
    assert f'name="page-chosen" value="{other.number}"' in asked
    assert f'value="{symptom.number}"' not in asked

    answered = {"path": "/help/", "page": "slow", "page-for": "slow", "page-chosen": other.number}
    assert add(desk, **answered).status_code == 302
    assert Redirect.objects.get().target_id == other.number


def test_words_that_were_changed_after_the_choice_are_looked_up_anew(symptom, other):
    response = add(editor(), path="/help/", page="offline", **{"page-for": "slow", "page-chosen": other.number})

    assert f'name="page-chosen" value="{symptom.number}"' in response.content.decode()
    assert not Redirect.objects.exists()


WRONG = [
    "999999",
    "9" * 400,
    "/nothing/",
    "https://[",
    "/guides/platform/nothing/",
    "nothing like it",
    "<script>",
    "'",
    "\0",
]


@pytest.mark.parametrize("typed", WRONG)
def test_page_that_is_none_is_refused_and_what_was_written_stays(other, typed):
    response = add(editor(), path="/help/", page=typed, note="Keep me")

    assert response.status_code == 200
    assert 'value="Keep me"' in response.content.decode()
    assert "<script>" not in str(response.context["adminform"].form["page"])
    assert not Redirect.objects.exists()


def test_address_at_fault_is_refused_in_the_form_with_a_sentence(other):
    response = add(editor(), path=OTHER, page=str(other.number))

    assert response.context["adminform"].form.errors == {
        "path": ["There's a page at this address. Rename or archive it first, or choose another address."]
    }


def test_address_that_is_led_somewhere_already_is_refused_in_the_form(symptom, other):
    lead("/help/", other)
    response = add(editor(), path="/HELP", page=str(symptom.number))

    assert response.context["adminform"].form.errors == {
        "path": ["This address already has a redirect. Change or end that one instead."]
    }
    assert Redirect.objects.get().target_id == other.number


def test_redirect_is_made_from_a_page_and_leads_back_to_it(other):
    response = add(editor(), f"?page={other.number}", path="/help/")

    assert (response.status_code, response.headers["Location"]) == (302, url_of(other))
    assert Redirect.objects.get().target_id == other.number


def test_redirect_is_changed_to_gone_and_ended(client, other):
    desk = editor()
    redirect = lead("/help/", other)
    assert save(desk, redirect, way="gone", page="").status_code == 302
    assert client.get("/help/").status_code == 410

    ended = desk.post(f"{url_of(redirect, 'delete')}?page={other.number}", {"post": "yes"})

    assert (ended.status_code, ended.headers["Location"]) == (302, url_of(other))
    assert client.get("/help/").status_code == 404
    assert list(Redirect.history.values_list("history_type", flat=True)) == ["-", "~", "+"]


def test_history_of_a_redirect_is_shown_and_an_older_version_comes_back(client, symptom, other):
    desk, redirect = editor(), lead("/help/", other)
    save(desk, redirect, page=str(symptom.number), note="Better")
    older = redirect.history.last()
    history = desk.get(url_of(redirect, "history"))
    assert history.status_code == 200
    version = f"{url_of(redirect, 'history')}{older.pk}/"

    assert desk.post(version, opened(desk, version)).status_code == 302

    assert answer(client, "/help/") == (301, OTHER)


def put_back(desk, redirect, pk, version):
    address = f"{list_url(Redirect)}{pk}/history/{version.pk}/"
    return desk.post(address, opened(desk, address)), messages_of(desk.get(list_url(Redirect)))


def test_deleted_redirect_does_not_come_back_where_a_page_is_now(client, guide, other):
    desk, redirect = editor(), lead("/guides/platform/new/", other)
    pk, version = redirect.pk, redirect.history.last()
    redirect.delete()
    page = factories.make_symptom(slug="new", guide=guide)

    _, messages = put_back(desk, redirect, pk, version)

    assert messages[1:] == ["There's a page at this address. Rename or archive it first, or choose another address."]
    assert not Redirect.objects.exists()
    Symptom.objects.filter(pk=page.pk).update(publish_at=None)
    put_back(desk, redirect, pk, version)
    assert Redirect.objects.get().target_id == other.number


def test_older_state_that_would_lead_in_a_circle_does_not_come_back(client, symptom, other):
    desk, redirect = editor(), lead("/guides/platform/moved/", symptom)
    version = redirect.history.last()
    save(desk, redirect, page=str(other.number))
    unpublish(symptom)
    rename(symptom, "moved")

    _, messages = put_back(desk, redirect, redirect.pk, version)

    assert messages[1:] == [
        "The address belongs to that page or redirects to it, so this would be a loop. Choose another page."
    ]
    assert Redirect.objects.get().target_id == other.number


def test_start_page_leads_to_the_dead_addresses():
    assert f'<a href="{list_url(DeadAddress)}">Dead addresses</a>' in author().get("/admin/").content.decode()


def test_dead_addresses_leave_their_list_when_a_redirect_answers_for_them(other):
    now = timezone.now()
    for path in ("/help/", "/help/a/b/", "/helper/"):
        DeadAddress.objects.create(path=path, status=404, first_at=now, last_at=now)

    assert add(editor(), "?path=/help/&dead=1", page=str(other.number)).headers["Location"] == list_url(DeadAddress)

    assert list(DeadAddress.objects.values_list("path", flat=True)) == ["/helper/"]


def test_list_shows_where_each_leads_in_a_fixed_number_of_queries(guide, symptom, other, django_assert_max_num_queries):
    desk = editor()
    queries = []
    for pages in ([other], [symptom, guide, factories.make_faq_entry()]):
        for page in pages:
            lead(f"/help/{page.number}/", page)
        with django_assert_max_num_queries(25) as counted:
            text = desk.get(list_url(Redirect)).content.decode()
        queries.append(len(counted))
    assert queries[0] == queries[1]
    assert "Platform › Everything is slow" in text
    lead("/help/gone/", None)
    archive(other)
    text = desk.get(list_url(Redirect)).content.decode()
    assert "not visible to visitors" in text
    assert "gone (410)" in text


def test_suggestions_name_pages_and_need_the_right(symptom, other):
    url = f"{list_url(Redirect)}pages/"
    named = {"number": other.number, "name": "Platform › Everything is slow"}
    assert author().get(url, {"q": "slow"}).json() == {"pages": [named]}
    assert author().get(url, {"q": str(other.number)}).json() == {"pages": [named]}
    assert author().get(url, {"q": "\0"}).json() == {"pages": []}
    assert author().post(add_url(Redirect), {"path": "/help/"}).status_code == 403


# The panel on a page, and the end of a former address


def test_panel_shows_every_address_of_a_page(guide, symptom, other):
    rename(symptom, "no-connection")
    factories.make_symptom(slug="offline", guide=guide, title="The new owner")
    rename(symptom, "disconnected")
    lead("/help/old.html", symptom)
    moved_to = factories.make_guide(slug="accounts")
    symptom.guide = moved_to
    symptom.save()

    text = editor().get(url_of(symptom)).content.decode()

    for address in ("/guides/accounts/disconnected/", symptom.short_url, "/help/old.html"):
        assert f"<code>{address}</code>" in text
    for former in ("offline", "no-connection", "disconnected"):
        assert f"<code>/guides/platform/{former}/</code>" in text
    assert "belongs to “The new owner” now" in text
    assert text.count('<a class="button" href="/admin/links/formeraddress/') == 2
    assert f'href="/admin/links/redirect/add/?page={symptom.number}"' in text
    looked_at = author().get(url_of(symptom)).content.decode()
    assert "<code>/guides/platform/no-connection/</code>" in looked_at
    assert '<a class="button" href="/admin/links' not in looked_at


@pytest.mark.parametrize("make", [factories.make_guide, factories.make_faq_entry, factories.make_faq_category])
def test_panel_shows_former_addresses_of_every_kind(make):
    record = make(slug="old-one")
    rename(record, "new-one")

    text = editor().get(url_of(record)).content.decode()

    assert f"<code>{record.get_absolute_url().replace('new-one', 'old-one')}</code>" in text


def test_panel_of_a_situation_whose_old_guide_is_deleted(guide, symptom):
    symptom.guide = factories.make_guide(slug="accounts")
    symptom.save()
    guide.delete()

    assert "<code>/guides/platform/offline/</code>" in editor().get(url_of(symptom)).content.decode()


def end_url(former):
    return f"/admin/links/formeraddress/{former.pk}/end/"


def test_former_address_is_ended_and_says_gone_until_the_page_leaves_it_again(client, symptom):
    rename(symptom, "no-connection")
    former, desk = FormerAddress.objects.get(), editor()
    asked = desk.get(end_url(former))
    assert (asked.status_code, "/guides/platform/offline/" in asked.content.decode()) == (200, True)
    assert answer(client, "/guides/platform/offline/all/")[0] == 301

    ended = desk.post(end_url(former))

    assert (ended.status_code, ended.headers["Location"]) == (302, url_of(symptom))
    assert messages_of(desk.get(url_of(symptom))) == ["/guides/platform/offline/ no longer redirects here."]
    assert [client.get(f"/guides/platform/offline/{below}").status_code for below in ("", "all/")] == [410, 410]
    assert client.get("/guides/platform/no-connection/").status_code == 200
    assert desk.post(end_url(former)).status_code == 404

    rename(symptom, "offline")
    rename(symptom, "no-connection")
    assert answer(client, "/guides/platform/offline/")[0] == 301


@pytest.mark.parametrize(
    ("make", "path", "below"),
    [(factories.make_guide, "/guides/old/", "x/"), (factories.make_faq_entry, "/faq/old/", "")],
)
def test_former_address_of_other_pages_is_ended(client, make, path, below):
    rename(make(slug="old"), "new")
    editor().post(end_url(FormerAddress.objects.get()))

    assert [client.get(path).status_code, client.get(path + below).status_code] == [410, 410]


def test_ended_address_can_be_led_to_another_page(client, symptom, other):
    rename(symptom, "no-connection")
    editor().post(end_url(FormerAddress.objects.get()))
    lead("/guides/platform/offline/", other)

    assert answer(client, "/guides/platform/offline/") == (301, OTHER)


def test_former_address_of_a_cause_is_ended(client, symptom):
    cause = symptom.checks.get().cause
    old = f"/guides/platform/offline/check/{cause.slug}/"
    rename(cause, "renamed")
    assert answer(client, old)[0] == 301

    assert editor().post(end_url(FormerAddress.objects.get())).headers["Location"] == url_of(cause)

    assert answer(client, old) == (302, "/guides/platform/offline/check/renamed/")  # as for any check that is none


def test_former_address_is_ended_only_by_who_may(symptom):
    rename(symptom, "no-connection")
    former = FormerAddress.objects.get()

    assert author().post(end_url(former)).status_code == 403
    assert [editor().get(f"/admin/links/formeraddress/{pk}/end/").status_code for pk in (0, "9" * 400)] == [404, 404]
    former.refresh_from_db()
    assert former.ended_at is None
