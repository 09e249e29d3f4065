"""`python -m tests.pagecache [how many]`: so many random edits, with kept pages compared with fresh ones after each."""

from __future__ import annotations

import sys

import pytest

how_many = sys.argv[1] if len(sys.argv) > 1 else "1000"
sys.exit(pytest.main(["-q", "-s", "tests/pagecache/test_edits.py", "--edits", how_many]))
