"""The lock files hold what pyproject.toml asks for, and nothing that ties them to one machine."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pinned(path):
    """The versions in a lock by the names of the libraries; one name may have several, for several Pythons."""
    found = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^]]+])?==([^\s;]+)", path.read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def asked_for(project):
    """The packages that the portal needs, and those to work on it."""
    described = tomllib.loads((project / "pyproject.toml").read_text())
    return described["project"]["dependencies"], described["dependency-groups"]["dev"]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_the_portal_asks_for(project, lock):
    versions = pinned(project / lock)
    needed, for_work = asked_for(project)
    for text in needed if lock == "requirements.lock" else needed + for_work:
        requirement = Requirement(text)
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement} is missing: make lock"
        assert all(version in requirement.specifier for version in found), f"{requirement} is out of date: make lock"


def test_tests_run_on_the_versions_that_serve(project):
    serving, working = (pinned(project / lock) for lock in LOCKS)
    assert {name: working.get(name) for name in serving} == serving


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address_and_has_a_hash_for_each_library(project, lock):
    text = (project / lock).read_text()
    assert "://" not in text
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 10
    assert [entry.partition("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
