"""The web server: granian with one application, loaded before its workers branch off."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import time
from collections.abc import Iterable
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from helpdesk.observability import metrics_directory
from helpdesk.operations.workers import Server

if TYPE_CHECKING:
    from helpdesk.observability.metrics_server import Measure

# A stop waits so long for requests that are under way; a worker that still runs is killed then. All ends within 3 s.
STOP_SECONDS = 2

# Two threads in each process: one visitor who waits for the database does not keep the next one waiting.
_BLOCKING_THREADS = 2

# A client that takes longer to send its headers is disconnected. It has occupied no thread until then. A slow body does
# occupy one, but the proxy in front buffers bodies.
_HEADER_SECONDS = 10

# A worker that has taken too much memory serves on for so long beside the one that takes its place.
_RESPAWN_SECONDS = 0.5

_PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>


def serve(measures: Iterable[Measure] = ()) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; Prometheus gets `measures` beside what the portal counts."""
    if settings.METRICS_PORT:
        _start_metrics_server(measures)
    _load_application()
    server = Server(
        settings.WSGI_APPLICATION,
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_CONCURRENCY,
        blocking_threads=_BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=_RESPAWN_SECONDS,
        workers_max_rss=settings.WORKER_MEMORY_MB or None,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS * 1_000),
        workers_kill_timeout=STOP_SECONDS,
        # Without warnings: at a stop it often warns of killing a worker that has ended already.
        log_level=LogLevels.debug if settings.LOG_LEVEL == "DEBUG" else LogLevels.error,
    )
    server.on_startup(_stop_with_terminal)
    # A new worker inherits the main process's handler of SIGTERM, which would do nothing there. Until granian has set
    # the worker's own, SIGTERM ends it at once; it has no request yet.
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    server.serve(target_loader=_application_of_worker, wrap_loader=False)


def _start_metrics_server(measures: Iterable[Measure]) -> None:
    metrics_directory.make()
    # Imported only now: prometheus_client looks for the directory when it is loaded.
    from helpdesk.observability import metrics_server

    metrics_server.start(settings.METRICS_HOST, settings.METRICS_PORT, measures, _end_with_parent)


def _load_application() -> None:
    """Load the application with all views into the main process, so that workers are ready at once and share memory."""
    import_string(settings.WSGI_APPLICATION)
    get_resolver().url_patterns  # noqa: B018 - loads the views
    # A connection cannot be shared between processes; each makes its own.
    database: Any = connections["default"]
    database.close()
    if database.vendor == "postgresql":
        database.close_pool()
    # Objects that the garbage collector never visits again stay in memory pages shared by all processes.
    gc.collect()
    gc.freeze()


def _stop_with_terminal() -> None:
    """Treat SIGHUP, a closed terminal, as a stop; granian would reload, but the application is in this process."""
    signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))


def _application_of_worker(pause: float = 0.0) -> Any:
    """Return the application to a new worker, after a pause in which it takes no connections."""
    # A terminal sends Ctrl-C to every process; the main process alone acts on it, and sends SIGTERM to its workers.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    _end_with_parent()
    time.sleep(pause)
    return import_string(settings.WSGI_APPLICATION)


def _end_with_parent() -> None:
    """Have the kernel kill this process when the main process is killed, so that its port is free (Linux only)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have been killed before this process could ask for that.
    if (main := parent_process()) is not None and main.pid != os.getppid():
        os.kill(os.getpid(), signal.SIGKILL)
