"""`python -m tests.attacks.fuzz [--examples 5000]`: every address, header and form, with what hypothesis thinks of.

The suite runs the same with a few examples each, always the same ones. Here each address gets its share of the number,
and they are others each time. What fails is printed in its smallest form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.attacks import surface
from tests.attacks.payloads import ELSEWHERE, MARK, SHORT_TEXTS, TEXTS
from tests.attacks.surface import Address, Form

HEADERS_ALWAYS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
}

hostile_text = st.sampled_from(SHORT_TEXTS) | st.text(max_size=60)
long_text = st.sampled_from(TEXTS) | st.text(max_size=300)
one_line = hostile_text.map(lambda text: text.replace("\r", "").replace("\n", "").encode().decode("latin-1"))
methods = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"])
pairs = st.lists(st.tuples(st.sampled_from(surface.parameters()), hostile_text), max_size=3)


class Asked(NamedTuple):
    """What came, and all of its body."""

    response: Any
    content: bytes


def some_headers() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(surface.headers()), one_line, max_size=2)


@st.composite
def paths(draw: st.DrawFn, address: Address) -> str:
    """The address, with an argument in it that no view expects, or as it is."""
    parts = [part for part, _ in address.pieces]
    places = [number for number, (_, is_argument) in enumerate(address.pieces) if is_argument]
    if places and draw(st.booleans()):
        parts[draw(st.sampled_from(places))] = draw(hostile_text)
    return "/".join(parts)


def ask(client: Client, method: str, path: str, query: Any, headers: dict[str, str], data: Any = ()) -> Asked:
    """Asks, and leaves nothing of it in the database or among the cookies."""
    cookies = dict(client.cookies)
    body = urlencode(data, errors="surrogatepass").encode()
    environ = {"PATH_INFO": path.encode("utf-8", "surrogatepass").decode("latin-1")}
    environ["QUERY_STRING"] = urlencode(query, errors="surrogatepass")
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    with transaction.atomic():
        try:
            response = client.generic(method, "/", body, "application/x-www-form-urlencoded", **environ)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            return Asked(response, content)
        finally:
            transaction.set_rollback(True)
            client.cookies.clear()
            client.cookies.update(cookies)


def wrong_with(path: str, asked: Asked) -> Iterator[str]:
    """What no answer may be or have, whatever was asked for."""
    response = asked.response
    if response.status_code >= 500:
        yield f"status {response.status_code}"
    if MARK.encode() in asked.content:
        yield "markup came through"
    if response.cookies and not path.startswith("/admin/"):
        yield f"cookies {list(response.cookies)}"
    location = response.headers.get("Location", "")
    if urlsplit(location).netloc not in ("", "testserver") or location.startswith(("//", "/\\")) or "\n" in location:
        yield f"led away to {location!r}"
    if ELSEWHERE in response.headers.get("Content-Disposition", ""):
        yield "a header came through"
    if missing := HEADERS_ALWAYS - response.headers.keys():
        yield f"without {missing}"


def _profile(examples: int, deep: bool) -> Callable[[Any], Any]:
    return settings(
        max_examples=examples,
        derandomize=not deep,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if deep else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def try_address(client: Client, address: Address, *, examples: int, deep: bool = False) -> None:
    """Raises AssertionError where an answer is wrong."""

    @_profile(examples, deep)
    @given(method=methods, path=paths(address), query=pairs, headers=some_headers(), data=pairs)
    def attempt(method: str, path: str, query: Any, headers: Any, data: Any) -> None:
        asked = ask(client, method, path, query, headers, data)
        wrong = list(wrong_with(path, asked))
        assert not wrong, f"{wrong}: {address.name}: {method} {path!r} {query} {headers} {data}"

    attempt()


def try_form(client: Client, form: Form, *, examples: int, deep: bool = False) -> None:
    """The form as the page shows it, with some of its fields filled in by somebody who means harm."""
    names = st.sampled_from([name for name, _ in form.fields] or ["x"])

    @_profile(examples, deep)
    @given(changes=st.dictionaries(names, long_text, min_size=1, max_size=4), more=pairs, headers=some_headers())
    def attempt(changes: dict[str, str], more: Any, headers: Any) -> None:
        data = [*(dict(form.fields) | changes).items(), *more]
        path, _, query = form.action.partition("?")
        asked = ask(client, "POST", path, parse_qsl(query), headers, data)
        wrong = list(wrong_with(path, asked))
        assert not wrong, f"{wrong}: {form.action}: {changes} {more} {headers}"

    attempt()


def forms(client: Client, addresses: list[Address]) -> list[Form]:
    """Every form that posts on any page that opens; one of each action and set of fields."""
    found = {}
    for address in addresses:
        asked = ask(client, "GET", address.path, [], {})
        if asked.response.headers.get("Content-Type", "").startswith("text/html"):
            for form in surface.forms_of(address.path, asked.content.decode()):
                found[form.action.partition("?")[0], tuple(name for name, _ in form.fields)] = form
    return list(found.values())


def main(arguments: list[str]) -> int:
    import pytest

    examples = arguments[arguments.index("--examples") + 1] if "--examples" in arguments else "5000"
    return pytest.main(["-q", "-x", "--fuzz-examples", examples, "tests/attacks/test_fuzz.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
