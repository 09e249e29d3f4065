"""A new content kind needs its own package and one line, and every feature of the portal works for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROBES = 16


@pytest.mark.database
def test_every_feature_works_for_a_kind_that_is_only_registered(project: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=tests.new_kind.settings"]
    done = subprocess.run(
        [*command, "tests/new_kind/probes.py"],
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= PROBES
