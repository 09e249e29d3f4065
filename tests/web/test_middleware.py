from __future__ import annotations

import pytest
from django.http import HttpResponse
from simple_history.models import HistoricalRecords

from helpdesk.accounts import staff_middleware
from helpdesk.web import headers


def view(request):
    """Says what the middleware has put on the request."""
    return HttpResponse(" ".join(name for name in ("session", "user", "_messages") if hasattr(request, name)))


@pytest.fixture
def whole_chain():
    handler = view
    for each in (
        staff_middleware.StaffHistoryMiddleware,
        staff_middleware.StaffMessageMiddleware,
        staff_middleware.StaffAuthenticationMiddleware,
        staff_middleware.StaffSessionMiddleware,
    ):
        handler = each(handler)
    return handler


@pytest.mark.parametrize("path", ["/", "/guides/trading-platform-login/", "/administration/", "/admin"])
def test_public_page_knows_no_session_user_or_message(whole_chain, rf, path):
    request = rf.get(path, headers={"cookie": "sessionid=guessed"})
    response = whole_chain(request)
    assert response.content == b""
    assert not response.cookies
    assert "Vary" not in response.headers


def test_staffs_page_has_session_user_and_messages(whole_chain, rf, db):
    assert whole_chain(rf.get("/admin/")).content == b"session user _messages"


def test_history_knows_who_changes_a_record_under_admin_only(rf):
    seen = []

    def look(request):
        seen.append(getattr(HistoricalRecords.context, "request", None))
        return HttpResponse()

    handler = staff_middleware.StaffHistoryMiddleware(look)
    public, staff = rf.get("/"), rf.get("/admin/")
    handler(public)
    handler(staff)
    assert seen == [None, staff]
    assert not hasattr(HistoricalRecords.context, "request")


def test_public_page_sends_no_cookie(client, first_content):
    response = client.get("/")
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_cookies_of_staff_stay_under_admin(client, db):
    response = client.get("/admin/login/")
    assert response.cookies["csrftoken"]["path"] == "/admin/"
    assert response.cookies["csrftoken"]["httponly"]
    assert response.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/no-such-page/"])
def test_every_page_has_the_security_headers(client, db, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/healthz", "/robots.txt", "/feed/", "/sitemap.xml"])
def test_what_is_no_page_may_load_nothing(client, db, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_foreign_host_is_refused_however_often_ours_was_asked_for(client, db):
    hosts = ["testserver", "testserver", "evil.example", "evil.example", "testserver"]

    assert [client.get("/faq/", headers={"Host": host}).status_code for host in hosts] == [200, 200, 400, 400, 200]


def test_no_more_hosts_are_remembered_than_a_site_has(rf):
    seen = headers.HostMiddleware(view)
    for port in range(500):
        seen(rf.get("/", headers={"Host": f"testserver:{port}"}))

    assert len(seen.known) == seen.MOST_KNOWN
