"""The files of deploy/ without a machine to deploy to: what they name is there, and the settings are ours."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.images.forms import MAX_REQUEST_BYTES
from helpdesk.operations.serving import STOP_SECONDS
from helpdesk.transfer.files import MAX_FILE_SIZE
from tests.provide import caddy
from tests.provide.fronts import replaced
from tests.serving import PROJECT

DEPLOY = PROJECT / "deploy"
SETTINGS = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (PROJECT / "docs" / "settings.md").read_text(), re.MULTILINE))
# What others read: Caddy with our Caddyfile, the image of PostgreSQL, Python.
FOREIGN = {"SITE", "PORTALS", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PYTHONUNBUFFERED"}
UNITS = ("portal.service", "portal-backup.service", "portal-backup.timer")
SERVICES = ("portal.service", "portal-backup.service")


def text(name: str) -> str:
    return (DEPLOY / name).read_text()


def compose() -> dict[str, Any]:
    return yaml.safe_load(text("compose.yaml"))


def portals() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in compose()["services"].items() if name.startswith("portal-")}


def instructions(kind: str) -> list[str]:
    """What stands behind each such instruction of the Containerfile, its lines put together."""
    joined = text("Containerfile").replace("\\\n", "")
    return re.findall(rf"^{kind} (.*)$", joined, re.MULTILINE)


def lines_of(unit: str) -> list[tuple[str, str]]:
    return re.findall(r"^(\w+)=(.*)$", text(unit), re.MULTILINE)


def test_example_of_the_environment_names_only_settings_that_there_are() -> None:
    named = re.findall(r"^#?([A-Z0-9_]+)=(.*)$", text("portal.env.example"), re.MULTILINE)
    assert len(named) > 10
    assert {name for name, _ in named} <= SETTINGS | FOREIGN
    # One word each for systemd, for a shell and for Compose alike.
    assert [value for _, value in named if len(shlex.split(value)) > 1] == []


def test_compose_and_image_name_only_settings_that_there_are() -> None:
    named = {name for service in compose()["services"].values() for name in service.get("environment", {})}
    named |= set(re.findall(r"\$\{([A-Z_]+)", text("compose.yaml") + text("Caddyfile").replace("{$", "${")))
    named |= {name for line in instructions("ENV") for name, _ in re.findall(r"(\w+)=(\S+)", line)}
    assert {"DATABASE_URL", "PORTALS", "DATA_DIR"} <= named
    assert named <= SETTINGS | FOREIGN


def test_units_name_only_settings_that_there_are() -> None:
    for unit in SERVICES:
        named = [value.partition("=")[0] for key, value in lines_of(unit) if key == "Environment"]
        assert named == ["DATA_DIR"]


def test_both_services_are_shut_in_alike() -> None:
    def walls(unit: str) -> list[tuple[str, str]]:
        lines = lines_of(unit)
        return lines[lines.index(("StateDirectory", "portal")) : lines.index(("SystemCallErrorNumber", "EPERM"))]

    assert len(walls("portal.service")) > 20
    assert walls("portal.service") == walls("portal-backup.service")


def test_units_are_what_systemd_takes(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:  # a machine without systemd has nothing to ask
        return
    for unit in UNITS:
        changes = {"/opt/portal/.venv/bin/python": sys.executable} if unit in SERVICES else {}
        (tmp_path / unit).write_text(replaced(text(unit), changes))
    done = subprocess.run(
        [analyze, "verify", *(str(tmp_path / unit) for unit in UNITS)], capture_output=True, text=True, timeout=60
    )
    assert [line for line in done.stderr.splitlines() if "portal" in line] == []


def test_stop_waits_longer_than_the_portal_does_for_visitors() -> None:
    assert int(dict(lines_of("portal.service"))["TimeoutStopSec"]) > STOP_SECONDS
    assert {service["stop_grace_period"] for service in portals().values()} == {"15s"}


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    sources = [source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]]
    assert {"helpdesk", "templates", "static", "fixtures", "manage.py", "requirements.lock"} == set(sources)
    assert [source for source in sources if not (PROJECT / source).exists()] == []
    kept = set(re.findall(r"^!(\S+)$", (PROJECT / ".containerignore").read_text(), re.MULTILINE))
    assert kept == set(sources)
    assert (PROJECT / ".dockerignore").read_text() == (PROJECT / ".containerignore").read_text()


def test_image_has_only_what_the_lock_names_and_runs_as_nobody_special() -> None:
    (install,) = (line for line in instructions("RUN") if "pip install" in line)
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(install.split())
    assert instructions("USER") == ["10001"]
    assert len(set(instructions("FROM"))) == 2  # the same base twice, once with a name
    assert {line.split()[0] for line in instructions("FROM")} == {"python:3.13-slim"}


def test_ports_and_folders_of_the_containers_fit_together() -> None:
    described = compose()
    variables = dict(re.findall(r"(\w+)=(\S+)", instructions("ENV")[0]))
    services = described["services"]

    upstreams = services["caddy"]["environment"]["PORTALS"].split()
    assert upstreams == [f"{name}:{variables['PORT']}" for name in portals()]
    assert instructions("EXPOSE") == [variables["PORT"]]
    assert f":{variables['PORT']}/healthz" in instructions("HEALTHCHECK")[0]
    assert instructions("VOLUME") == [variables["DATA_DIR"]]

    mounted = [volume.split(":") for service in services.values() for volume in service.get("volumes", [])]
    assert {source for source, *_ in mounted if not source.startswith(".")} == set(described["volumes"])
    assert [source for source, *_ in mounted if source.startswith(".") and not (DEPLOY / source).exists()] == []
    (made,) = (line for line in instructions("RUN") if "mkdir" in line)
    for service in portals().values():
        # Pictures are in a folder that all share, the rest of /data is each one's own.
        assert [volume.split(":")[1] for volume in service["volumes"]] == ["/data", "/data/media", "/backups"]
        assert service["environment"]["BACKUP_DIR"] == "/backups"
    assert {"/data/media", "/backups"} <= set(made.split())
    own = [service["volumes"][0] for service in portals().values()]
    assert len(set(own)) == len(own)


def test_services_of_compose_wait_for_what_they_need() -> None:
    services = compose()["services"]
    for portal in portals().values():
        assert set(portal["depends_on"]) == {"postgres", "valkey"}
        assert portal["build"]["dockerfile"] == "deploy/Containerfile"
    for name in ("postgres", "valkey", *portals()):
        assert "healthcheck" in services[name]


def test_caddyfile_is_valid_and_as_caddy_would_write_it(tmp_path: Path) -> None:
    file = str(DEPLOY / "Caddyfile")
    valid = caddy.run(tmp_path, "validate", "--config", file, "--adapter", "caddyfile")
    assert valid.returncode == 0, valid.stderr
    assert caddy.run(tmp_path, "fmt", file).stdout == text("Caddyfile")


def test_nginx_never_repeats_a_post_that_may_have_arrived() -> None:
    directives = [line.split() for line in text("nginx.conf").splitlines() if not line.strip().startswith("#")]
    repeats = [line[1:] for line in directives if line[:1] == ["proxy_next_upstream"]]
    assert repeats == [["error", "timeout;"], ["error", "timeout", "http_404;"]]


def test_both_proxies_let_in_what_the_portal_takes() -> None:
    of_nginx = sorted(int(size) for size in re.findall(r"client_max_body_size (\d+)m;", text("nginx.conf")))
    of_caddy = sorted(int(size) for size in re.findall(r"max_size (\d+)MB", text("Caddyfile")))
    assert of_nginx == of_caddy
    assert of_nginx[-1] * 1_000_000 > max(MAX_FILE_SIZE, MAX_REQUEST_BYTES)


def test_both_proxies_drop_headers_with_underscores_and_limit_requests() -> None:
    assert {"underscores_in_headers off;", "limit_req zone=portal_requests burst=200 nodelay;"} <= directives(
        "nginx.conf"
    )
    assert {"request_header -*_*", "unhealthy_request_count 200", "max_header_size 32KB"} <= directives("Caddyfile")


def directives(name: str) -> set[str]:
    return {line.strip() for line in text(name).splitlines()}


def test_both_proxies_say_the_same_when_no_portal_answers() -> None:
    pages = [re.search(r"<!doctype html>.*?</html>", text(name), re.DOTALL) for name in ("nginx.conf", "Caddyfile")]
    first, second = (re.sub(r"\n\s*", "\n", page[0]) for page in pages if page)
    assert first == second


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile", *UNITS, "portal.env.example"])
def test_comments_say_where_the_file_goes(name: str) -> None:
    where = {"portal.env.example": "/etc/portal/portal.env", "nginx.conf": "/etc/nginx/conf.d/portal.conf"}
    folder = "/etc/caddy/" if name == "Caddyfile" else "/etc/systemd/system/"
    assert where.get(name, folder + name) in text(name)
    assert where.get(name, folder + name) in (PROJECT / "docs" / "deployment.md").read_text()
