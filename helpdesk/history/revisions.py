"""Revisions: the writes of one transaction, which leave one version of each record they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import local

from django.db import models, transaction
from django.utils import timezone

from helpdesk.history.versions import CREATED
from helpdesk.history.writing import Author, Written, new_version, write_versions
from helpdesk.permissions.actor import current_actor


@dataclass
class Revision:
    """Writes that are not in the history yet, with the reason and the author of those to come."""

    reason: str = ""
    user: Author = None
    written: dict[type[models.Model], dict[int, Written]] = field(default_factory=dict)

    def add(
        self,
        model: type[models.Model],
        key: int,
        record: models.Model | None = None,
        *,
        reason: str = "",
        is_new: bool = False,
    ) -> None:
        """Note a write. Of several writes of one record the last one gives the reason."""
        known = self.written.setdefault(model, {}).setdefault(key, Written())
        known.record = record or known.record
        known.reason, known.user = self.reason or reason, self.user or signed_in_user()
        known.is_new = known.is_new or is_new

    def write(self) -> None:
        moment = timezone.now()
        for model, written in self.written.items():
            write_versions(model, written, moment)


class _SaveRevision(Revision):
    """One save. The version of one new record is written without a look at what is stored."""

    def write(self) -> None:
        found = [(key, one) for written in self.written.values() for key, one in written.items()]
        key, one = found[0] if len(found) == 1 else (0, Written())
        if one.is_new and one.record is not None and not _has_expressions(one.record):
            new_version(one.record, key, CREATED, one, timezone.now()).save()
        else:
            super().write()


def _has_expressions(record: models.Model) -> bool:
    """Return True where the database computed a value that the record in memory does not have."""
    return any(hasattr(value, "resolve_expression") for value in vars(record).values())


class _State(local):
    revision: Revision | None = None


_state = _State()


@contextmanager
def revision(reason: str = "", *, user: Author = None) -> Iterator[Revision]:
    """Open a transaction that leaves one version of each record it changes, written with few queries at its end.

    Inside another revision it is a part of that: the outer reason and user count where there are any. `user` is for
    work that goes on after the request is answered; else it is whoever is signed in.
    """
    outer = _state.revision
    if outer is None:
        with transaction.atomic(), _collecting(Revision(reason, user)) as new:
            yield new
        return
    before = outer.reason, outer.user
    outer.reason, outer.user = outer.reason or reason, outer.user or user
    try:
        yield outer
    finally:
        outer.reason, outer.user = before


def save_revision() -> AbstractContextManager[Revision]:
    """Return the open revision, or one for a single save, without a savepoint where a transaction is open."""
    return revision() if _state.revision is not None else _single_save()


@contextmanager
def _single_save() -> Iterator[Revision]:
    in_transaction = transaction.get_connection().in_atomic_block
    with nullcontext() if in_transaction else transaction.atomic(), _collecting(_SaveRevision()) as new:
        yield new


@contextmanager
def _collecting(new: Revision) -> Iterator[Revision]:
    _state.revision = new
    try:
        yield new
    finally:
        _state.revision = None
    if not transaction.get_connection().needs_rollback:
        new.write()


def record_versions(model: type[models.Model], keys: Iterable[int], *, reason: str = "", user: Author = None) -> int:
    """Write the versions that these records lack, whatever wrote them; return how many.

    For imports and everything else that writes past `VersionedQuerySet`: new, changed and deleted records
    alike. Without a user the versions have no author. About four queries for 500 records.
    """
    written = {key: Written(reason=reason, user=user) for key in keys}
    with transaction.atomic():
        return write_versions(model, written, timezone.now())


def signed_in_user() -> Author:
    """Return the user who is signed in to the request of this thread, if there is one."""
    user = current_actor()
    return user if user is not None and user.is_authenticated else None
