"""Every text of the portal that is marked for translation, with the place where it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from helpdesk.settings import BASE_DIR

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
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


def _texts_of(file: Path, code: str, line: int = 0) -> Iterator[tuple[str, str]]:
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and _name(call.func) in CALLS:
            for text in (node for argument in call.args for node in ast.walk(argument)):
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield f"{file.relative_to(BASE_DIR)}:{line + text.lineno}", text.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
