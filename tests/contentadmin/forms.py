"""Fills in admin forms as a browser would: what the page shows, with some fields changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


class FormReader(HTMLParser):
    """Collects what a browser would send of the forms of a page with method POST."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.text: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "button"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                # A ticked box without a value of its own sends "on".
                self.values.setdefault(name, []).append(given.get("value", "on" if "checked" in given else "") or "")
        elif tag == "textarea" and name:
            self.text = name
            self.values[name] = [""]
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.values.setdefault(self.select, []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.text:
            # The first line break after the tag belongs to the markup.
            self.values[self.text][0] += data.removeprefix("\n") if not self.values[self.text][0] else data


def read_form(response: HttpResponse) -> dict[str, list[str]]:
    reader = FormReader()
    reader.feed(response.content.decode())
    for name in ("csrfmiddlewaretoken", "q", "action"):
        reader.values.pop(name, None)
    return {name: values for name, values in reader.values.items() if "__prefix__" not in name}


def url_of(record: Model, view: str = "change") -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{view}", args=[record.pk])


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def opened(client: Client, url: str) -> dict[str, Any]:
    """The form of a page as it stands."""
    response = client.get(url)
    assert response.status_code == 200
    return read_form(response)


def save(client: Client, record: Model, form: dict[str, Any] | None = None, **changes: Any) -> HttpResponse:
    """Sends the record's form, opened before or now, with some fields changed."""
    form = opened(client, url_of(record)) if form is None else form
    return client.post(url_of(record), {**form, **changes})


def messages_of(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]
