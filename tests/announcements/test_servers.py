"""Real servers: an announcement is on kept pages of every process within a second, and gone as soon once it ends."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.pagecache import test_servers as servers
from tests.pagecache.test_servers import Portal, connected, get
from tests.serving import PROJECT, Server

pytestmark = pytest.mark.database
portal = servers.portal

START = "/admin/announcements/announcement/start/"
GUIDE, OTHER = "/guides/trading-platform-login/", "/guides/account-management-login/"
SYMPTOM = f"{GUIDE}connection-attempts/"
CONCERNED = ["/", GUIDE, f"{SYMPTOM}", f"{SYMPTOM}all/"]
# Not kept.
SEARCH = "/search/?q=firewall&uncounted"
FORM = {"title": "Logins are slow", "severity": "problem"}
BANNER = "Problem: Logins are slow"

MAKE_EDITOR = """
from django.contrib.auth.models import Group, User
from django.test import Client
from helpdesk.guides.models import Guide
editor = User.objects.create_user("anna", is_staff=True)
editor.groups.add(Group.objects.get(name="Editor"))
client = Client()
client.force_login(editor)
print("SESSION", client.cookies["sessionid"].value, Guide.objects.get(slug="trading-platform-login").pk)
"""


class Staff:
    """An editor who is signed in at a server, without a browser."""

    def __init__(self, server: Server) -> None:
        self.server = server
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", MAKE_EDITOR]
        done = subprocess.run(command, cwd=PROJECT, env=server.environ, check=True, capture_output=True, text=True)
        self.session, self.guide = done.stdout.partition("SESSION ")[2].split()

    def request(self, method: str, path: str, fields: dict[str, str] | None = None, token: str = "") -> tuple[int, str]:
        cookies = f"sessionid={self.session}; csrftoken={token}"
        body = urlencode({**(fields or {}), "csrfmiddlewaretoken": token})
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        with connected(self.server) as connection:
            connection.request(method, path, body if method == "POST" else None, headers)
            response: http.client.HTTPResponse = connection.getresponse()
            self.token = SimpleCookie(response.headers.get("Set-Cookie", "")).get("csrftoken")
            return response.status, response.read().decode()

    def post(self, page: str, path: str, fields: dict[str, str]) -> None:
        """Send a form of a page, as a browser does."""
        self.request("GET", page)
        assert self.token is not None
        status, content = self.request("POST", path, fields, self.token.value)
        assert status == 303, content


def pages_with_banner(portal: Portal, paths: list[str], *, connections: int = servers.ENOUGH) -> set[tuple[str, bool]]:
    """Return whether each page shows the banner: of every process, as far as enough connections reach them all."""
    return {
        (path, BANNER in get(running, path)) for running in portal.servers for path in paths for _ in range(connections)
    }


def wait_for(portal: Portal, shown: bool) -> datetime:
    """Wait until all pages are so, and return when that was seen."""
    until = time.monotonic() + servers.SECONDS_AT_MOST
    while pages_with_banner(portal, CONCERNED) != {(path, shown) for path in CONCERNED}:
        assert time.monotonic() < until
        time.sleep(0.05)
    return datetime.now(UTC)


def set_moment(portal: Portal, name: str, moment: datetime) -> None:
    zone = "+00" if "DATABASE_URL" in os.environ else ""
    text = f"{moment:%Y-%m-%d %H:%M:%S.%f}{zone}"
    portal.execute(f"UPDATE announcements_announcement SET {name} = '{text}'")


def test_announcement_is_seen_within_a_second_ended_and_planned(portal: Portal) -> None:
    staff = Staff(portal.servers[0])
    every = [*CONCERNED, OTHER, "/faq/"]
    assert pages_with_banner(portal, every) == {(path, False) for path in every}  # now they are kept

    where = {"where": f"guide-{staff.guide}"}
    staff.post(f"{START}?guide={staff.guide}", START, {**FORM, **where})
    time.sleep(servers.SECONDS)
    wait_for(portal, True)
    others = {(OTHER, False), ("/faq/", False), (SEARCH, True)}
    assert pages_with_banner(portal, [path for path, _ in others], connections=4) == others

    _status, admin = staff.request("GET", "/admin/")
    (end,) = re.findall(r'action="(/admin/announcements/announcement/\d+/end/)"', admin)
    staff.post("/admin/", end, {"next": "/admin/"})
    time.sleep(servers.SECONDS)
    wait_for(portal, False)

    set_moment(portal, "ends_at", datetime.now(UTC) + timedelta(days=1))
    starts_at = datetime.now(UTC) + timedelta(seconds=3)
    set_moment(portal, "starts_at", starts_at)
    assert wait_for(portal, True) >= starts_at
    ends_at = datetime.now(UTC) + timedelta(seconds=3)
    set_moment(portal, "ends_at", ends_at)
    assert wait_for(portal, False) >= ends_at
