"""The current actor: the member of staff whose request is being answered, for models that see no request.

In a command, on a public page and in a background thread there is none: the portal itself acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

StaffUser = User | AnonymousUser

_actor: ContextVar[StaffUser | None] = ContextVar("staff_actor", default=None)
_Chunk = TypeVar("_Chunk")


def current_actor() -> StaffUser | None:
    """Return the acting user, signed in or not; None outside a staff request."""
    return _actor.get()


@contextmanager
def acting_as(user: StaffUser | None) -> Iterator[None]:
    """Make this user the current actor inside the block; None stands for the portal itself."""
    token = _actor.set(user)
    try:
        yield
    finally:
        _actor.reset(token)


class ActorMiddleware:
    """Middleware that makes the signed-in user the current actor, also while a streamed response is produced."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_as(request.user):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _produced_by(request.user, iter(response))
        return response


def _produced_by(user: StaffUser, chunks: Iterable[_Chunk]) -> Iterator[_Chunk]:
    """Produce each chunk as this user, long after the view has returned."""
    source = iter(chunks)
    try:
        while True:
            with acting_as(user):
                try:
                    chunk = next(source)
                except StopIteration:
                    return
            yield chunk
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            with acting_as(user):
                close()
