"""Parsers of environment variables for the settings.

Each takes the mapping to read from, returns the value as the settings need it, and raises `WrongSetting` with a
sentence that names the variable and its possible values. An empty value counts as not set.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from helpdesk.atomic_files import atomic_write

Environment = Mapping[str, str]
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MIN_SECRET_LENGTH = 50

_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\Z", re.IGNORECASE)

# One host, many processes: a writer waits for its turn instead of failing half-way, readers never wait, and what was
# acknowledged survives a power cut (synchronous=NORMAL may lose it).
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
        "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;"
    ),
}


class WrongSetting(ImproperlyConfigured):
    """A setting with an invalid value; the text is one line for the person who starts the portal."""


def text(env: Environment, name: str, default: str, *, longest: int = 60) -> str:
    """Return one line of text."""
    value = env.get(name, "").strip() or default
    if len(value) > longest or not value.isprintable():
        raise WrongSetting(f"{name} must be one line of at most {longest} characters.")
    return value


def integer(env: Environment, name: str, default: int, *, lowest: int, highest: int) -> int:
    """Return an integer from `lowest` to `highest`, both included."""
    value = env.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not lowest <= int(value) <= highest:
        raise WrongSetting(f"{name} must be a whole number from {lowest} to {highest}, not “{value}”.")
    return int(value)


def switch(env: Environment, name: str, *, default: bool = False) -> bool:
    """Return True for 1 and False for 0; refuse everything else, so that a slip never turns something on."""
    value = env.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise WrongSetting(f"{name} must be 1 (on) or 0 (off), not “{value}”.")
    return value == "1" if value else default


def choice(env: Environment, name: str, default: str, choices: Collection[str]) -> str:
    """Return one of `choices`, whatever the case of its letters."""
    value = env.get(name, "").strip() or default
    if value.upper() not in choices:
        raise WrongSetting(f"{name} must be one of {', '.join(choices)}, not “{value}”.")
    return value.upper()


def hosts(env: Environment, name: str, default: list[str]) -> list[str]:
    """Return host names and IP addresses, given as in a browser's address line and separated by commas."""
    values = [value.strip() for value in env.get(name, "").split(",") if value.strip()]
    for value in values:
        if not (value == "*" or _is_host(value.removeprefix("."))):
            raise WrongSetting(
                f"{name} must be host names with commas between them, such as help.example.com, not “{value}”."
            )
    return values or default


def _is_host(value: str) -> bool:
    if value.startswith("[") and value.endswith("]"):
        return _is_ip_address(value[1:-1])
    return bool(_HOST_NAME.match(value))


def _is_ip_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def networks(env: Environment, name: str) -> tuple[IPNetwork, ...]:
    """Return IP networks, given separated by commas; none where nothing is set."""
    values = [value.strip() for value in env.get(name, "").split(",") if value.strip()]
    try:
        return tuple(ipaddress.ip_network(value) for value in values)
    except ValueError:
        raise WrongSetting(
            f"{name} must be networks with commas between them, such as 10.0.0.0/8, 2001:db8::/32, "
            f"not “{', '.join(values)}”."
        ) from None


def security_contact(env: Environment, name: str) -> str:
    """Return the mailto: or https: address for reports of vulnerabilities, or an empty text."""
    value = env.get(name, "").strip()
    if value and not re.fullmatch(r"(mailto:[!-~]+@[!-~]+|https://[!-~]+)", value):
        raise WrongSetting(
            f"{name} must be an address such as mailto:security@example.com or https://example.com/security, "
            f"not “{value}”."
        )
    return value


def listening_address(env: Environment, name: str, default: str) -> str:
    """Return the IP address that the server listens on."""
    value = env.get(name, "").strip() or default
    if value == "localhost":
        return "127.0.0.1"
    if not _is_ip_address(value):
        raise WrongSetting(f"{name} must be an IP address such as 127.0.0.1 or 0.0.0.0, not “{value}”.")
    return value


def web_address(env: Environment, name: str) -> str:
    """Return the portal's origin as visitors know it ("https://help.example.com"), or an empty text."""
    value = env.get(name, "").strip().rstrip("/").lower()
    if not value:
        return ""
    match = re.fullmatch(r"https?://(?P<host>[^/:@?#]+|\[[^]]+])(:[0-9]{1,5})?", value)
    if not match or not _is_host(match["host"]):
        raise WrongSetting(f"{name} must be scheme and host, such as https://help.example.com, not “{value}”.")
    return value


def endpoint(env: Environment, name: str) -> str:
    """Return the URL of a service that the portal calls, or an empty text."""
    value = env.get(name, "").strip()
    match = re.fullmatch(r"https?://(?P<host>[^/:@?#\s]+|\[[^]\s]+])(:[0-9]{1,5})?(/[!-~]*)?", value)
    if value and (not match or not _is_host(match["host"])):
        raise WrongSetting(f"{name} must be a whole web address, such as https://cdn.example.com/purge.")
    return value


def sentry_dsn(env: Environment, name: str) -> str:
    """Return the DSN of a Sentry project, or an empty text; errors do not repeat it, as it holds the key."""
    value = env.get(name, "").strip()
    if value and not re.fullmatch(r"https?://[0-9A-Za-z:]+@[^/:@?#\s]+(:[0-9]{1,5})?(/[!-~]*)?/[0-9]+", value):
        raise WrongSetting(f"{name} must be the address that Sentry gives, such as https://key@sentry.example.com/1.")
    return value


def header(env: Environment, name: str) -> str:
    """Return a header line ("Authorization: Bearer secret"), or an empty text; errors do not repeat the value."""
    value = env.get(name, "").strip()
    if value and not re.fullmatch(r"[A-Za-z0-9-]{1,60}: ?[!-~][ -~]{0,999}", value):
        raise WrongSetting(f"{name} must be one line such as Authorization: Bearer secret.")
    return value


def time_zone(env: Environment, name: str, default: str) -> str:
    """Return the name of a time zone of the IANA database."""
    value = env.get(name, "").strip() or default
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise WrongSetting(f"{name} must be a time zone such as UTC or Europe/Zurich, not “{value}”.") from None
    return value


def directory(env: Environment, name: str, default: Path) -> Path:
    """Return a directory that this process can write to; make it where it is missing."""
    path = Path(env.get(name, "").strip() or default).expanduser().absolute()
    try:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise WrongSetting(f"{name}: cannot write in {path} ({error.strerror}). Choose another folder.") from None
    return path


def folder_name(env: Environment, name: str, default: Path) -> Path:
    """Return the path of a directory that may be missing."""
    value = env.get(name, "").strip()
    return Path(value).expanduser().absolute() if value else default


def database(env: Environment, name: str, data_dir: Path, *, pool: int = 4) -> dict[str, Any]:
    """Return the settings of a database from its URL; by default a SQLite file in `data_dir`."""
    value = env.get(name, "").strip() or f"sqlite:///{data_dir / 'portal.sqlite3'}"
    scheme = value.partition("://")[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise WrongSetting(f"{name} must start with postgres:// or sqlite:///, not “{scheme[:20]}”.")
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(value))
    except ValueError:
        # The address itself is not repeated: there is a password in it.
        raise WrongSetting(f"{name} is not a valid address: write it as postgres://user:password@host/name.") from None
    if settings["NAME"] in ("", ":memory:"):
        raise WrongSetting(f"{name} must name a database, such as postgres://user:password@host/name.")
    options = settings.pop("OPTIONS", {})
    if scheme == "sqlite":
        # Closing the last connection folds the journal into the file, so connections are kept.
        return settings | {"CONN_MAX_AGE": None, "OPTIONS": _SQLITE_OPTIONS | options}
    # The pool holds the connections, so Django must not. After a restart of the database it has a working one at once:
    # it gives up a failed attempt soon and tries again for the next visitor, as its own retries come ever later.
    # Without a free connection a visitor waits `timeout` seconds for the page that says so (operations/outage.py).
    pool_options = {"min_size": 1, "max_size": pool, "timeout": 2, "reconnect_timeout": 0.5}
    return settings | {
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": pool_options} | options,
    }


def cache(env: Environment, name: str) -> dict[str, Any]:
    """Return the settings of the cache that all processes share: Redis or Valkey, by default a database table."""
    value = env.get(name, "").strip()
    if not value:
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
    if not re.match(r"(rediss?://[^\s/]|unix:///)", value):
        raise WrongSetting(f"{name} must be an address such as redis://localhost:6379/0.")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": value,
        "KEY_PREFIX": "portal",
        # Nobody waits longer for a counter.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    }


def secret_key(env: Environment, name: str, path: Path) -> str:
    """Return the key from the environment, or else from the file, which the first start creates."""
    value = env.get(name, "").strip()
    if value:
        if len(value) < MIN_SECRET_LENGTH or len(set(value)) < 5:
            raise WrongSetting(f"{name} must be at least {MIN_SECRET_LENGTH} random characters.")
        return value
    try:
        key = path.read_text().strip() if path.exists() else _create_secret_key(path)
    except OSError as error:
        raise WrongSetting(f"{name}: cannot use {path} ({error.strerror}).") from None
    if len(key) < MIN_SECRET_LENGTH:
        raise WrongSetting(f"{name}: {path} holds no usable key. Delete the file, and a new one is made.")
    return key


def _create_secret_key(path: Path) -> str:
    """Write a new key and return it; where another process was first, return that one's."""
    with suppress(FileExistsError):
        atomic_write(path, secrets.token_urlsafe(64).encode(), mode=0o600, overwrite=False)
    return path.read_text().strip()
