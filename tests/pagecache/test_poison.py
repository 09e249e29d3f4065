"""Nothing that one visitor sends changes what the next one gets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.guides.models import Symptom
from tests.accounts.staff_people import make_user, signed_in
from tests.factories import make_cause, make_guide, make_symptom
from tests.pagecache.asking import Server

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/", "/guides/login/", "/guides/login/nothing/", "/guides/login/nothing/check/first/", "/faq/", "/contact/")
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE", "get")
HEADERS = (
    *("range", "if_range", "if_none_match", "if_modified_since", "if_match", "cookie", "authorization", "accept"),
    *("accept_language", "hx_request", "hx_current_url", "hx_target", "hx_boosted", "hx_history_restore_request"),
    *("x_forwarded_host", "x_forwarded_proto", "x_forwarded_for", "forwarded", "x_original_url", "x_rewrite_url"),
    *("x_http_method_override", "referer", "origin", "sec_fetch_site", "sec_purpose", "user_agent", "dnt", "host"),
)
values = st.sampled_from(
    [
        "true",
        "bytes=0-3",
        "bytes=9-",
        "*",
        'W/"x"',
        "evil.example",
        "https",
        "de",
        "sessionid=x; csrftoken=y",
        "http://[",
    ]
) | st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=30)
queries = st.lists(
    st.tuples(
        st.sampled_from(["utm_source", "q", "next", "no", "skip", "by", "sent", "format"]), st.text("a&=<%", max_size=8)
    ),
    max_size=3,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


@pytest.fixture
def symptom() -> Symptom:
    causes = [make_cause(slug=slug, title=f"Is it {slug}?") for slug in ("first", "second")]
    return make_symptom(guide=make_guide(slug="login"), slug="nothing", causes=causes)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PAGES),
    method=st.sampled_from(METHODS),
    query=queries,
    headers=st.dictionaries(st.sampled_from(HEADERS), values, max_size=3),
)
def test_page_is_whole_and_the_same_whatever_was_asked_before(
    symptom: Symptom, path: str, method: str, query: str, headers: dict[str, str]
) -> None:
    server = Server()
    server.ask(path, method=method, query=query, **headers)
    status, kept_headers, content = server.ask(path)
    fresh = server.fresh(path)
    assert (status, content) == (200, fresh[2])
    assert kept_headers["Content-Length"] == str(len(content))
    assert "Set-Cookie" not in kept_headers
    assert "Content-Range" not in kept_headers


def test_staff_get_the_page_of_everybody_and_leave_nothing_on_it(symptom: Symptom) -> None:
    client = signed_in(make_user(superuser=True))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    server = Server()
    as_staff = [server.ask(path, cookie=cookies) for path in PAGES]
    assert as_staff == [server.ask(path) for path in PAGES]
    assert as_staff == [Server().ask(path) for path in PAGES]
    assert all(status == 200 and "Set-Cookie" not in headers for status, headers, _ in as_staff)


@pytest.mark.parametrize("path", ["/guides/nothing-here/", "/admin/", "/search/?q=x", "/handoff/XXXXXX/", "/readyz"])
def test_what_is_no_page_for_everybody_is_never_kept(symptom: Symptom, path: str) -> None:
    server = Server()
    name, _, query = path.partition("?")
    answers: list[Any] = [server.ask(name, query=query) for _ in range(2)]
    assert server.cache.pages.entries == {}
    assert all("no-store" in headers.get("Cache-Control", "no-store") for _, headers, _ in answers)
