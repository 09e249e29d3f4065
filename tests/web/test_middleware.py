from __future__ import annotations

import pytest
from django.http import HttpResponse

from helpdesk.web import headers


def view(request):
    """Says what the middleware has put on the request."""
    return HttpResponse(" ".join(name for name in ("session", "user", "_messages") if hasattr(request, name)))


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


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PROPFIND", "DELETE", "x"])
@pytest.mark.parametrize("path", ["/", "/nothing/", "/admin/", "/static/css/x.css", "/healthz", "/search/", "/feed/"])
def test_method_that_nothing_answers_is_refused_at_every_address(client, path, method):
    response = client.generic(method, path, headers={"X-Echo": "echo"})

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert b"echo" not in response.content
