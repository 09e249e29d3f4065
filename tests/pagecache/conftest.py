import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--edits", type=int, default=40, help="so many edits in tests/pagecache/test_edits.py")
