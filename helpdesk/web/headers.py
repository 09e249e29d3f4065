"""Middleware for the security headers that Django does not send, and for the method and host of a request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils.translation import gettext

# Features that no page of the portal needs, so injected code cannot use them either.
_UNUSED_FEATURES = ("camera", "geolocation", "microphone", "payment")

# A style, a script, a picture, a feed: nothing in it may load or run anything.
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


# The methods that anything of the portal answers.
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class MethodMiddleware:
    """Refuses methods that nothing answers, TRACE for one, with 405 at every address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _METHODS:
            return self.get_response(request)
        text = gettext("This address can only be read, and some take a form.")
        return HttpResponseNotAllowed(_METHODS, f"{text}\n", content_type="text/plain; charset=utf-8")


class SecurityHeadersMiddleware:
    """Adds the content security policy and its companions; a header that a view has set stays.

    The one style that a page may have in its head is allowed by its digest, the request's `style_source`.

    `SECURE_CSP` is Django 6's setting, so its own middleware can take over with the same settings. The headers are
    built once; files get the shortest ones.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        policy = "; ".join(" ".join([directive, *sources]) for directive, sources in settings.SECURE_CSP.items())
        features = ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES)
        always = {"Cross-Origin-Resource-Policy": "same-origin"}
        self.for_pages = always | {
            "Content-Security-Policy": policy,
            "Permissions-Policy": features,
            "Cross-Origin-Embedder-Policy": "require-corp",
        }
        self.for_files = always | {"Content-Security-Policy": _NOTHING}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "text/html").startswith("text/html")
        if is_page and (style := getattr(request, "style_source", "")):
            policy = self.for_pages["Content-Security-Policy"].replace("style-src", f"style-src {style}", 1)
            response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in (self.for_pages if is_page else self.for_files).items():
            response.headers.setdefault(name, value)
        return response


class HostMiddleware(CommonMiddleware):
    """Django's CommonMiddleware, which refuses foreign hosts; it validates each host once, not at each request.

    Of the rest of it the settings use nothing before the view: no `www.` put in front, no browser turned away.
    """

    MOST_KNOWN = 100

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self.known: set[str] = set()

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Raises DisallowedHost."""
        host = request.META.get("HTTP_HOST")
        if host in self.known:
            return None
        answer = super().process_request(request)
        if host is not None and len(self.known) < self.MOST_KNOWN:
            self.known.add(host)
        return answer
