"""No text that comes from outside can forge a line of the log."""

import json
import logging
import sys

from helpdesk.observability.log_format import JsonFormatter, TextFormatter

HOSTILE = "/a\n2026 ERROR root: forged\x1b[31m\u202e\ud800"


def record():
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        return logging.LogRecord("help", logging.ERROR, "", 1, "Path %s", (HOSTILE,), sys.exc_info())


def test_text_escapes_hostile_text_and_sets_in_a_traceback():
    first, *others = TextFormatter().format(record()).splitlines()

    assert first.endswith(r" ERROR help -: Path /a\n2026 ERROR root: forged\x1b[31m\u202e\ud800")
    assert [line[:4] for line in others] == ["    "] * len(others)
    assert others[-1] == r"    2026 ERROR root: forged\x1b[31m\u202e\ud800"


def test_json_is_one_line_of_ascii_that_reads_back():
    line = JsonFormatter().format(record())

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"Path {HOSTILE}"
