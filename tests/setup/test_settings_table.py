"""docs/settings.md names every setting that the code reads, with its default."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
READ = re.compile(r'env, "([A-Z0-9_]+)"(?:, ("[^"]*"|\d+))?')
SOURCE = (PROJECT / "helpdesk" / "settings.py").read_text()
TABLE = dict(
    re.findall(r"^\| `([A-Z0-9_]+)` \| (.*?) \|", (PROJECT / "docs" / "settings.md").read_text(), re.MULTILINE)
)


def test_every_setting_has_its_line() -> None:
    assert sorted(TABLE) == sorted({name for name, _ in READ.findall(SOURCE)})


def test_defaults_are_those_of_the_code() -> None:
    in_code = {name: default.strip('"') for name, default in READ.findall(SOURCE) if default}
    assert len(in_code) > 8
    assert {name: TABLE[name].strip("`") for name in in_code} == in_code


def test_switches_are_off() -> None:
    switches = re.findall(r'switch\(env, "([A-Z0-9_]+)"\)', SOURCE)
    assert {TABLE[name] for name in switches} == {"`0`"}


def test_readme_names_only_settings_that_there_are() -> None:
    readme = (PROJECT / "README.md").read_text()
    assert set(re.findall(r"^\| `([A-Z0-9_]+)` \|", readme, re.MULTILINE)) <= set(TABLE)
