"""`make audit`: what other people's tools say of the pages, served as operators serve them.

The Nu HTML checker on every page type, error pages included; Lighthouse (mobile), the median of three runs; bytes and
requests of a cold load. Needs node and java; no part of `make test`.
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
# Where visitors arrive: from a search engine, a mail, a ticket. The others hold all checks or all answers at once, or
# are come to from one of these, and may have a style or a script of their own.
_LATER = ("/all/", "/contact/?", "/topic/", "/search/")
FIRST_PAGES = [path for path in PAGES if not any(part in path for part in _LATER)]
MORE_STYLE = ["/contact/"]  # has one request more
MOST_BYTES, MOST_REQUESTS = 24 * 1024, 4


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
    included; the requests are those that the page itself waits for.
    """
    faults = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.on_this_machine(), **browser.LAUNCH)
        for path in PAGES:
            page = chromium.new_context(ignore_https_errors=True).new_page()
            devtools = page.context.new_cdp_session(page)
            devtools.send("Network.enable")
            loaded: list[int] = []
            asked: list[str] = []
            devtools.on("Network.loadingFinished", lambda event, to=loaded: to.append(event["encodedDataLength"]))
            devtools.on("Network.requestWillBeSent", lambda event, to=asked: to.append(event["request"]["url"]))
            page.goto(address + path, wait_until="networkidle")
            total, requests = round(sum(loaded)), sum("favicon" not in url for url in asked)
            print(f"Weight  {total:6d} bytes  {requests} requests  {path}", flush=True)
            if path in FIRST_PAGES and (total > MOST_BYTES or requests > MOST_REQUESTS + (path in MORE_STYLE)):
                faults.append(f"Weight, {path}: {total} bytes in {requests} requests")
            page.context.close()
        chromium.close()
    return faults


def lighthouse(address: str, tools: Path) -> list[str]:
    """Lighthouse's four scores (mobile), the median of three runs each."""
    faults = []
    for name, path in LIGHTHOUSE.items():
        runs = [_lighthouse_once(address + path, tools) for _ in range(3)]
        scores = {category: round(statistics.median(run[category] for run in runs)) for category in CATEGORIES}
        print(f"Lighthouse  {'/'.join(str(score) for score in scores.values())}  {name}", flush=True)
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
    return scores | {"failed": failed}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
