"""Export and import in the admin: permissions, pages, entries of the history and the log."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import LoggedChange
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import ContactPoint, Guide, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.transfer.models import Upload
from tests.accounts.staff_people import administrator, author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import list_url, read_form, url_of
from tests.factories import make_contact_point, make_faq_entry, make_guide
from tests.transfer.portals import empty_the_portal, exported
from tests.transfer.test_import import SMALL, small

pytestmark = pytest.mark.django_db

DRAFTS = small()
PUBLIC = re.sub(r"( *)(number: 200[123]\n)", r"\1\2\1publish from: 2026-01-05 09:00:00+00:00\n", DRAFTS)


def send(client: Client, content: str | bytes, name: str = "bundle.yaml") -> Any:
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return client.post(reverse("bundles-import"), {"file": file})


def plan_of(client: Client, content: str | bytes, name: str = "bundle.yaml") -> tuple[str, Any]:
    """Upload a file, and return the address of its plan and the page there."""
    response = send(client, content, name)
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"], client.get(response.headers["Location"])


def confirm(client: Client, address: str, page: Any, **changes: Any) -> Any:
    return client.post(address, {**read_form(page), **changes})


def text_of(response: Any) -> str:
    """Return the words of a response, a streamed one included."""
    whole = b"".join(response.streaming_content) if response.streaming else response.content
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", whole.decode())).split())


def test_import_goes_from_the_file_to_the_content() -> None:
    client = editor("Ada")
    address, page = plan_of(client, PUBLIC)
    assert (Guide.objects.count(), Upload.objects.count()) == (0, 1)
    words = text_of(page)
    assert "10 new 0 changed 0 warnings" in words
    assert "Pages are published on the dates in the file." in words
    assert words.count("Bundles of version 1.0 leave out minutes that are 1") == 1
    response = confirm(client, address, page)
    assert response.streaming
    words = text_of(response)
    assert "Import complete." in words
    assert "New: 1 contact point, 1 contact line, 1 resolution, 2 causes, 1 guide, 1 situation, " in words
    guide = Guide.objects.get()
    assert guide.state == "published"
    version = guide.history.get()
    assert (str(version.history_user), version.history_change_reason) == ("Ada", Reason.IMPORTED.of("bundle.yaml"))
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_repr) == ("Ada", "bundle.yaml")
    assert json.loads(entry.change_message) == {"code": "imported", "values": {"new": 10, "changed": 0}}
    assert "10 new, 0 changed" in text_of(administrator().get(list_url(LoggedChange)))
    assert Upload.objects.count() == 0
    assert client.get(address).status_code == 404


def test_what_is_ticked_is_taken_over() -> None:
    client = editor()
    address, page = plan_of(client, DRAFTS)
    confirm(client, address, page).getvalue()
    changed = DRAFTS.replace("It stays dark", "It is dark").replace("What is it?", "What is <b>it</b>?")
    address, page = plan_of(client, changed)
    html = page.content.decode()
    assert "&lt;" in html
    assert "<b>it" not in html
    assert read_form(page).keys() == {"fingerprint", "drafts"}  # nothing is ticked
    response = confirm(client, address, page, take=["symptom:device/dark", "symptom:none", "<script>"])
    assert "Changed: 1 situation" in text_of(response)
    assert Symptom.objects.get().title == "It is dark"
    assert FaqEntry.objects.get().question == "What is it?"
    address, page = plan_of(client, changed)
    assert "Changed: 1 FAQ entry" in text_of(confirm(client, address, page, all="1"))


def test_change_in_between_shows_the_plan_again() -> None:
    client = editor()
    address, page = plan_of(client, DRAFTS)
    confirm(client, address, page).getvalue()
    address, page = plan_of(client, DRAFTS.replace("It stays dark", "It is dark"))
    symptom = Symptom.objects.get()
    symptom.title = "Somebody else was faster"
    symptom.save()
    response = confirm(client, address, page, all="1")
    assert response.status_code == 409
    assert "Nothing was imported because content changed here in the meantime." in text_of(response)
    assert Symptom.objects.get().title == "Somebody else was faster"
    assert "Changed: 1 situation" in text_of(confirm(client, address, response, all="1"))
    assert Symptom.objects.get().title == "It is dark"


@pytest.mark.parametrize("fingerprint", ["", "0" * 64, "\0", "x" * 4_000])
def test_decision_without_having_seen_the_plan_is_not_taken(fingerprint: str) -> None:
    client = editor()
    address, page = plan_of(client, DRAFTS)
    assert confirm(client, address, page, fingerprint=fingerprint).status_code == 409
    assert Guide.objects.count() == 0


def test_file_that_cannot_be_read_is_refused_with_all_that_is_wrong() -> None:
    response = send(editor(), "helpdesk bundle: 1\n<script>: 1\nguides: 2\n", "<i>.yaml")
    words = response.content.decode()
    assert response.status_code == 422
    assert "Line 2: “&lt;script&gt;” isn&#x27;t recognized." in words
    assert "Line 3: this must be a list" in words
    assert "&lt;i&gt;.yaml can't be imported" in words
    assert Upload.objects.count() == 0
    assert editor().post(reverse("bundles-import")).status_code == 422


def test_author_imports_drafts_and_nothing_that_is_public() -> None:
    make_contact_point(slug="desk", name="Desk", purpose="Everything.")
    client = author()
    without_what_is_not_theirs = PUBLIC.replace("FAQ:\n", "unused:\n").split("unused:")[0]
    address, page = plan_of(client, without_what_is_not_theirs)
    assert "New pages are imported as drafts." in text_of(page)
    assert "You don't have permission to publish" in text_of(client.get(f"{address}?drafts=0"))
    confirm(client, address, page).getvalue()
    assert [guide.state for guide in Guide.objects.all()] == ["draft"]
    # Asking for more than the form offers brings no more.
    address, _page = plan_of(
        client, without_what_is_not_theirs.replace("slug: device", "slug: second").replace("2001", "3001")
    )
    page = client.get(f"{address}?drafts=0")
    confirm(client, address, page, drafts="0").getvalue()
    assert not Guide.objects.filter(publish_at__isnull=False).exists()


def test_author_cannot_take_over_what_is_public(first_content: None) -> None:
    text = exported().replace("title: My passcode is refused", "title: Changed")
    text = re.sub(r"changed: 2026.*", "changed: 2027-01-01 09:00:00+00:00", text)
    client = author()
    address, page = plan_of(client, text)
    assert "You don't have permission to change it." in text_of(page)
    confirm(client, address, page, take=[row.id for row in page.context["plan"].rows], all="1").getvalue()
    assert not Symptom.objects.filter(title="Changed").exists()


def test_author_cannot_add_contact_points_nor_what_needs_them() -> None:
    client = author()
    address, page = plan_of(client, DRAFTS)
    words = text_of(page)
    assert "You don't have permission to add a contact point." in words
    assert "It needs “Restart”, which can't be imported." in words
    confirm(client, address, page).getvalue()
    assert (ContactPoint.objects.count(), Symptom.objects.count()) == (0, 0)


ADDRESSES = ["bundles", "bundles-export", "bundles-export-faq", "bundles-import"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_pages_are_for_staff_with_rights_only(name: str) -> None:
    address = reverse(name)
    assert Client().get(address).status_code == 302
    assert without_rights().get(address).status_code == 403
    for client in (author(), editor(), administrator()):
        assert client.get(address).status_code == 200


def test_who_may_see_one_kind_only_exports_nothing_else() -> None:
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_faqentry", "view_faqcategory"]))
    assert signed_in(user).get(reverse("bundles-export")).status_code == 403
    assert signed_in(user).get(reverse("bundles-import")).status_code == 403


def test_file_of_somebody_else_is_not_there() -> None:
    address, page = plan_of(editor(), DRAFTS)
    other = editor()
    assert other.get(address).status_code == 404
    assert confirm(other, address, page).status_code == 404
    assert editor().get(reverse("bundles-decide", args=["x" * 400])).status_code == 404


def test_files_are_kept_for_a_day() -> None:
    client = editor()
    address, _page = plan_of(client, DRAFTS)
    Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    plan_of(client, DRAFTS)
    assert client.get(address).status_code == 404


def test_request_from_elsewhere_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editor"))
    assert send(client, DRAFTS).status_code == 403
    assert Upload.objects.count() == 0


def test_export_is_a_file_to_keep(first_content: None) -> None:
    client = editor()
    response = client.get(reverse("bundles-export"))
    assert response.content.decode() == exported()
    assert response.headers["Content-Disposition"] == 'attachment; filename="help-content.yaml"'
    some = client.get(reverse("bundles-export"), {"what": "chosen", "guide": "trading-platform-login"})
    assert some.headers["Content-Disposition"] == 'attachment; filename="trading-platform-login.yaml"'
    assert "slug: account-management-login" not in some.content.decode()
    action = {"action": "export_as_bundle", "_selected_action": [str(Guide.objects.get(number=1001).pk)]}
    assert client.post(list_url(Guide), action).content == some.content
    for query in ({"what": "chosen"}, {"guide": "<gone>"}):
        assert client.get(reverse("bundles-export"), query).status_code == 302


def test_ways_lead_to_export_and_import(first_content: None) -> None:
    client = editor()
    assert reverse("bundles") in client.get(reverse("admin:index")).content.decode()
    guide = Guide.objects.get(number=1001)
    link = re.search(r'href="([^"]*)"[^>]*>\s*Export as bundle', client.get(url_of(guide)).content.decode())
    assert link
    assert client.get(link[1].replace("&amp;", "&")).status_code == 200
    faq = client.get(list_url(FaqEntry)).content.decode()
    assert reverse("bundles-export-faq") in faq
    assert reverse("bundles-import") in faq
    assert reverse("bundles") not in without_rights().get(reverse("admin:index")).content.decode()


def test_spreadsheet_goes_out_and_in(first_content: None) -> None:
    client = editor()
    response = client.get(reverse("bundles-export-faq"))
    _address, page = plan_of(client, response.content, "faq.xlsx")
    assert "Nothing to import: everything in the file is already here." in text_of(page)


def test_plan_needs_the_same_number_of_queries_whatever_there_is(django_assert_max_num_queries: Any) -> None:
    client = editor()

    def queries_for(number: int) -> int:
        entries = [make_faq_entry(published=False) for _ in range(number)]
        text = exported()
        for entry in entries:
            entry.question = "Another one?"
            entry.save()
        address, _page = plan_of(client, text)
        with django_assert_max_num_queries(40) as counted:
            assert client.get(address).status_code == 200
        empty_the_portal()
        return len(counted)

    assert queries_for(1) == queries_for(3)


def test_overview_needs_the_same_number_of_queries_whatever_there_is(django_assert_max_num_queries: Any) -> None:
    client = editor()
    counts = []
    for _ in range(2):
        make_guide()
        with django_assert_max_num_queries(20) as counted:
            client.get(reverse("bundles"))
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_template_of_the_tests_is_a_bundle() -> None:
    assert SMALL.startswith("helpdesk bundle: 1\n")
