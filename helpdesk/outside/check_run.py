"""Check of all links that lead out of the portal, with limits for each host and in all; results are stored one by one.

The links that were not checked for the longest time come first, so that what one run leaves is done by the next.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from helpdesk.outside.link_check import LinkResult, check_link
from helpdesk.outside.link_errors import LinkError
from helpdesk.outside.link_sources import public_addresses
from helpdesk.outside.models import CheckedLink
from helpdesk.outside.safe_http import PoliteClient, is_public

MOST_LINKS = 500
MOST_PER_HOST = 50
# Seconds between two requests to one host.
PAUSE = 1.0
# After this answer a host is left alone until the next run, and after so many links without any answer.
TOO_MANY_REQUESTS = 429
MOST_SILENCES = 3
SILENCE = (LinkError.DNS, LinkError.CONNECTION, LinkError.TIMEOUT)

LONGEST_ADDRESS = 1000


@dataclass(frozen=True, slots=True)
class LinkStep:
    """A link that has just been checked, the how many-eth it is, and how many this run checks."""

    done: int
    of: int
    link: CheckedLink


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """Numbers of links: checked in this run, left for the next one, failing since this day, dead."""

    checked: int
    left: int
    failing: int
    dead: int
    is_offline: bool = False  # no site answered, so nothing was stored


def client() -> PoliteClient:
    """Return a client that names the portal, with the address where its operator is found."""
    about = f" (+{settings.PUBLIC_URL})" if settings.PUBLIC_URL else ""
    allowed = (lambda address: True) if settings.CHECK_LINKS_IN_PRIVATE_NETWORKS else is_public
    return PoliteClient(f"HelpPortalLinkCheck/1.0{about}", PAUSE, allowed)


def check_links() -> Generator[LinkStep, None, LinkSummary]:
    """Check the links of all public content; yields each result, returns a summary.

    As long as no site has answered, results are held back, and if none of several does, none is stored: then it is this
    server that has no connection.
    """
    addresses = [address for address in public_addresses() if len(address) <= LONGEST_ADDRESS]
    CheckedLink.objects.exclude(address__in=addresses).delete()
    chosen = choose(addresses)
    asking, silences, done, held, answered = client(), Counter[str](), 0, list[tuple[str, LinkResult]](), False
    for address in chosen:
        host = host_of(address)
        if silences[host] >= MOST_SILENCES:
            continue
        result = check_link(address, asking)
        silences[host] += MOST_SILENCES if result.status == TOO_MANY_REQUESTS else int(result.error in SILENCE)
        answered = answered or result.error not in SILENCE
        held.append((address, result))
        if answered:
            store(held)
        done += 1
        yield LinkStep(done, len(chosen), CheckedLink(address=address, **asdict(result)))
    if len(set(map(host_of, chosen))) == 1:
        store(held)
    dead = CheckedLink.objects.dead().count()
    failing = CheckedLink.objects.exclude(first_failed_at=None).count() - dead
    return LinkSummary(done, len(addresses) - done, failing, dead, is_offline=bool(held))


def store(held: list[tuple[str, LinkResult]]) -> None:
    """Store these results, and hold them back no longer."""
    for address, result in held:
        CheckedLink.objects.store(address, result, timezone.now())
    held.clear()


def choose(addresses: Iterable[str]) -> list[str]:
    """Return the addresses to check now, longest unchecked first, host by host in turn within the limits."""
    checked = dict(CheckedLink.objects.values_list("address", "checked_at"))
    by_host: dict[str, list[str]] = defaultdict(list)
    new = [address for address in addresses if address not in checked]
    for address in [*new, *sorted(checked, key=checked.__getitem__)]:
        by_host[host_of(address)].append(address)
    rounds: Iterator[str | None] = chain.from_iterable(
        zip_longest(*(some[:MOST_PER_HOST] for some in by_host.values()))
    )
    return [address for address in rounds if address][:MOST_LINKS]


def host_of(address: str) -> str:
    return urlsplit(address).hostname or ""
