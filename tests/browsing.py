"""A visitor without JavaScript and cookies: reads a page's links and forms, follows them, presses buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What can be read and pressed on one page."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path = path
        self.html = html
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.headings: list[str] = []
        self._text: list[str] = []
        self._heading: list[str] | None = None
        self._silent = 0
        self.feed(html)

    @property
    def text(self) -> str:
        """The words of the page in one line."""
        return " ".join(" ".join(self._text).split())

    @property
    def h1(self) -> str:
        return self.headings[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(urljoin(self.path, values["href"]))
        elif tag == "form":
            action = urljoin(self.path, values.get("action") or self.path)
            self.forms.append(Form(action, values.get("method", "get").lower()))
        elif tag in ("input", "textarea") and self.forms and values.get("name"):
            self.forms[-1].fields[values["name"]] = values.get("value", "")
        elif tag == "button" and self.forms and values.get("type", "submit") == "submit":
            self.forms[-1].buttons.append((values.get("name", ""), values.get("value", "")))
        elif tag == "h1":
            self._heading = []
        if tag in ("script", "style", "title"):
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "h1" and self._heading is not None:
            self.headings.append(" ".join(" ".join(self._heading).split()))
            self._heading = None
        if tag in ("script", "style", "title"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)
            if self._heading is not None:
                self._heading.append(data)


class Visitor:
    """Goes from page to page as a browser without cookies would; every page has to be there."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def open(self, path: str) -> Page:
        response: Any = self.client.get(path, follow=True)
        return self._arrived(response, path)

    def press(self, page: Page, name: str, value: str, **typed: str) -> Page:
        """Sends the form that has this button; the answer has to be a 303."""
        form = next(form for form in page.forms if form.method == "post" and (name, value) in form.buttons)
        data = {**form.fields, **typed, **({name: value} if name else {})}
        response: Any = self.client.post(form.action, data)
        assert response.status_code == 303, f"{form.action} answered {response.status_code}"
        self._no_cookie(response)
        return self.open(response.headers["Location"])

    def _arrived(self, response: Any, path: str) -> Page:
        assert response.status_code == 200, f"{path} answered {response.status_code}"
        self._no_cookie(response)
        at = response.redirect_chain[-1][0] if response.redirect_chain else path
        return Page(at, response.content.decode())

    def _no_cookie(self, response: HttpResponse) -> None:
        assert not response.cookies
        assert not self.client.cookies
