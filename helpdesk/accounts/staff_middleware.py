"""The middleware of staff pages: sessions, login, messages and the like, for addresses under /admin/ only.

A public page has none of them: no cookie, no query for a user, nothing that depends on the visitor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

from helpdesk.web.urls import STAFF_PREFIX

ResponseGetter = Callable[[HttpRequest], HttpResponseBase]
Hook = Callable[..., HttpResponseBase | None]


class StaffMiddleware:
    """Middleware that runs the chain of `settings.STAFF_MIDDLEWARE` for staff pages and passes others straight on.

    The chain is built and its hooks are called as Django does it for MIDDLEWARE.
    """

    def __init__(self, get_response: ResponseGetter) -> None:
        self.get_response = get_response
        self.get_staff_response: Callable[[HttpRequest], Any] = get_response
        chain: list[Any] = []
        for path in reversed(settings.STAFF_MIDDLEWARE):
            with suppress(MiddlewareNotUsed):
                chain.append(import_string(path)(self.get_staff_response))
                self.get_staff_response = convert_exception_to_response(chain[-1])
        self.view_hooks = _hooks(reversed(chain), "process_view")
        self.exception_hooks = _hooks(chain, "process_exception")
        self.template_response_hooks = _hooks(chain, "process_template_response")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self.get_staff_response if _is_staff_page(request) else self.get_response)(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponseBase | None:
        return _first_response(self.view_hooks, request, *view)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return _first_response(self.exception_hooks, request, exception)

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        if self.template_response_hooks and _is_staff_page(request):
            for hook in self.template_response_hooks:
                response = hook(request, response)
        return response


def _is_staff_page(request: HttpRequest) -> bool:
    return request.path_info.startswith(STAFF_PREFIX)


def _hooks(chain: Iterable[object], name: str) -> list[Hook]:
    return [getattr(middleware, name) for middleware in chain if hasattr(middleware, name)]


def _first_response(hooks: list[Hook], request: HttpRequest, *args: object) -> HttpResponseBase | None:
    if not (hooks and _is_staff_page(request)):
        return None
    return next((response for hook in hooks if (response := hook(request, *args))), None)
