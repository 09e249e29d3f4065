"""Steps of `manage.py start` before the portal serves.

Each step is idempotent; a second start changes nothing.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.utils.translation import gettext

from helpdesk.addresses.models import HelpNumber
from helpdesk.atomic_files import atomic_write
from helpdesk.content.kinds import all_kinds
from helpdesk.environment import WrongSetting
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Guide, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.operations import health
from helpdesk.search import index as search_index

# The files in fixtures/, in the order in which they build on each other.
FIRST_CONTENT = (
    "outside_pages",
    "identity",
    "contact_points",
    "guides",
    "causes",
    "symptoms",
    "faq",
    "synonyms",
    "promises",
)

# Any number that no other advisory lock uses.
_POSTGRESQL_LOCK = 4_357_001

# PRAGMA synchronous: a commit waits until it is on the disk.
_SYNCHRONOUS_FULL = 2


def refuse_busy_port(host: str, port: int, setting: str = "PORT") -> None:
    """Raise WrongSetting when the port cannot be bound; `setting` is the name of its variable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            return
        except OSError as error:
            reason = error
    if reason.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        raise WrongSetting(
            gettext(
                "Port %(port)s is in use. Stop the other program or choose another port: %(setting)s=%(other)s make run"
            )
            % {"port": port, "setting": setting, "other": other}
        )
    if reason.errno == errno.EACCES:
        raise WrongSetting(
            gettext("Port %(port)s is for the system's administrator only. Choose a %(setting)s from 1024 on.")
            % {"port": port, "setting": setting}
        )
    setting = setting.replace("PORT", "HOST")
    raise WrongSetting(
        gettext("%(setting)s: this machine can't listen on %(host)s (%(reason)s).")
        % {"setting": setting, "host": host, "reason": reason.strerror}
    )


def refuse_unreachable_services() -> None:
    """Raise WrongSetting when the database or the cache doesn't answer."""
    database: Any = connections["default"]  # the functions of PostgreSQL are not in the type of all databases
    try:
        if database.vendor == "postgresql":
            # Past the pool, which would try for a while and log each time.
            params = database.get_connection_params() | {"connect_timeout": 5}
            with database.wrap_database_errors:
                database.Database.connect(**params).close()
        else:
            database.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        raise WrongSetting(
            gettext("DATABASE_URL: the database doesn't answer (%(reason)s).") % {"reason": reason}
        ) from None
    if not health.cache_is_in_database():
        try:
            cache.get("start")
        except Exception as error:  # each kind of cache has errors of its own
            raise WrongSetting(gettext("CACHE_URL: the cache doesn't answer (%(error)s).") % {"error": error}) from None


def refuse_forgetful_database() -> None:
    """Raise WrongSetting when the database may lose commits in a power cut, unless DATABASE_MAY_FORGET is set."""
    if settings.DATABASE_MAY_FORGET:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT name FROM pg_settings WHERE setting = 'off' AND name = ANY(%s) ORDER BY name",
                [["fsync", "synchronous_commit", "full_page_writes"]],
            )
            if off := ", ".join(name for (name,) in cursor.fetchall()):
                raise WrongSetting(
                    gettext(
                        "PostgreSQL may lose acknowledged posts in a power cut (%(off)s is off). Turn it on, or allow "
                        "it: DATABASE_MAY_FORGET=1"
                    )
                    % {"off": off}
                )
            return
        cursor.execute("PRAGMA journal_mode")
        (journal,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous")
        (synchronous,) = cursor.fetchone()
    if journal != "wal" or synchronous < _SYNCHRONOUS_FULL:
        raise WrongSetting(
            gettext(
                "SQLite may lose acknowledged posts in a power cut (journal_mode=%(journal)s, "
                "synchronous=%(synchronous)s). Keep DATA_DIR on a disk of this machine, or allow it: "
                "DATABASE_MAY_FORGET=1"
            )
            % {"journal": journal, "synchronous": synchronous}
        )


@contextmanager
def start_lock(data_dir: Path) -> Iterator[None]:
    """Let simultaneous starts on one machine or on one PostgreSQL wait for each other."""
    with (data_dir / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_POSTGRESQL_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRESQL_LOCK])


def prepare_database() -> None:
    """Apply missing migrations, and create the cache table."""
    call_command("migrate", interactive=False, verbosity=0)
    if health.cache_is_in_database():
        call_command("createcachetable", verbosity=0)


def bring_search_in_step() -> Iterator[str]:
    """Index the pages that are missing in the search, and yield lines on the progress.

    There are some only after an update that changed the index, and after a change of the database past the portal.
    """
    pages = search_index.waiting()
    if pages > search_index.PORTION:
        yield gettext("Making the search index of %(pages)d pages …") % {"pages": pages}
    while search_index.catch_up():
        if (left := search_index.waiting()) and left // 5_000 < pages // 5_000:
            yield gettext("%(left)d pages to go") % {"left": left}
            pages = left


def is_empty() -> bool:
    """Return whether the portal has no content and never had any."""
    return not HelpNumber.objects.exists() and not any(kind.objects.exists() for kind in all_kinds())


def load_first_content() -> str | None:
    """Load the fixtures into an empty portal, and return what they contained; None where there is content already."""
    with revision(Reason.FIRST_CONTENT):
        if not is_empty():
            return None
        call_command("loaddata", *FIRST_CONTENT, verbosity=0)
    counts = Guide.objects.count(), Symptom.objects.count(), FaqEntry.objects.count()
    said = gettext("%(guides)d guides, %(situations)d situations, %(entries)d FAQ entries")
    return said % dict(zip(("guides", "situations", "entries"), counts, strict=True))


def collect_static_files() -> None:
    """Collect and compress the static files, unless they have not changed."""
    if not static_files_are_collected():
        call_command("collectstatic", interactive=False, verbosity=0)
        atomic_write(_static_files_stamp(), _static_files_hash().encode(), mode=0o644)


def static_files_are_collected() -> bool:
    """Return whether the files in DATA_DIR are those of this version."""
    note, manifest = _static_files_stamp(), settings.STATIC_ROOT / "staticfiles.json"
    return manifest.exists() and note.exists() and note.read_text() == _static_files_hash()


def _static_files_stamp() -> Path:
    return settings.DATA_DIR / "static_files"


def _static_files_hash() -> str:
    """Return a hash of all static files and of the libraries that process them."""
    state = hashlib.sha256(f"{settings.STORAGES} {version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list(None):
            found = Path(storage.path(path)).stat()
            state.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return state.hexdigest()


def create_first_account() -> str | None:
    """Create the staff account `admin` where there is no account at all, and return its password."""
    users = get_user_model().objects
    if users.exists():
        return None
    password = secrets.token_urlsafe(15)
    users.create_superuser("admin", password=password)
    return password


def address(host: str, port: int) -> str:
    """Return the URL of the portal for a browser on this machine."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
