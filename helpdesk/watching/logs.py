"""The form of a log line: as text, or as one JSON object (`LOG_FORMAT`)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


def escaped(text: str) -> str:
    """The text in one line, with what steers a terminal or turns the reading direction written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


class Text(logging.Formatter):
    """One line; those of a traceback are set in, so that none can pass for a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        first, *others = self._parts(record)
        return "\n".join([first, *(f"    {escaped(line)}" for line in others)])

    def _parts(self, record: logging.LogRecord) -> list[str]:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}: {escaped(record.getMessage())}"
        return [head, *(self.formatException(record.exc_info).splitlines() if record.exc_info else [])]


class Json(logging.Formatter):
    """One object a line, all in ASCII, with the time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
