"""Nothing that public pages are made of is forgotten: no table, no address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from helpdesk.pagecache.key import cacheable_paths
from helpdesk.pagecache.triggers import watched_tables

# Addresses that are no page for everybody, and why.
NO_PAGES = {
    "search/": "counts what was searched for",
    "search/opened/": "counts what was opened",
    "search/suggestions/": "another answer for each letter",
    "handoff/<slug:reference>/": "one visitor's own",
    "g/<int:number>/": "a redirect",
    "s/<int:number>/": "a redirect",
    "f/<int:number>/": "a redirect",
    "l/<int:number>/": "a redirect",
    "guides/": "a redirect",
    "styleguide/": "a redirect",
    "media/<str:name>": "a file that never changes",
    ".well-known/security.txt": "has the day in it",
    "guides/<slug:guide>/<slug:symptom>/check/<slug:cause>/reminder.ics": "counts from now",
    "healthz": "how the portal is now",
    "readyz": "how the portal is now",
}
# Tables that decide where an address leads that is no page; such answers are not kept.
NOT_SHOWN = {"links_formeraddress", "links_helpnumber", "links_redirect", "links_deadaddress", "links_goneaddress"}


def routes(patterns: Any, before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        found += [route] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, route)
    return [route for route in found if not route.startswith("admin/")]


def test_every_public_address_is_a_page_or_is_known_to_be_none() -> None:
    every = routes(get_resolver().url_patterns)
    samples = {
        route: "/" + re.sub(r"<slug:\w+>", "some-slug", route).replace("topic/some", "topic/x") for route in every
    }
    pages = {route for route, path in samples.items() if cacheable_paths().fullmatch(path)}
    assert pages | set(NO_PAGES) == set(every)
    assert pages & set(NO_PAGES) == set()


@pytest.mark.django_db
def test_every_table_that_a_page_reads_moves_the_version(first_content: None, client: Client) -> None:
    sitemap = client.get("/sitemap.xml").content.decode()
    paths = [re.sub("https?://[^/]+", "", path) for path in re.findall("<loc>(.*?)</loc>", sitemap)]
    symptom = next(path for path in paths if path.startswith("/guides/") and path.count("/") == 4)
    more = [f"{symptom}all/", f"{symptom}contact/", f"{symptom}fixed/", "/feed/", "/robots.txt", "/sitemap.xml"]
    more += [f"{'/'.join(symptom.split('/')[:3])}/none/"]
    with CaptureQueriesContext(connection) as queries:
        statuses = {client.get(path).status_code for path in [*paths, *more]}
    assert statuses == {200}
    tables = set().union(*(re.findall(r'(?:FROM|JOIN) "?([a-z]+_[a-z_]+)"?', query["sql"]) for query in queries))
    assert len(tables) >= 7
    assert tables <= {*watched_tables(), *NOT_SHOWN}
