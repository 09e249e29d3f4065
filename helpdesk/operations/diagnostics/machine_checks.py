"""Checks of the machine: permissions, disk space, memory, clock."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as CheckWarning
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from helpdesk.content.kinds import all_kinds
from helpdesk.operations import startup
from helpdesk.operations.diagnostics.registry import Section, diagnostic
from helpdesk.pagecache.version import database_time

_MB = 1024 * 1024
MIN_FREE_BYTES, LOW_FREE_BYTES, MIN_FREE_INODES = 200 * _MB, 2_000 * _MB, 1_000
# Memory of a process besides its page cache, measured with up to 100,000 symptoms.
PROCESS_MB = 80
MIN_OPEN_FILES = 1024
MAX_CLOCK_DIFFERENCE = timedelta(seconds=2)
# SQLite's locks and its shared memory do not work on these.
_NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs")

_TIME_ERROR = 5  # from <sys/timex.h>: the clock is not synchronized


@diagnostic(Section.MACHINE)
def private_files() -> CheckMessage:
    folder, backups = settings.DATA_DIR, settings.BACKUP_DIR
    paths = [folder]
    if folder.stat().st_mode & 0o001:  # otherwise nobody can open what is in it
        paths += [folder / "secret_key", *folder.glob("*.sqlite3*")]
    if backups.exists() and (folder not in backups.parents or folder.stat().st_mode & 0o001):
        paths.append(backups)
    others = [str(path) for path in paths if path.exists() and path.stat().st_mode & 0o007]
    if others:
        return Error(
            gettext("Everybody on this machine may read %(paths)s.") % {"paths": ", ".join(others)},
            hint="chmod o-rwx " + " ".join(others),
        )
    return Info(gettext("Only the portal and its group may read %(folder)s.") % {"folder": folder})


@diagnostic(Section.MACHINE)
def writable_directories() -> CheckMessage:
    folders = [folder for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.BACKUP_DIR) if folder.exists()]
    closed = [str(folder) for folder in folders if not os.access(folder, os.W_OK)]
    if closed:
        return Error(
            gettext("This user can't write in %(folders)s.") % {"folders": ", ".join(closed)},
            hint=gettext("Give them to the portal's user (chown)."),
        )
    return Info(gettext("Its folders can be written to."))


@diagnostic(Section.MACHINE)
def unprivileged_user() -> CheckMessage:
    if os.geteuid() == 0:
        return CheckWarning(
            gettext("This runs as root, who may do anything on the machine."),
            hint=gettext("Run the portal, and this, as a user of its own (deploy/portal.service does)."),
        )
    return Info(gettext("It doesn't run as root."))


@diagnostic(Section.MACHINE)
def disk_space() -> CheckMessage:
    usage, inodes = shutil.disk_usage(settings.DATA_DIR), os.statvfs(settings.DATA_DIR)
    said = gettext("%(free).1f GB free where the data is") % {"free": usage.free / 1e9}
    hint = gettext(
        "Free some space, or move DATA_DIR. While the disk is full, nothing that visitors send can be stored."
    )
    if usage.free < MIN_FREE_BYTES or (inodes.f_files and inodes.f_favail < MIN_FREE_INODES):
        return Error(gettext("The disk is nearly full: %(said)s.") % {"said": said}, hint=hint)
    if usage.free < LOW_FREE_BYTES:
        return CheckWarning(gettext("The disk is filling up: %(said)s.") % {"said": said}, hint=hint)
    return Info(f"{said}.")


@diagnostic(Section.MACHINE)
def memory() -> CheckMessage:
    workers, pages = settings.WEB_CONCURRENCY, settings.PAGE_CACHE_MB
    needed = workers * (PROCESS_MB + pages) + PROCESS_MB
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MB
    said = ngettext(
        "%(count)d process may take %(needed)d MB of the %(there)d MB here.",
        "%(count)d processes may take %(needed)d MB of the %(there)d MB here.",
        workers,
    )
    text = said % {"count": workers, "needed": needed, "there": there}
    if needed > there * 0.8:
        return CheckWarning(
            text, hint=gettext("Lower WEB_CONCURRENCY or PAGE_CACHE_MB, or give the machine more memory.")
        )
    return Info(text)


@diagnostic(Section.MACHINE)
def open_files() -> CheckMessage:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < MIN_OPEN_FILES:
        return CheckWarning(
            gettext("A process may open %(files)d files only; each visitor takes one.") % {"files": soft},
            hint=gettext("LimitNOFILE=65536 in the unit."),
        )
    return Info(gettext("A process may open enough files."))


@diagnostic(Section.MACHINE)
def local_database() -> CheckMessage:
    if connection.vendor != "sqlite":
        return Info(gettext("The database is PostgreSQL, which keeps its own files."))
    kind = file_system_of(Path(settings.DATABASES["default"]["NAME"]))
    if kind in _NETWORK_FILE_SYSTEMS:
        return Error(
            gettext("SQLite's file is on a network (%(kind)s), where it can be damaged.") % {"kind": kind},
            hint=gettext("Keep DATA_DIR on a disk of this machine, or use PostgreSQL."),
        )
    return Info(gettext("SQLite's file is on a disk of this machine (%(kind)s).") % {"kind": kind or "?"})


def file_system_of(path: Path) -> str:
    """Return the type of the file system that holds a path, by the longest mount point above it; empty if unknown."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    path = path.resolve()
    above = [(len(point), kind) for point, kind in mounts if path.is_relative_to(point.replace("\\040", " "))]
    return max(above, default=(0, ""))[1]


@diagnostic(Section.CLOCK)
def clock() -> CheckMessage:
    """Compare the clock with the database's, the latest change and the time service's state."""
    now = timezone.now()
    if (apart := abs(database_time() - now)) > MAX_CLOCK_DIFFERENCE:
        return Error(
            gettext("This machine's clock and the database's are %(seconds).0f seconds apart.")
            % {"seconds": apart.total_seconds()},
            hint=gettext(
                "Run a time service (chrony, systemd-timesyncd) on both. Pages appear by the database's clock."
            ),
        )
    changes = (
        kind.objects.aggregate(newest=Max("updated_at"))["newest"] for kind in all_kinds() if kind.is_publishable
    )
    newest = max((moment for moment in changes if moment), default=now)
    if newest > now + MAX_CLOCK_DIFFERENCE:
        return Error(
            gettext("A page was changed at %(newest)s, which is in the future: the clock was set back.")
            % {"newest": format(newest, "%Y-%m-%d %H:%M")},
            hint=gettext("Set the clock, and run a time service."),
        )
    if clock_state() == _TIME_ERROR:
        return CheckWarning(
            gettext("No time service sets this machine's clock."),
            hint=gettext("Install chrony, or turn systemd-timesyncd on."),
        )
    return Info(gettext("The clock is right."))


def clock_state() -> int:
    """Return the state of the kernel's clock from a read-only adjtimex call; -1 if it fails."""
    return ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))


@diagnostic(Section.MACHINE)
def static_files() -> CheckMessage:
    if not startup.static_files_are_collected():
        return CheckWarning(
            gettext("The static files aren't those of this version."),
            hint=gettext("Start the portal (`manage.py start`): it collects them."),
        )
    return Info(gettext("The static files are those of this version."))
