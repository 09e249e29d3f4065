"""The machine: folders and who may read them, room, memory, the clock."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from helpdesk.content.kinds import all_kinds
from helpdesk.operations import startup
from helpdesk.operations.diagnostics.finding import Finding, counted, good, look, wrong
from helpdesk.pagecache.version import database_time

_MB = 1024 * 1024
LEAST_FREE, LITTLE_FREE = 200 * _MB, 2_000 * _MB
# What a process takes besides its finished pages, measured with up to 100,000 symptoms.
PROCESS_MB = 80
LEAST_FILES = 1024
MOST_DIFFERENCE = timedelta(seconds=2)
# File systems across a network: SQLite's locks and its shared memory do not hold on them.
_OF_NETWORKS = ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs")

_TIME_ERROR = 5  # from <sys/timex.h>: the clock is not kept right


def data_is_private() -> Finding:
    folder, backups = settings.DATA_DIR, settings.BACKUP_DIR
    looked_at = [folder]
    if folder.stat().st_mode & 0o001:  # else nobody comes to what is in it
        looked_at += [folder / "secret_key", *folder.glob("*.sqlite3*")]
    if backups.exists() and (folder not in backups.parents or folder.stat().st_mode & 0o001):
        looked_at.append(backups)
    others = [str(path) for path in looked_at if path.exists() and path.stat().st_mode & 0o007]
    if others:
        return wrong(f"Everybody on this machine may read {', '.join(others)}.", f"chmod o-rwx {' '.join(others)}")
    return good(f"Only the portal and its group may read {folder}.")


def can_write() -> Finding:
    folders = [folder for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.BACKUP_DIR) if folder.exists()]
    closed = [str(folder) for folder in folders if not os.access(folder, os.W_OK)]
    if closed:
        return wrong(f"This user cannot write in {', '.join(closed)}.", "Give them to the portal's user (chown).")
    return good("Its folders can be written to.")


def is_not_root() -> Finding:
    if os.geteuid() == 0:
        return look(
            "This runs as root, who may do anything on the machine.",
            "Run the portal, and this, as a user of its own (deploy/portal.service does).",
        )
    return good("It does not run as root.")


def has_room() -> Finding:
    usage, inodes = shutil.disk_usage(settings.DATA_DIR), os.statvfs(settings.DATA_DIR)
    said = f"{usage.free / 1e9:.1f} GB free where the data is"
    mend = "Make room, or move DATA_DIR. While the disk is full, nothing that visitors send can be kept."
    if usage.free < LEAST_FREE or (inodes.f_files and inodes.f_favail < 1_000):
        return wrong(f"The disk is nearly full: {said}.", mend)
    if usage.free < LITTLE_FREE:
        return look(f"Only {said}.", mend)
    return good(f"{said}.")


def has_memory() -> Finding:
    workers, pages = settings.WEB_CONCURRENCY, settings.PAGE_CACHE_MB
    needed = workers * (PROCESS_MB + pages) + PROCESS_MB
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MB
    said = f"{counted(workers, 'process', 'processes')} may take {needed} MB of the {there} MB here"
    if needed > there * 0.8:
        return look(f"{said}.", "Lower WEB_CONCURRENCY or PAGE_CACHE_MB, or give the machine more memory.")
    return good(f"{said}.")


def may_open_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < LEAST_FILES:
        return look(f"A process may open {soft} files only; each visitor is one.", "LimitNOFILE=65536 in the unit.")
    return good("A process may open files enough.")


def database_is_on_this_machine() -> Finding:
    if connection.vendor != "sqlite":
        return good("The database is PostgreSQL's to keep.")
    kind = file_system_of(Path(settings.DATABASES["default"]["NAME"]))
    if kind in _OF_NETWORKS:
        return wrong(
            f"SQLite's file is on a network ({kind}), where it can be damaged.",
            "Keep DATA_DIR on a disk of this machine, or use PostgreSQL.",
        )
    return good(f"SQLite's file is on a disk of this machine ({kind or 'kind not known'}).")


def file_system_of(path: Path) -> str:
    """The kind of the file system that a path is on, by the longest mount point above it; empty if not known."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    path = path.resolve()
    above = [(len(point), kind) for point, kind in mounts if path.is_relative_to(point.replace("\\040", " "))]
    return max(above, default=(0, ""))[1]


def clock_is_right() -> Finding:
    """Against the database's clock, the time service, and what was written last."""
    now = timezone.now()
    if (apart := abs(database_time() - now)) > MOST_DIFFERENCE:
        return wrong(
            f"This machine's clock and the database's are {apart.total_seconds():.0f} seconds apart.",
            "Run a time service (chrony, systemd-timesyncd) on both. Pages appear by the database's clock.",
        )
    changes = (
        kind.objects.aggregate(newest=Max("updated_at"))["newest"] for kind in all_kinds() if kind.is_publishable
    )
    newest = max((moment for moment in changes if moment), default=now)
    if newest > now + MOST_DIFFERENCE:
        return wrong(
            f"A page was changed at {newest:%Y-%m-%d %H:%M}, which has not come yet: the clock was set back.",
            "Set the clock, and run a time service.",
        )
    if clock_state() == _TIME_ERROR:
        return look(
            "No time service keeps this machine's clock right.", "Install chrony, or turn systemd-timesyncd on."
        )
    return good("The clock is right.")


def clock_state() -> int:
    """What the kernel says of its clock (adjtimex, asked without changing anything); -1 if it does not say."""
    return ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))


def static_files_are_ready() -> Finding:
    if not startup.static_files_are_collected():
        return look(
            "The static files are not as this version has them.",
            "Start the portal (`manage.py start`): it gathers them.",
        )
    return good("The static files are those of this version.")
