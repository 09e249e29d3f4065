"""Security headers that Django does not send by itself, and the host that a request names."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

# What a page of the portal never needs, so that nothing that gets into it can use it either.
_UNUSED_FEATURES = ("camera", "geolocation", "microphone", "payment")

# A style, a script, a picture, a feed: nothing in it may load or run anything.
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


class SecurityHeadersMiddleware:
    """Adds the content security policy and its companions; a view's own header is left as it is.

    `SECURE_CSP` is Django 6's setting, so its own middleware can take over with the same settings. The headers are
    made once; what is no page gets the shortest ones, as they go over the wire with every file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        policy = "; ".join(" ".join([directive, *sources]) for directive, sources in settings.SECURE_CSP.items())
        features = ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES)
        always = {"Cross-Origin-Resource-Policy": "same-origin"}
        self.for_pages = always | {"Content-Security-Policy": policy, "Permissions-Policy": features}
        self.for_files = always | {"Content-Security-Policy": _NOTHING}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "text/html").startswith("text/html")
        for name, value in (self.for_pages if is_page else self.for_files).items():
            response.headers.setdefault(name, value)
        return response


class HostMiddleware(CommonMiddleware):
    """Django's, which refuses hosts that are not ours. Here it looks at the same words once, not at each request.

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
