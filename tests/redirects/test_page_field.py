"""Addresses of the portal that staff paste where a page is asked for, those of the admin included."""

import pytest
from django.test import override_settings

from helpdesk.guides.models import Symptom
from helpdesk.redirects.models import Redirect
from tests import factories
from tests.accounts.staff_people import editor
from tests.addresses.test_permanence import answer, rename
from tests.contentadmin.forms import add_url, opened, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def symptom():
    return factories.make_symptom(slug="slow", title="Everything is slow", guide=factories.make_guide(slug="platform"))


def suggested(typed):
    response = editor().get("/admin/links/redirect/pages/", {"q": typed})
    assert response.status_code == 200
    return [page["number"] for page in response.json()["pages"]]


def paths(symptom):
    """Addresses that show a page, each with the page."""
    guide, slug = symptom.guide, symptom.checks.get().cause.slug
    return {
        "/guides/platform/slow/": symptom,
        "/guides/platform/slow": symptom,
        "/Guides/Platform/SLOW/": symptom,
        "/guides/platform/slow/all/": symptom,
        f"/guides/platform/slow/check/{slug}/?no=x&skip=y": symptom,
        "/guides/platform/none/": guide,
        "/admin/preview/guides/platform/": guide,
        "/admin/preview/guides/platform/slow/": symptom,
        f"/admin/preview/guides/platform/slow/check/{slug}/?as_of=now": symptom,
        f"/admin/preview/s/{symptom.number}/": symptom,
        f"/admin/tickets/{symptom.number}/?no=x": symptom,
        url_of(symptom): symptom,
        url_of(symptom, "history"): symptom,
        url_of(symptom, "delete"): symptom,
        url_of(guide) + "?x=1#y": guide,
    }


NO_PAGES = [
    "/",
    "/admin",
    "/admin/",
    "/admin/guides/guide/",
    "/admin/guides/guide/add/",
    "/admin/guides/guide/999999/change/",
    "/admin/guides/guide/999999999999999999999/change/",
    "/admin/guides/guide/x/change/",
    "/admin/guides/cause/1/change/",
    "/admin/preview/",
    "/admin/preview/guides/nothing/",
    "/admin/preview/s/999999/",
    "/admin/tickets/",
    "/admin/tickets/999999/",
    "/admin/logout/",
    "/guides/",
    "/guides/nothing/",
    "/guides/platform/nothing/",
    "/guides/platform/slow/nothing/",
    "/faq/topic/signing-in/",
    "/search/?q=slow",
    "/search/opened/",
    "/handoff/abcd-efgh/",
    "/media/picture.png",
    "/static/x",
    "/static/css/site.css",
    "/healthz",
    "/s/0/",
    "/s/99999999999999999999/",
    "https://[",
    "http://",
    "/\u202eold/",
    "/%00/",
    "/%ff/",
    "/" + "a" * 250,
    "/a" * 140,
]


def test_address_names_the_page_that_it_shows(symptom):
    for path, page in paths(symptom).items():
        assert (path, suggested(path)) == (path, [page.number])
        assert (path, suggested(f"https://help.example.com{path}")) == (path, [page.number])


@override_settings(PUBLIC_URL="https://help.example.com")
def test_address_with_the_host_of_the_portal_names_the_page_that_it_shows(symptom):
    for path, page in paths(symptom).items():
        assert (path, suggested(f"https://help.example.com{path}")) == (path, [page.number])
        assert (path, suggested(f"(HTTPS://Help.Example.Com{path}),")) == (path, [page.number])


@pytest.mark.parametrize("typed", NO_PAGES)
def test_address_of_no_page_finds_none(symptom, typed):
    assert suggested(typed) == []
    assert suggested(f"https://help.example.com{typed}") == []


@pytest.mark.parametrize("typed", NO_PAGES)
def test_address_of_no_page_is_refused_by_the_form_of_a_redirect_which_keeps_its_input(symptom, typed):
    desk = editor()
    sent = {**opened(desk, add_url(Redirect)), "way": "page", "path": "/help/", "page": typed, "note": "Keep me"}
    response = desk.post(add_url(Redirect), sent)

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["page"]
    text = response.content.decode()
    assert ('value="Keep me"' in text, 'value="/help/"' in text) == (True, True)
    assert response.context["adminform"].form["page"].value() == typed
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("typed", ["/admin/", "/admin/guides/guide/", "/admin/preview/guides/nothing/", "/static/x"])
def test_address_of_no_page_is_refused_at_deletion(symptom, typed):
    response = editor().post(url_of(symptom, "delete"), {"post": "yes", "way": "redirect", "page": typed})

    assert response.status_code == 200
    errors = response.context["page_deletion"].errors
    assert errors == {"page": ["No page has this address. Try the help number or words of the title."]}
    assert Symptom.objects.filter(pk=symptom.pk).exists()


def test_visitors_are_led_on_to_the_page_of_an_address_of_the_admin(client, symptom):
    other = factories.make_symptom(slug="other", guide=symptom.guide, title="Other")
    desk = editor()
    sent = {**opened(desk, add_url(Redirect)), "way": "page", "path": "/help/", "page": url_of(other)}
    assert desk.post(add_url(Redirect), sent).status_code == 302
    assert answer(client, "/help/") == (301, "/guides/platform/other/")

    deleted = {"post": "yes", "way": "redirect", "page": "/admin/preview/guides/platform/slow/"}
    assert desk.post(url_of(other, "delete"), deleted).status_code == 302
    assert answer(client, "/guides/platform/other/") == answer(client, "/help/") == (301, "/guides/platform/slow/")


def test_draft_is_named_by_its_address_its_preview_and_its_record(symptom):
    draft = factories.make_symptom(slug="draft", guide=symptom.guide, title="Draft", published=False)
    for typed in ("/guides/platform/draft/", "/admin/preview/guides/platform/draft/all/", url_of(draft)):
        assert (typed, suggested(typed)) == (typed, [draft.number])


def test_former_address_and_address_of_a_deleted_page_name_the_page_that_they_lead_to(symptom):
    rename(symptom, "lagging")
    assert suggested("/guides/platform/slow/all/") == [symptom.number]
    other = factories.make_symptom(slug="other", guide=symptom.guide, title="Other")
    editor().post(url_of(other, "delete"), {"post": "yes", "way": "redirect", "page": str(symptom.number)})
    assert suggested("/guides/platform/other/") == [symptom.number]


def test_address_is_resolved_with_few_queries_however_often_it_was_renamed(symptom, django_assert_max_num_queries):
    from helpdesk.redirects.page_search import find_page

    for slug in ("a", "b", "c", "slow"):
        rename(symptom.guide, f"platform-{slug}")
        rename(symptom, f"was-{slug}")
    with django_assert_max_num_queries(6):
        assert find_page("/guides/platform-a/was-b/all/") == symptom
    with django_assert_max_num_queries(8):
        assert find_page("/guides/platform-a/nothing/") is None


def test_change_that_would_lead_in_a_circle_is_refused_at_the_page(symptom):
    """The path of a redirect cannot be changed, so that the form has no field of that name."""
    redirect = Redirect.objects.create(path="/guides/platform/slow/", target_id=symptom.guide.number)
    Symptom.objects.filter(pk=symptom.pk).update(publish_at=None)
    desk = editor()
    response = desk.post(url_of(redirect), {**opened(desk, url_of(redirect)), "page": str(symptom.number)})

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["page"]


def test_wrong_path_and_wrong_page_are_both_named(symptom):
    response = editor().post(add_url(Redirect), {"path": "/faq/", "way": "page", "page": "nothing at all"})
    errors = response.context["adminform"].form.errors
    assert set(errors) == {"path", "page"}
    assert errors["path"] == ["This address is reserved for the portal, so it can't be redirected."]
