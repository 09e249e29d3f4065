"""Developing: the debug toolbar is there when it is asked for, and never where the portal is operated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASK = """
import json, importlib, sys
found = importlib.import_module(sys.argv[1])
app, page = found.INSTALLED_APPS, found.SECURE_CSP["style-src"]
print(json.dumps(["debug_toolbar" in app, any("debug_toolbar" in name for name in found.MIDDLEWARE), page]))
"""
OFF = [False, False, ["'self'"]]


def toolbar_in(settings: str, folder: Path, project: Path, **variables: str) -> Any:
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **variables}
    command = [sys.executable, "-c", ASK, settings]
    return json.loads(subprocess.run(command, cwd=project, env=environ, check=True, capture_output=True).stdout)


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        ("helpdesk.settings", {"DEBUG": "1", "DEBUG_TOOLBAR": "1"}),
        ("dev.settings", {"DEBUG": "0", "DEBUG_TOOLBAR": "1"}),
        ("dev.settings", {"DEBUG": "1"}),
    ],
)
def test_toolbar_is_off(settings: str, variables: dict[str, str], tmp_path: Path, project: Path) -> None:
    assert toolbar_in(settings, tmp_path, project, **variables) == OFF


def test_toolbar_is_on_when_asked_for(tmp_path: Path, project: Path) -> None:
    on = [True, True, ["'self'", "'unsafe-inline'"]]
    assert toolbar_in("dev.settings", tmp_path, project, DEBUG="1", DEBUG_TOOLBAR="1") == on


def test_portal_is_not_installed_with_it(project: Path) -> None:
    assert "debug-toolbar" in (project / "requirements-dev.lock").read_text()
    assert "debug-toolbar" not in (project / "requirements.lock").read_text()
