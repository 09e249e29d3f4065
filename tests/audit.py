"""`make audit`: what other people's tools say of the pages, served as operators serve them.

The Nu HTML checker on every page type, error pages included; Lighthouse (mobile), the median of three runs; bytes and
requests of a cold load, and what the first paint waits for. Needs node and java; no part of `make test`.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import django
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import sync_playwright

from tests.provide import browser
from tests.serving import server, server_by_https

SYMPTOM = "/guides/trading-platform-login/connection-attempts/"
CHECK = f"{SYMPTOM}check/ports-blocked/?no=internet-down&skip=firewall-blocking"
PAGES = [
    "/",
    "/contact/",
    "/news/",
    "/guides/trading-platform-login/",
    "/guides/trading-platform-login/none/",
    "/guides/trading-platform-login/none/?sent=1",
    SYMPTOM,
    "/guides/account-management-login/invalid-username-password/",
    "/guides/trading-platform-login/without-security-device/",
    CHECK,
    f"{SYMPTOM}all/",
    f"{SYMPTOM}fixed/?by=ports-blocked",
    f"{SYMPTOM}contact/?no=internet-down,ports-blocked&skip=firewall-blocking",
    "/faq/",
    "/faq/topic/tws/",
    "/faq/windows-screenshot/",
    "/nothing/",
    "/search/?q=passcode",
    "/search/?q=",
    "/search/?q=xylophone",
]
# What a form answers that was sent wrongly, from elsewhere, too often.
POSTS = [
    ("/guides/trading-platform-login/none/", b"words=", {}),
    (f"{SYMPTOM}check/internet-down/", b"answer=", {}),
    (f"{SYMPTOM}contact/", b"", {}),
    (f"{SYMPTOM}contact/", b"", {"Sec-Fetch-Site": "cross-site"}),
]
LIGHTHOUSE = {
    "home": "/",
    "guide": "/guides/trading-platform-login/",
    "symptom with its first check": SYMPTOM,
    "further check": CHECK,
    "FAQ": "/faq/windows-screenshot/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
# Below it Lighthouse itself warns that the machine is too slow, or too busy, for a verdict on performance
# (SLOW_CPU_BENCHMARK_INDEX_THRESHOLD in its core/gather/driver/environment.js).
LEAST_BENCHMARK_INDEX = 1000
# Where visitors arrive: from a search engine, a mail, a ticket. The others hold all checks or all answers at once, or
# are come to from one of these, and may have a style or a script of their own.
_LATER = ("/all/", "/contact/?", "/topic/", "/search/")
FIRST_PAGES = [path for path in PAGES if not any(part in path for part in _LATER)]
MOST_REQUESTS = 5
MOST_BYTES = 28 * 1024
MOST_BYTES_OF_TEXT = 11 * 1024  # the page and its style: what the first paint needs


_BLOCKING = """performance.getEntriesByType("resource")
    .filter(({ name, renderBlockingStatus }) => renderBlockingStatus === "blocking" && !name.endsWith(".css"))
    .map(({ name }) => name)"""


def main(tools: Path) -> int:
    """0 when every figure is as promised."""
    with server_by_https() as portal:
        faults = weight(portal.address)
    with server() as portal:
        faults += nu(portal.address, tools) + lighthouse(portal.address, tools)
    print("\n".join(["", *faults]) if faults else "\nEverything is as promised.")
    return 1 if faults else 0


def fetch(address: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> str:
    """The page, whatever its status."""
    request = urllib.request.Request(address, data, headers or {})
    try:
        answer = urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read()
        return (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body).decode()


def nu(address: str, tools: Path) -> list[str]:
    """What the Nu HTML checker calls an error or warns of, page by page."""
    faults = []
    pages = [(path, fetch(address + path)) for path in PAGES]
    pages += [(f"POST {path}", fetch(address + path, data, headers)) for path, data, headers in POSTS]
    pages += [("400", fetch(address, headers={"Host": "elsewhere.example"}))]
    for _ in range(60):
        flooded = fetch(f"{address}{SYMPTOM}contact/", b"", {"User-Agent": "flood"})
    pages.append(("429", flooded))
    # What the running portal cannot be brought to answer from outside.
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    request = RequestFactory().get("/")
    pages += [(status, render_to_string(f"{status}.html", request=request)) for status in ("410", "500")]
    jar = tools / "node_modules/vnu-jar/build/dist/vnu.jar"
    for name, html in pages:
        checked = subprocess.run(
            ["java", "-jar", jar, "--format", "json", "-"], input=html.encode(), capture_output=True, check=False
        )
        messages = json.loads(checked.stderr)["messages"]
        print(f"Nu  {len(messages)} messages  {name}", flush=True)
        faults += [f"Nu, {name}: {message['type']}: {message['message']}" for message in messages]
    return faults


def weight(address: str) -> list[str]:
    """Bytes over the wire, headers included, and requests of the first page that a browser opens.

    By https with HTTP/2 and brotli, as visitors get it. The bytes are those of everything, the icon of the tab
    included; the requests are those that the page itself waits for. Only style sheets may hold back the first paint.
    """
    faults = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.on_this_machine(), **browser.LAUNCH)
        for path in PAGES:
            page = chromium.new_context(ignore_https_errors=True).new_page()
            devtools = page.context.new_cdp_session(page)
            devtools.send("Network.enable")
            bytes_of: dict[str, float] = {}
            asked: dict[str, dict[str, Any]] = {}
            devtools.on(
                "Network.loadingFinished",
                lambda event, to=bytes_of: to.update({event["requestId"]: event["encodedDataLength"]}),
            )
            devtools.on("Network.requestWillBeSent", lambda event, to=asked: to.update({event["requestId"]: event}))
            page.goto(address + path, wait_until="networkidle")
            kinds = {number: event["type"] for number, event in asked.items()}
            total = round(sum(bytes_of.values()))
            text = round(sum(bytes_of[number] for number in kinds if kinds[number] in ("Document", "Stylesheet")))
            requests = sum("favicon" not in event["request"]["url"] for event in asked.values())
            line = f"{path}: {total} bytes, {text} of them page and style, in {requests} requests"
            print(f"Weight  {line}", flush=True)
            if path in FIRST_PAGES and (total > MOST_BYTES or text > MOST_BYTES_OF_TEXT or requests > MOST_REQUESTS):
                faults.append(f"Weight, {line}")
            faults += [f"First paint, {path}: waits for {url}" for url in page.evaluate(_BLOCKING)]
            page.context.close()
        chromium.close()
    return faults


def lighthouse(address: str, tools: Path) -> list[str]:
    """Lighthouse's four scores (mobile), the median of three runs each.

    Performance is judged by the runs for which Lighthouse found the machine fast enough.
    """
    faults = []
    for name, path in LIGHTHOUSE.items():
        runs = [_lighthouse_once(address + path, tools) for _ in range(3)]
        scores = {category: round(statistics.median(run[category] for run in runs)) for category in CATEGORIES}
        fast = [run["performance"] for run in runs if run["benchmark index"] > LEAST_BENCHMARK_INDEX]
        shown = "/".join(str(score) for score in scores.values())
        indexes = ", ".join(f"{run['benchmark index']:.0f}" for run in runs)
        verdict = "" if fast else f"  (performance is not judged: at most {LEAST_BENCHMARK_INDEX})"
        print(f"Lighthouse  {shown}  {name}  benchmark index {indexes}{verdict}", flush=True)
        scores["performance"] = round(statistics.median(fast or [100]))
        low = {category: score for category, score in scores.items() if score < LEAST[category]}
        failed = sorted({audit for run in runs for audit in run["failed"]})
        # Steps of a walk are kept out of search engines on purpose, which Lighthouse counts against them.
        if name == "further check" and failed == ["is-crawlable"]:
            low.pop("seo", None)
        if low:
            faults.append(f"Lighthouse, {name}: {low}, failed: {', '.join(failed)}")
    return faults


def _lighthouse_once(url: str, tools: Path) -> dict[str, Any]:
    flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    command = [
        tools / "node_modules/.bin/lighthouse",
        url,
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={flags}",
    ]
    environ = os.environ | {"CHROME_PATH": browser.on_this_machine() or ""}
    # Now and then its browser does not come up in time, which says nothing about the page.
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, check=False, env=environ)
        if done.returncode == 0:
            break
    report = json.loads(done.stdout)
    scores = {category: report["categories"][category]["score"] * 100 for category in CATEGORIES}
    weighed = {
        ref["id"] for category in CATEGORIES for ref in report["categories"][category]["auditRefs"] if ref["weight"]
    }
    failed = [audit for audit in weighed if (report["audits"][audit]["score"] or 0) < 1]
    failed = [audit for audit in failed if report["audits"][audit]["scoreDisplayMode"] == "binary"]
    return scores | {"failed": failed, "benchmark index": report["environment"]["benchmarkIndex"]}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
