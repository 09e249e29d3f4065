"""Every address under /admin/ and every action there, for everybody: who may look, who may act.

What is expected stands in tests/accounts/addresses.py. A page that is not there yet fails the first test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver

from helpdesk.flags.models import Flag
from helpdesk.guides.models import Symptom
from tests.accounts.addresses import (
    ACTIONS,
    ADDRESSES,
    ADMINISTRATOR,
    AGENT,
    ANYBODY,
    AUTHOR,
    EDITOR,
    NO,
    NOBODY,
    RECORDS,
    STAFF,
    SUPERUSER,
    UNTOLD,
)
from tests.accounts.staff_people import make_user, signed_in
from tests.contentadmin.forms import list_url
from tests.contentadmin.records import DRAFTS, PUBLIC
from tests.factories import make_faq_entry, make_symptom

pytestmark = pytest.mark.django_db

# Everybody at every address, too where those with fewer rights come as far: `make test-all`.
EVERYTHING = os.environ.get("PORTAL_TESTS_ALL") == "1"

PEOPLE: dict[int, Any] = {
    ANYBODY: Client,
    STAFF: lambda: signed_in(make_user()),
    AGENT: lambda: signed_in(make_user("Agent")),
    AUTHOR: lambda: signed_in(make_user("Author")),
    EDITOR: lambda: signed_in(make_user("Editor")),
    ADMINISTRATOR: lambda: signed_in(make_user("Administrator")),
    SUPERUSER: lambda: signed_in(make_user(superuser=True)),
}
NAMES = ("ANYBODY", "STAFF", "AGENT", "AUTHOR", "EDITOR", "ADMINISTRATOR", "SUPERUSER", "NOBODY")


def walk(patterns: Any, route: str = "", namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The name and the route of every address; one without a name goes by its route."""
    for pattern in patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern.url_patterns, whole, inner)
        else:
            yield (":".join([*namespaces, pattern.name]) if pattern.name else whole), whole


def addresses() -> dict[str, str]:
    return {name: route for name, route in walk(get_resolver().url_patterns) if route.startswith("admin/")}


def test_every_address_has_a_line() -> None:
    missing = addresses().keys() - ADDRESSES.keys()
    hint = 'Say who may use it, in ADDRESSES of tests/accounts/addresses.py, such as "{}": Access(get=AUTHOR, post=NO)'
    assert not missing, "\n".join(hint.format(name) for name in sorted(missing))
    assert ADDRESSES.keys() - addresses().keys() == set()


def test_every_kind_of_record_has_a_line() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert (registered, {model._meta.label_lower for model in PUBLIC}) == (RECORDS.keys(), RECORDS.keys())


class World:
    """The records behind the addresses: a public one of each kind, and a draft."""

    def __init__(self) -> None:
        self.public = {model._meta.label_lower: make() for model, make in PUBLIC.items()}
        self.drafts = {model._meta.label_lower: make() for model, make in DRAFTS.items()}
        self.symptom = make_symptom()
        self.entry = make_faq_entry()
        handoff = self.public["feedback.handoff"]
        self.arguments: dict[str, Any] = {
            "guide": self.symptom.guide.slug,
            "symptom": self.symptom.slug,
            "cause": self.symptom.checks.get().cause.slug,
            "category": self.entry.category.slug,
            "entry": self.entry.slug,
            "legal": self.public["legal.legaltext"].slug,
            "reference": handoff.reference,
            "content_type_id": ContentType.objects.get_for_model(Symptom).pk,
            "app_label": "guides",
            "url": "nowhere/",
            "key": "of-somebody-else",
            "kind": "symptom",
            "app": "guides",
            "model": "symptom",
        }
        self.flag = Flag.objects.set_on(self.symptom, note="x", by=None)
        self.numbers = {
            "g": self.symptom.guide.number,
            "s": self.symptom.number,
            "f": self.entry.number,
            "l": self.public["legal.legaltext"].number,
            "tickets": self.symptom.number,
        }

    def path(self, route: str, record: Model | None) -> str:
        """The address on this route, with what it is about put in."""
        key = self.flag.pk if route.endswith("/done/") else (record or self.symptom).pk
        values = self.arguments | {"object_id": key, "pk": key}
        if "by-number" in route or "<int:number>" in route:
            values["number"] = self.numbers[route.split("/")[-3]]
        if record is not None and hasattr(record, "history"):
            keys = iter([record.pk, record.history.first().pk])
            route = re.sub(r"\^?\(\[\^/\]\+\)", lambda _: str(next(keys)), route)
        route = re.sub(r"\^?\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", lambda m: str(values[m[1] or m[2]]), route)
        return f"/{route.replace('^', '').replace('$', '')}"


def record_of(records: dict[str, Any], route: str) -> Any:
    """The record that an address is about, by the folder it is in."""
    return records.get(".".join(route.split("/")[1:3]))


QUESTION = {
    "app_label": "guides",
    "model_name": "check",
    "field_name": "cause",
    "text": "x",
    "answer": "fixed",
    "note": "x",
    "months": "6",
}


def outcome(response: HttpResponse) -> str:
    """Name the outcome: "sign in", "refused", "no" (such method) or "open"."""
    if response.status_code == 302 and response.headers["Location"].startswith("/admin/login/?next="):
        return "sign in"
    assert response.status_code < 500
    return {403: "refused", 404: "refused", 405: "no"}.get(response.status_code, "open")


def expected(who: int, least: int) -> str:
    if who == ANYBODY and least != ANYBODY:
        return "sign in"
    if least == NO:
        return "no"
    return "open" if who >= least else "refused"


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: NAMES[who])
def test_every_address_opens_for_those_who_may(who: int) -> None:
    world, client = World(), PEOPLE[who]()
    cookies = dict(client.cookies)
    wrong = []

    def ask(method: str, path: str) -> str:
        """Return the outcome, and roll back."""
        client.cookies.clear()
        client.cookies.update(cookies)
        data = QUESTION | ({"post": "yes", "seen": "x"} if method == "post" else {})
        with transaction.atomic():
            try:
                return outcome(getattr(client, method)(path, data))
            finally:
                transaction.set_rollback(True)

    for name, route in addresses().items():
        line = ADDRESSES[name]
        public, draft = record_of(world.public, route), record_of(world.drafts, route)
        asked = [("get", public, line.get), ("post", public, line.post)]
        if line.draft_get is not None:
            asked.append(("get", draft, line.draft_get))
        if line.draft_post is not None:
            asked.append(("post", draft, line.draft_post))
        for method, record, least in asked:
            path = world.path(route, record)
            if not EVERYTHING and who > STAFF and least < who:
                continue  # who has all permissions of those below: of interest is only what opens or is refused here
            if least != UNTOLD and (came := ask(method, path)) != expected(who, least):
                wrong.append(f"{method} {path} ({name}): {came}, not {expected(who, least)} for {NAMES[who]}")
    assert not wrong, "\n".join(wrong)


def test_each_group_has_all_permissions_of_the_one_below() -> None:
    people = [make_user(), *map(make_user, ("Agent", "Author", "Editor", "Administrator"))]
    for below, above in pairwise(people):
        assert below.get_all_permissions() - above.get_all_permissions() == set()
    assert {"guides.publish_guide", "guides.delete_cause"} <= people[3].get_all_permissions()


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: NAMES[who])
def test_every_action_of_a_list_is_for_those_who_may(who: int, rf: Any) -> None:
    client = PEOPLE[who]()
    wrong = []
    asker = rf.get("/admin/")
    everything = rf.get("/admin/")
    everything.user = make_user(superuser=True)
    if who != ANYBODY:
        asker.user = client.get("/admin/").wsgi_request.user
    for model, model_admin in admin.site._registry.items():
        record = PUBLIC[model]()
        # With what is deleted with it, there may be a confirmation; with "post" it is given.
        chosen = {"_selected_action": [record.pk], "post": "yes"}
        for action in {*model_admin.get_actions(everything), "delete_selected"}:
            least = ACTIONS.get(action, NOBODY)
            if least is None:
                least = RECORDS[model._meta.label_lower].delete
            if who < least:
                before = list(model._default_manager.order_by("pk").values())
                with transaction.atomic():
                    came = outcome(client.post(list_url(model), {"action": action, **chosen}))
                    after = list(model._default_manager.order_by("pk").values())
                    transaction.set_rollback(True)
                if before != after:
                    wrong.append(f"{action} of {model.__name__} changed something")
                if who == ANYBODY and came != "sign in":
                    wrong.append(f"{action} of {model.__name__} did not ask to sign in")
            # Who may delete drafts is offered to delete, and refused what is public.
            if who != ANYBODY and action != "delete_selected":
                offered = action in model_admin.get_actions(asker)
                if offered != (who >= least):
                    wrong.append(f"{action} of {model.__name__} is {'' if offered else 'not '}offered to {NAMES[who]}")
    assert not wrong, "\n".join(wrong)


def test_every_action_has_a_line(rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = make_user(superuser=True)
    found = {name for model_admin in admin.site._registry.values() for name in model_admin.get_actions(request)}
    assert found - ACTIONS.keys() == set(), "Say from whom on it is offered, in ACTIONS of tests/accounts/addresses.py"
