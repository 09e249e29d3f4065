"""Every text of the portal that is marked for translation, with the place where it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from helpdesk.settings import BASE_DIR

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# What a command says to people, and what a diagnostic does.
MESSAGES = {"Error", "Info", "CheckWarning", "BackupError", "WrongSetting", "CommandError", "as_command_error"}
CALL = re.compile(r"n?p?gettext\((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^()'\"])*\)")


def translatable_texts() -> Iterator[tuple[str, str]]:
    """Yield place and text of every string that people can read."""
    for file in sorted((BASE_DIR / "helpdesk").rglob("*.py")):
        if "migrations" not in file.parts:
            yield from _texts_of(file, file.read_text(encoding="utf-8"))
    for file in sorted((BASE_DIR / "templates").rglob("*.html")):
        # Django makes Python calls of a template's tags, at the same lines.
        code = templatize(file.read_text(encoding="utf-8"))
        for call in CALL.finditer(code):
            yield from _texts_of(file, " ".join(call[0].split("\n")), code.count("\n", 0, call.start()))


def unmarked_messages() -> Iterator[str]:
    """Yield place and text of each message of a command or a diagnostic that no translator would see."""
    for folder in ("operations", "management"):
        for file in sorted((BASE_DIR / "helpdesk" / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _speaks(call.func):
                    for given in (*call.args, *(keyword.value for keyword in call.keywords)):
                        if text := _words_in(given):
                            yield f"{file.relative_to(BASE_DIR)}:{given.lineno} {text}"


def _speaks(function: ast.expr) -> bool:
    return _name(function) in MESSAGES or ast.unparse(function).startswith(("self.stdout.", "self.stderr."))


def _words_in(given: ast.expr) -> str:
    """Return the text of a plain or a formatted string, where it has words."""
    parts = given.values if isinstance(given, ast.JoinedStr) else [given]
    text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return text if re.search(r"[a-z]{2}", text) else ""


def _texts_of(file: Path, code: str, line: int = 0) -> Iterator[tuple[str, str]]:
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and _name(call.func) in CALLS:
            for text in (node for argument in call.args for node in ast.walk(argument)):
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield f"{file.relative_to(BASE_DIR)}:{line + text.lineno}", text.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
