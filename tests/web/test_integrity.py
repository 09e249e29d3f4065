"""Scripts and style sheets carry the digest of what is served, on pages of the real server."""

from __future__ import annotations

import re
import urllib.request
from base64 import b64encode
from hashlib import sha256

import pytest

from tests.survival.killing import Supervisor

pytestmark = pytest.mark.database

FILES = re.compile(r'<(?:script|link rel="stylesheet")[^>]*? (?:src|href)="([^"]+)"([^>]*)>')
PAGES = ("/", "/guides/trading-platform-login/", "/search/?q=password", "/faq/", "/admin/login/")


def test_scripts_and_styles_have_the_digest_of_what_is_served(serving_portal: Supervisor) -> None:
    for page in PAGES:
        with urllib.request.urlopen(serving_portal.address + page, timeout=60) as answer:
            assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            html = answer.read().decode()
        files = FILES.findall(html)
        assert files, page
        for path, attributes in files:
            with urllib.request.urlopen(serving_portal.address + path, timeout=60) as file:
                digest = b64encode(sha256(file.read()).digest()).decode()
            assert f'integrity="sha256-{digest}"' in attributes, (page, path)


def test_visitors_pages_have_one_link_to_staffs_that_crawlers_leave_alone(serving_portal: Supervisor) -> None:
    for page in PAGES[:4]:
        with urllib.request.urlopen(serving_portal.address + page, timeout=60) as answer:
            links = [tag for tag in re.findall(r"<a [^>]*>", answer.read().decode()) if 'href="/admin/' in tag]
        assert len(links) == 1, page
        assert 'rel="nofollow"' in links[0]
