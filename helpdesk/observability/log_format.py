"""The form of a log line: as text, or as one JSON object (`LOG_FORMAT`). No line tells who a visitor is.

What a visitor typed stands in no line: not the address that was asked for, which may be made up of anything, and not
the row that a database repeats when it refuses it.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from helpdesk.observability import requests

# Below these words PostgreSQL repeats values of the row.
_VALUES = ("DETAIL:", "CONTEXT:")


def escaped(text: str) -> str:
    """The text in one line, with what steers a terminal or turns the reading direction written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


class _Line(logging.Formatter):
    def message(self, record: logging.LogRecord) -> str:
        """What is said; with the route in the place of the address that was asked for, which Django names."""
        request: Any = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            named = (request.path, request.get_full_path())
            given = tuple(requests.route_of(request) if value in named else value for value in record.args)
            return str(record.msg) % given
        return record.getMessage()

    def formatException(self, info: Any) -> str:
        lines = super().formatException(info).splitlines()
        return "\n".join(line for line in lines if not line.startswith(_VALUES))


class Text(_Line):
    """One line; those of a traceback are set in, so that none can pass for a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        first, *others = self._parts(record)
        return "\n".join([first, *(f"    {escaped(line)}" for line in others)])

    def _parts(self, record: logging.LogRecord) -> list[str]:
        of = f"{record.levelname} {record.name} {requests.number()}"
        head = f"{self.formatTime(record)} {of}: {escaped(self.message(record))}"
        return [head, *(self.formatException(record.exc_info).splitlines() if record.exc_info else [])]


class Json(_Line):
    """One object a line, all in ASCII, with the time in UTC; what a line tells in numbers stands in fields, too."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            "request": requests.number(),
            "pid": record.process,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
