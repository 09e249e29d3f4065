"""Who acts: the member of staff whose request is being answered, known to the models without a request.

Nobody acts in a command, on a public page, in a test: what is written there is the portal's own doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

_actor: ContextVar[Any] = ContextVar("staff_actor", default=None)


def actor() -> Any:
    """The user who acts, signed in or not; None where no staff's request is being answered."""
    return _actor.get()


@contextmanager
def acting(user: Any) -> Iterator[None]:
    """What is done inside is done by this user; with None it is the portal's own doing."""
    token = _actor.set(user)
    try:
        yield
    finally:
        _actor.reset(token)


def in_pieces(pieces: Iterable[Any], inside: Callable[[], AbstractContextManager[Any]]) -> Iterator[Any]:
    """The pieces of a page that is sent while it is made: each is made inside, long after the view has ended."""
    source = iter(pieces)
    try:
        while True:
            with inside():
                try:
                    piece = next(source)
                except StopIteration:
                    return
            yield piece
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            with inside():
                close()
