"""What backup and restore raise, and how a command says it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management.base import CommandError
from django.db import Error as DatabaseError


class Trouble(Exception):
    """Why it cannot be done, in a sentence for the operator."""


@contextmanager
def said_plainly(otherwise: str) -> Iterator[None]:
    """Raises CommandError, which ends a command with 1 and one line, for everything that an operator can mend.

    `otherwise` begins the sentence where the reason comes from the system or the database.
    """
    try:
        yield
    except Trouble as trouble:
        raise CommandError(str(trouble)) from None
    except OSError as error:
        raise CommandError(f"{otherwise}: {error.strerror or error}.") from None
    except (sqlite3.Error, psycopg.Error, DatabaseError) as error:
        raise CommandError(f"{otherwise}: {str(error).strip().partition(chr(10))[0]}.") from None
