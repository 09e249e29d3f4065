"""Where staff may come from: with ADMIN_NETWORKS, there is nothing under /admin/ for anybody else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from helpdesk.web.origin import is_in
from helpdesk.web.urls import STAFF_PREFIX


class NetworkMiddleware:
    """Answers 404, as for any address that is not there, to who asks for staff's pages from elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.ADMIN_NETWORKS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if f"{request.path_info}/".startswith(STAFF_PREFIX) and not is_in(request, settings.ADMIN_NETWORKS):
            raise Http404
        return self.get_response(request)
