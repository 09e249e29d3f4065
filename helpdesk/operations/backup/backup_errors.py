"""The error of backup and restore, and its form on the command line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management.base import CommandError
from django.db import Error as DatabaseError


class BackupError(Exception):
    """A backup or restore is not possible; the text is a sentence for the operator."""


@contextmanager
def as_command_error(consequence: str) -> Iterator[None]:
    """Raise CommandError, one line and exit status 1, for every error that an operator can resolve.

    `consequence` begins the sentence where the reason comes from the system or the database.
    """
    try:
        yield
    except BackupError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{consequence}: {error.strerror or error}.") from None
    except (sqlite3.Error, psycopg.Error, DatabaseError) as error:
        raise CommandError(f"{consequence}: {str(error).strip().partition(chr(10))[0]}.") from None
