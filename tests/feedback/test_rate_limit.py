"""Limit of posts: counted for a network, and nobody who follows a walk is ever stopped by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from helpdesk.feedback import rate_limit
from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.web.origin import client_network
from tests import factories

pytestmark = pytest.mark.django_db

STEP = "/guides/platform/offline/check/"
CONTACT = "/guides/platform/offline/contact/"
NONE = "/guides/platform/none/"
SEARCH = "/search/"


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """All posts of a test come in one window of the limit."""
    now = timezone.now().replace(second=10)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture(autouse=True)
def _walk() -> None:
    cache.clear()
    resolution = factories.make_resolution(contact_point=factories.make_contact_point(number="+44 20 7710 5600"))
    causes = [factories.make_cause(slug=slug, resolution=resolution) for slug in ("cable", "router")]
    factories.make_symptom(slug="offline", guide=factories.make_guide(slug="platform"), causes=causes)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "POSTS_A_MINUTE", 2)


def test_walk_goes_on_uncounted_over_the_limit_of_a_network(client: Client) -> None:
    """One /64 with another address and browser for each post: the walk goes on, and no more rows are written."""
    answers = [
        client.post(
            f"{STEP}cable/",
            {"answer": "not-fixed"},
            REMOTE_ADDR=f"2001:db8:1:2::{number:x}",
            HTTP_USER_AGENT=f"Browser {number}",
        )
        for number in range(1, rate_limit.POSTS_A_MINUTE + 6)
    ]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (303, f"{STEP}router/?no=cable")
    }
    assert Outcome.objects.count() == rate_limit.POSTS_A_MINUTE
    client.post(f"{STEP}cable/", {"answer": "not-fixed"}, REMOTE_ADDR="2001:db8:1:3::1")
    assert Outcome.objects.count() == rate_limit.POSTS_A_MINUTE + 1


@pytest.mark.parametrize("place", [NONE, SEARCH])
def test_words_over_the_limit_come_back_with_the_way_to_call(few: None, client: Client, place: str) -> None:
    codes = [client.post(place, {"words": f"It beeps {number}"}).status_code for number in range(3)]
    refused = client.post(f"{place}?via=x", {"words": 'It "beeps"'})

    assert codes == [303, 303, 429]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    page = refused.content.decode()
    assert f'<form class="card" method="post" action="{place}?via=x">' in page
    assert 'value="It &quot;beeps&quot;"' in page
    assert 'href="tel:+442077105600"' in page
    assert UnmatchedWords.objects.count() == 2
    assert client.post(place, {"words": "It beeps"}, REMOTE_ADDR="192.0.2.9").status_code == 303


def test_reference_number_over_the_limit_is_asked_for_again(few: None, client: Client) -> None:
    codes = [client.post(f"{CONTACT}?{walk}").status_code for walk in ("no=cable", "no=router", "skip=cable")]
    refused = client.post(f"{CONTACT}?skip=cable").content.decode()

    assert codes == [303, 303, 429]
    assert f'<form class="card" method="post" action="{CONTACT}?skip=cable">' in refused
    assert 'href="tel:+442077105600"' in refused
    assert HandOff.objects.count() == 2


def test_page_of_a_refusal_takes_few_queries(
    few: None, client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for _ in range(3):
        client.post(NONE, {"words": "It beeps"})
    with django_assert_num_queries(4):  # the guide, the people to call with their lines, and announcements
        assert client.post(NONE, {"words": "It beeps"}).status_code == 429


def test_answers_take_no_words_away(few: None, client: Client) -> None:
    for _ in range(4):
        client.post(f"{STEP}cable/", {"answer": "fixed"})

    assert client.post(NONE, {"words": "It beeps"}).status_code == 303
    assert client.post(CONTACT).status_code == 303


def test_forged_forwarding_header_does_not_dodge_the_limit(few: None, client: Client, settings: Any) -> None:
    def codes() -> list[int]:
        cache.clear()
        return [
            client.post(NONE, {"words": f"It beeps {n}"}, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}, 10.0.0.1").status_code
            for n in range(4)
        ]

    assert codes() == [303, 303, 429, 429]
    settings.TRUSTED_PROXIES = 1
    assert codes() == [303, 303, 429, 429]  # the last hop is what our proxy saw: the same for all
    settings.TRUSTED_PROXIES = 2
    assert codes() == [303] * 4


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_network_is_an_ipv4_address_or_64_bits(rf: Any, address: str, network: str) -> None:
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize(
    ("hop", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:51234", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:51234", "2001:db8:1:2::/64"),
    ],
)
def test_port_that_a_proxy_adds_makes_no_other_network(rf: Any, settings: Any, hop: str, network: str) -> None:
    """Each connection has a port of its own: with it, nobody would ever reach the limit."""
    settings.TRUSTED_PROXIES = 1
    assert client_network(rf.get("/", HTTP_X_FORWARDED_FOR=hop)) == network
