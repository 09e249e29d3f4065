"""/.well-known/security.txt as RFC 9116 has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.environment import WrongSetting, security_contact

PATH = "/.well-known/security.txt"
CONTACT = "mailto:security@example.com"


def test_text_says_whom_to_tell_and_until_when(client: Any, settings: Any) -> None:
    settings.SECURITY_CONTACT, settings.PUBLIC_URL = CONTACT, "https://help.example.com"
    answer = client.get(PATH)
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = datetime.fromisoformat(lines.pop("Expires"))
    assert lines == {
        "Contact": CONTACT,
        "Preferred-Languages": "en",
        "Canonical": f"https://help.example.com{PATH}",
    }
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert not answer.cookies


def test_text_names_no_host_that_only_a_visitor_named(client: Any, settings: Any) -> None:
    settings.SECURITY_CONTACT = CONTACT
    assert "Canonical" not in client.get(PATH, headers={"Host": "localhost"}).content.decode()


def test_text_is_not_there_when_nobody_is_named(db: Any, client: Any) -> None:
    assert client.get(PATH).status_code == 404


def test_text_is_only_for_looking(client: Any, settings: Any) -> None:
    settings.SECURITY_CONTACT = CONTACT
    assert [client.head(PATH).status_code, client.put(PATH).status_code] == [200, 405]


def test_contact_is_an_address_or_refused() -> None:
    assert security_contact({"X": f" {CONTACT} "}, "X") == CONTACT
    assert security_contact({"X": "https://example.com/report"}, "X") == "https://example.com/report"
    assert security_contact({}, "X") == ""
    for wrong in ("security@example.com", "http://example.com/", "mailto:nobody", "https://a b", "mailto:a@b\nX: y"):
        with pytest.raises(WrongSetting, match="X must be an address such as"):
            security_contact({"X": wrong}, "X")
