"""The middleware of staff pages: the whole chain under /admin/, nothing of it anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path
from simple_history.models import HistoricalRecords

from helpdesk.accounts.staff_middleware import StaffMiddleware
from helpdesk.permissions.actor import current_actor

PUBLIC = ["/", "/guides/trading-platform-login/", "/administration/", "/admin"]


def seen_by(request: HttpRequest) -> HttpResponse:
    """Name what the middleware has put on the request."""
    names = [name for name in ("session", "user", "_messages") if hasattr(request, name)]
    return HttpResponse(" ".join([*names, *(["actor"] if current_actor() is not None else [])]))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_page_knows_no_session_user_message_or_actor(rf: Any, address: str) -> None:
    response = StaffMiddleware(seen_by)(rf.get(address, headers={"cookie": "sessionid=guessed"}))
    assert response.content == b""  # type: ignore[attr-defined]
    assert not response.cookies
    assert "Vary" not in response.headers


@pytest.mark.django_db
def test_staff_page_has_session_user_messages_and_actor(rf: Any) -> None:
    response: Any = StaffMiddleware(seen_by)(rf.get("/admin/"))
    assert response.content == b"session user _messages actor"


def test_django_finds_the_middleware_it_asks_for(settings: Any) -> None:
    elsewhere = {"admin.E408", "admin.E409", "admin.E410"}
    assert {problem.id for problem in run_checks()} == {*elsewhere, "axes.W002"}
    assert elsewhere < set(settings.SILENCED_SYSTEM_CHECKS)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, *settings.STAFF_MIDDLEWARE]
    assert {problem.id for problem in run_checks()} == {"axes.W002"}


# The order of the chain and its hooks

calls: list[str] = []


def recording(name: str) -> Callable[..., Any]:
    class Recording:
        def __init__(self, get_response: Any) -> None:
            self.get_response = get_response

        def __call__(self, request: HttpRequest) -> Any:
            calls.append(f"{name} in")
            response = self.get_response(request)
            calls.append(f"{name} out")
            return response

        def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
            calls.append(f"{name} view {sorted(kwargs)}")
            return HttpResponse("by the middleware") if request.GET.get("answer") == name else None

        def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
            calls.append(f"{name} exception {exception}")
            return HttpResponse("saved") if name == "outer" else None

        def process_template_response(self, request: HttpRequest, response: Any) -> Any:
            calls.append(f"{name} template")
            response.context_data["names"].append(name)
            return response

    return Recording


outer, inner = recording("outer"), recording("inner")


def unused(get_response: Any) -> Any:
    raise MiddlewareNotUsed


def page(request: HttpRequest, word: str) -> HttpResponse:
    if word == "broken":
        raise ValueError(word)
    return TemplateResponse(request, engines["django"].from_string("{{ names|join:' ' }}"), {"names": [word]})


urlpatterns = [path("admin/<word>/", page), path("<word>/", page)]


@pytest.fixture
def handler(settings: Any) -> BaseHandler:
    settings.ROOT_URLCONF = __name__
    settings.STAFF_MIDDLEWARE = [f"{__name__}.{name}" for name in ("outer", "unused", "inner")]
    settings.MIDDLEWARE = ["helpdesk.accounts.staff_middleware.StaffMiddleware"]
    calls.clear()
    handler = BaseHandler()
    handler.load_middleware()
    return handler


@pytest.mark.parametrize(
    ("address", "content", "expected"),
    [
        (
            "/admin/page/",
            b"page inner outer",
            "outer in|inner in|outer view ['word']|inner view ['word']|inner template|outer template|"
            "inner out|outer out",
        ),
        (
            "/admin/broken/",
            b"saved",
            "outer in|inner in|outer view ['word']|inner view ['word']|inner exception broken|outer exception broken|"
            "inner out|outer out",
        ),
        (
            "/admin/page/?answer=outer",
            b"by the middleware",
            "outer in|inner in|outer view ['word']|inner out|outer out",
        ),
        ("/page/", b"page", ""),
    ],
)
def test_chain_runs_as_django_runs_its_own(
    handler: BaseHandler, rf: Any, address: str, content: bytes, expected: str
) -> None:
    response: Any = handler.get_response(rf.get(address))
    assert response.content == content
    assert "|".join(calls) == expected


@pytest.mark.django_db
def test_post_that_no_public_page_takes_is_refused_for_its_token() -> None:
    assert Client(enforce_csrf_checks=True).post("/faq/").status_code == 403


def test_history_keeps_no_request() -> None:
    assert not hasattr(HistoricalRecords.context, "request")
