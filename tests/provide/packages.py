"""The distribution's packages, where we may install them."""

from __future__ import annotations

import os
import shutil
import subprocess


def in_ci() -> bool:
    """Whether nobody is there to install by hand what is missing."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> bool:
    """Installs a package; False where that fails or is not for us to do."""
    if not may_install():
        return False
    print(f"Installing the package {package} …", flush=True)
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        done = subprocess.run(
            ["apt-get", "-q", *command],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(f"apt-get {command[0]} failed:\n{done.stdout[-2000:]}", flush=True)
            return False
    return True
