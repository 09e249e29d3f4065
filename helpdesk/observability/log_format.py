"""Log formatters for text and JSON lines (`LOG_FORMAT`); no line says who a visitor is or what was typed.

So the requested address, which may hold anything, and the row that a database repeats when it refuses it are left out.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from django.http import HttpRequest

from helpdesk.observability.request_context import request_id, route_of

# Below these words PostgreSQL repeats values of the row.
_LINES_WITH_VALUES = ("DETAIL:", "CONTEXT:")


def escaped(text: str) -> str:
    """Return the text in one line, with terminal control and text direction characters written as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


class _AnonymousFormatter(logging.Formatter):
    def message(self, record: logging.LogRecord) -> str:
        """Return the message with the route in place of the requested address, which Django logs."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            addresses = (request.path, request.get_full_path())
            args = tuple(route_of(request) if value in addresses else value for value in record.args)
            return str(record.msg) % args
        return record.getMessage()

    def traceback(self, record: logging.LogRecord) -> list[str]:
        if not record.exc_info:
            return []
        lines = self.formatException(record.exc_info).splitlines()
        return [line for line in lines if not line.startswith(_LINES_WITH_VALUES)]


class TextFormatter(_AnonymousFormatter):
    """One line; those of a traceback are indented, so that none can pass for a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        source = f"{record.levelname} {record.name} {request_id()}"
        head = f"{self.formatTime(record)} {source}: {escaped(self.message(record))}"
        return "\n".join([head, *(f"    {escaped(line)}" for line in self.traceback(record))])


class JsonFormatter(_AnonymousFormatter):
    """One ASCII object per line, with the time in UTC and the values of the message as fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            "request": request_id(),
            "pid": record.process,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = "\n".join(self.traceback(record))
        return json.dumps(line)
