"""Hostile requests of every kind, as bytes: each function makes one of its kind, another one each time."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.attacks import payloads

SYMPTOM = "/guides/two-factor-authentication/"
PATHS = ("/", "/guides/", SYMPTOM, "/faq/", "/contact/", "/search/", "/search/suggestions/", "/admin/login/", "/feed/")
FORMS = ("/search/", "/search/opened/", f"{SYMPTOM}none/", "/admin/login/", "/admin/markdown-preview/", "/")


class Hostile(NamedTuple):
    """A request in the pieces in which it is sent, with a pause in seconds between them."""

    kind: str
    pieces: tuple[bytes, ...]
    pause: float = 0.0
    is_head: bool = False


def request(
    method: str,
    target: str,
    *lines: str | bytes,
    body: bytes = b"",
    host: str | None = "localhost",
    length: int | None = None,
) -> bytes:
    """One that is sound but for what it is given; the length is said where there is a body."""
    head = [f"{method} {target} HTTP/1.1".encode("utf-8", "surrogateescape")]
    head += [f"Host: {host}".encode()] if host is not None else []
    head += [b"Connection: close"]
    head += [line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line for line in lines]
    if body or length is not None:
        head.append(f"Content-Length: {len(body) if length is None else length}".encode())
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def form(target: str, fields: list[tuple[str, str]], *lines: str) -> bytes:
    body = urlencode(fields, errors="surrogatepass").encode()
    return request("POST", target, "Content-Type: application/x-www-form-urlencoded", *lines, body=body)


def _text(random: Random) -> str:
    return random.choice(payloads.TEXTS)


def _path(random: Random) -> str:
    return random.choice(PATHS)


# The address


def query_text(random: Random) -> bytes:
    names = random.sample(["q", "guide", "exact", "no", "skip", "by", "sent", "via", "next", "page", "p", "o"], 3)
    query = urlencode({name: random.choice(payloads.SHORT_TEXTS) for name in names}, errors="surrogatepass")
    return request("GET", f"{_path(random)}?{query}")


def search_text(random: Random) -> bytes:
    text = urlencode({"q": _text(random) + " ".join(random.choices("abcdefgh", k=3))}, errors="surrogatepass")
    return request("GET", f"{random.choice(['/search/', '/search/suggestions/'])}?{text[:30_000]}")


def raw_query(random: Random) -> bytes:
    query = random.choice(
        ["q=%ff%fe%80", "q=%c0%af", "q=%ed%a0%80", "q=%", "q=%zz&&&==", "%00=%00", "q[]=1", ";;;", "?" * 900]
    )
    return request("GET", f"{_path(random)}?{query}")


def path_text(random: Random) -> bytes:
    text = quote(random.choice(payloads.SHORT_TEXTS), safe=random.choice(["", "/", "/%"]), errors="surrogatepass")
    places = (
        "/{}",
        "/guides/{}/",
        "/guides/x/{}/",
        "/faq/{}/",
        "/faq/topic/{}/",
        "/s/{}/",
        "/handoff/{}/",
        "/media/{}",
    )
    more = ("/static/{}", "/admin/{}", "/admin/guides/guide/{}/change/", "/admin/jsi18n/{}", "/{}/..;/admin/")
    return request("GET", random.choice([*places, *more]).format(text))


def traversal(random: Random) -> bytes:
    folder = random.choice(["/media/", "/static/", "/", "/guides/"])
    name = random.choice(
        ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/secret_key", "..%5c..%5cx", "..%00/x"]
    )
    return request("GET", folder + name)


def things_that_are_not_here(random: Random) -> bytes:
    names = (
        "/.env",
        "/.git/HEAD",
        "/dump.sql",
        "/metrics",
        "/__debug__/",
        "/openapi.json",
        "/static/",
        "/media/",
        "/wp-login.php",
    )
    return request("GET", random.choice(names))


def lead_away(random: Random) -> bytes:
    away = random.choice(payloads.LEAD_AWAY)
    target = random.choice(
        [
            f"//{payloads.ELSEWHERE}/..",
            f"//{payloads.ELSEWHERE}/guides",
            f"/%0d%0aX:1/{away}",
            f"/admin/login/?next={quote(away)}",
        ]
    )
    return request("GET", target.replace("\r", "%0d").replace("\n", "%0a").replace("\t", "%09").replace(" ", "%20"))


def long_path(random: Random) -> bytes:
    return request("GET", "/" + random.choice(["a", "a/", "%41", "guides/"]) * random.choice([300, 2_000, 8_000]))


def many_parameters(random: Random) -> bytes:
    names = [random.choice(["no", "q", f"x{number}"]) for number in range(1_500)]
    return request("GET", f"{_path(random)}?{'&'.join(f'{name}={random.randrange(99)}' for name in names)}")


def filling_the_cache(random: Random) -> bytes:
    name = random.choice(["utm_source", "cb", "no", "skip", "by", "sent"])
    return request("GET", f"{random.choice(PATHS[:5])}?{name}={random.randrange(10**12)}")


# The headers

READ = ("HX-Request", "HX-Current-URL", "HX-Target", "HX-Prompt", "Accept", "Accept-Language", "Referer", "Origin")
READ_TOO = (
    "Sec-Fetch-Site",
    "Sec-Fetch-Mode",
    "Sec-Purpose",
    "Purpose",
    "If-None-Match",
    "If-Modified-Since",
    "Cookie",
)
FORWARDED = (
    "X-Forwarded-Host",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Forwarded-For",
    "Forwarded",
    "X-Original-URL",
)
MORE = (
    "X-Rewrite-URL",
    "X-HTTP-Method-Override",
    "X-Request-ID",
    "User-Agent",
    "Content-Type",
    "Expect",
    "TE",
    "Upgrade",
)


def header_text(random: Random) -> bytes:
    lines = []
    for name in random.sample([*READ, *READ_TOO, *FORWARDED, *MORE], 3):
        value = random.choice([*payloads.SHORT_TEXTS, f"https://{payloads.ELSEWHERE}/", "true"])
        lines.append(f"{name}: {value}".replace("\r", " ").replace("\n", " "))
    return request("GET", _path(random), *lines)


def header_bytes(random: Random) -> bytes:
    line = random.choice(["User-Agent", "Referer", "Cookie", "Accept-Encoding", "X-Forwarded-For"]).encode() + b": "
    return request(
        "GET", _path(random), line + bytes(random.choices(range(1, 256), k=60)).replace(b"\n", b"").replace(b"\r", b"")
    )


def long_header(random: Random) -> bytes:
    return request("GET", _path(random), "X-Long: " + "a" * random.choice([8_000, 100_000, 400_000]))


def many_headers(random: Random) -> bytes:
    return request(
        "GET", _path(random), *(f"X-{number}: {number}" for number in range(random.choice([90, 300, 2_000])))
    )


def many_cookies(random: Random) -> bytes:
    cookies = "; ".join(f"c{number}={random.randrange(99)}" for number in range(700))
    return request(
        "GET", random.choice([*PATHS, "/admin/"]), f"Cookie: sessionid={_one_line(_text(random))[:200]}; {cookies}"
    )


def range_bomb(random: Random) -> bytes:
    ranges = random.choice([",".join(f"{n}-" for n in range(1_500)), "0-0,-1", "9" * 40 + "-", "-" + "9" * 40, "bytes"])
    target = random.choice([*PATHS[:5], "/static/css/base.css", "/media/x.png"])
    return request("GET", target, f"Range: bytes={ranges}", f"If-Range: {payloads.MARKUP[1]}")


def accept_encoding_bomb(random: Random) -> bytes:
    value = random.choice(["br;q=" + "9" * 300, "gzip," * 5_000, "*;q=0,identity;q=0", "br;q=1.1.1", ",;=q;;" * 300])
    return request("GET", _path(random), f"Accept-Encoding: {value}")


def wrong_host(random: Random) -> bytes:
    host = random.choice(
        ["evil.example", "localhost:99999", "localhost:x", "localhost@evil", "[::1", "", "a" * 9_000, "local host"]
    )
    return request("GET", _path(random), host=host)


def no_host(random: Random) -> bytes:
    return request("GET", _path(random), host=None)


def two_hosts(random: Random) -> bytes:
    return request("GET", _path(random), f"Host: {payloads.ELSEWHERE}")


def whole_address(random: Random) -> bytes:
    return request("GET", f"http://{payloads.ELSEWHERE}{_path(random)}")


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\0", " ")


# The method and the framing


def strange_method(random: Random) -> bytes:
    method = random.choice(
        ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "OPTIONS", "A" * 300, "get", "G\tT", "<X>"]
    )
    return request(method, _path(random), f"X-Echo: {payloads.MARK}")


def bad_request_line(random: Random) -> bytes:
    return random.choice(
        [
            b"GET\r\n\r\n",
            b"\r\n\r\n\r\nX\r\n\r\n",
            b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            b"GET / a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(40),
            b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
            b"GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n",
            bytes(random.choices(range(256), k=300)) + b"\r\n\r\n",
        ]
    )


def smuggled(random: Random) -> bytes:
    inner = b"0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    lines = random.choice(
        [
            ["Content-Length: 4", "Transfer-Encoding: chunked"],
            ["Content-Length: 4", "Content-Length: 60"],
            ["Content-Length: 4, 60"],
            ["Content-Length: +4"],
            ["Content-Length: -1"],
            ["Content-Length: 0x10"],
            ["Content-Length: " + "9" * 40],
            ["Transfer-Encoding: xchunked", "Content-Length: 4"],
            ["Transfer-Encoding : chunked", "Content-Length: 4"],
            ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
        ]
    )
    return request("POST", "/search/", *lines) + inner


def bad_chunks(random: Random) -> bytes:
    chunk = random.choice(
        [
            b"zz\r\nabc\r\n0\r\n\r\n",
            b"ffffffffffffffffff\r\n",
            b"-1\r\nx\r\n0\r\n\r\n",
            b"3\r\nabcdef\r\n0\r\n\r\n",
            b"3;" + b"x" * 20_000 + b"\r\nabc\r\n0\r\n\r\n",
        ]
    )
    return request("POST", random.choice(FORMS), "Transfer-Encoding: chunked") + chunk


# The body


def posted_text(random: Random) -> bytes:
    names = (
        "words",
        "answer",
        "via",
        "q",
        "number",
        "suggested",
        "username",
        "password",
        "next",
        "kept",
        "helpful_count",
        "published",
    )
    fields = [(name, random.choice(payloads.SHORT_TEXTS)) for name in random.sample(names, 4)]
    return form(
        random.choice(FORMS), fields, f"Sec-Fetch-Site: {random.choice(['same-origin', 'cross-site', 'none', 'x'])}"
    )


def posted_bytes(random: Random) -> bytes:
    body = random.choice([b"words=%ff%fe&q=%00", b"\xff\xfe=\x00&\x80", b"words=%ed%a0%80", b"&" * 900, b"=" * 900])
    kind = random.choice(
        ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-99", "text/plain"]
    )
    return request("POST", random.choice(FORMS), f"Content-Type: {kind}", body=body)


def json_into_a_form(random: Random) -> bytes:
    body = json.dumps({"words": [{"$ne": 1}] * 50}).encode() if random.random() < 0.5 else b"[" * 20_000
    return request("POST", random.choice(FORMS), "Content-Type: application/json", body=body)


def malformed_multipart(random: Random) -> bytes:
    body = random.choice(
        [
            b"--x\r\nContent-Disposition: form-data\r\n\r\n",
            b"--x\r\n\r\n--x--",
            b"no boundary at all",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../\0x"\r\nContent-Type: a\r\n\r\n'
            + b"z" * 999,
            b'--x\r\nContent-Disposition: form-data; name="q"\r\nContent-Transfer-Encoding: base64\r\n'
            + b"\r\n!!\r\n--x--\r\n",
            b"--x\r\n" + b"A: b\r\n" * 3_000 + b"\r\n\r\n--x--\r\n",
            (b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\r\n' * 30) + b"--x--\r\n",
        ]
    )
    boundary = random.choice(["x", "", "x" * 300, '"', "x; charset=utf-99"])
    return request("POST", random.choice(FORMS), f"Content-Type: multipart/form-data; boundary={boundary}", body=body)


def large_field(random: Random) -> bytes:
    return form(random.choice(FORMS), [("words", "a" * random.choice([200_000, 3_000_000]))])


def many_fields(random: Random) -> bytes:
    return form(random.choice(FORMS), [(f"f{number}", "1") for number in range(3_000)])


def shortened_body(random: Random) -> bytes:
    return (
        request("POST", random.choice(FORMS), body=b"words=x", length=5)
        if random.random() < 0.5
        else request("POST", "/search/", length=0)
    )


def guessed_password(random: Random) -> bytes:
    return form("/admin/login/", [("username", f"admin{random.randrange(50)}"), ("password", _text(random)[:300])])


# Slow ones: what is sent comes late, or never.


def slow_head(random: Random) -> Hostile:
    return Hostile("slow_head", (b"GET / HTTP/1.1\r\n", b"Host: localhost\r\n", b"Connection: close\r\n", b"\r\n"), 0.1)


def slow_body(random: Random) -> Hostile:
    whole = form("/search/", [("words", "slowly")])
    return Hostile("slow_body", (whole[:-6], whole[-6:-3], whole[-3:]), 0.1)


def head_request(random: Random) -> Hostile:
    query = urlencode({"q": random.choice(payloads.SHORT_TEXTS)}, errors="surrogatepass")
    return Hostile("head_request", (request("HEAD", f"{_path(random)}?{query}"),), is_head=True)


QUICK: tuple[Callable[[Random], bytes], ...] = (
    *(query_text, search_text, raw_query, path_text, traversal, things_that_are_not_here, lead_away, long_path),
    *(many_parameters, filling_the_cache, header_text, header_bytes, long_header, many_headers, many_cookies),
    *(range_bomb, accept_encoding_bomb, wrong_host, no_host, two_hosts, whole_address, strange_method),
    *(bad_request_line, smuggled, bad_chunks, posted_text, posted_bytes, json_into_a_form, malformed_multipart),
    *(large_field, many_fields, shortened_body, guessed_password),
)
OTHERS = (slow_head, slow_body, head_request)


def hostile(number: int, seed: int = 0) -> Hostile:
    """The request with this number: all kinds take turns, and the same number and seed make the same bytes."""
    random = Random(f"{seed}/{number}")
    turn = number % (len(QUICK) + len(OTHERS))
    if turn < len(QUICK):
        make = QUICK[turn]
        return Hostile(make.__name__, (make(random),))
    return OTHERS[turn - len(QUICK)](random)
