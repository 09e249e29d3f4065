"""Serving: the main process with its workers, from their first moment to their last."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable
from multiprocessing import parent_process
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from helpdesk.observability import directory

# A number for those who watch: its name, what it means, and how to read it, None where there is none now.
Measure = tuple[str, str, Callable[[], float | None]]

# So many seconds a stop waits for requests that are under way.
LAST_REQUESTS = 10

# Two threads in each process: one visitor who waits for the database does not keep the next one waiting.
_BLOCKING_THREADS = 2

# So long a client may take to say what it wants.
_SECONDS_FOR_HEADERS = 10

# After so many seconds a new worker looks whether it serves, again and again.
_UNTIL_IT_SERVES = 0.02

_PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>


class _Server(MPServer):
    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """SIGHUP says that the terminal was closed. There is nothing to reload: the application is in this process."""
        self.signal_handler_interrupt()


def serve(measures: Iterable[Measure] = ()) -> None:
    """Serves until it is told to stop; `measures` are told to Prometheus beside what the portal counts.

    The application is loaded here, before the worker processes branch off: they are ready at once, share its memory,
    and a stop finds none of them half-loaded and deaf to it.
    """
    if settings.METRICS_PORT:
        _begin_metrics(measures)
    _load_application()
    get_resolver().url_patterns  # noqa: B018 - loads the views
    # A connection cannot be shared between processes; each makes its own.
    database: Any = connections["default"]
    database.close()
    if database.vendor == "postgresql":
        database.close_pool()
    # What is here now is here for good. Left alone by Python's search for garbage, it stays shared by all processes.
    gc.collect()
    gc.freeze()
    server = _Server(
        settings.WSGI_APPLICATION,
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_CONCURRENCY,
        blocking_threads=_BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        # Who opens a connection and does not say what he wants is let go. He has cost no thread until then. One whose
        # body comes slowly does hold a thread: the proxy in front buffers bodies, so none comes slowly from there.
        http1_settings=HTTP1Settings(header_read_timeout=_SECONDS_FOR_HEADERS * 1_000),
        workers_kill_timeout=LAST_REQUESTS,
        log_level=LogLevels.debug if settings.LOG_LEVEL == "DEBUG" else LogLevels.warning,
    )
    let_workers_stop()
    server.serve(target_loader=_application_of_worker, wrap_loader=False)


def _begin_metrics(measures: Iterable[Measure]) -> None:
    directory.make()
    from helpdesk.observability import metrics  # knows now where the processes keep what they count

    metrics.begin(settings.METRICS_HOST, settings.METRICS_PORT, measures, _end_with_parent)


def _load_application() -> Any:
    return import_string(settings.WSGI_APPLICATION)


def _application_of_worker() -> Any:
    # A terminal sends Ctrl-C to all processes at once, and the main process then ends its workers with a signal of its
    # own. A worker that gets both in the same moment hangs, so it takes the main process's only.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    _hear_when_it_serves()
    _end_with_parent()
    return _load_application()


def _end_with_parent() -> None:
    """Should the main process be killed, this one ends too, and its port is free for the next start (Linux only)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have been killed before this one could ask for that.
    if (main := parent_process()) is not None and main.pid != os.getppid():
        os.kill(os.getpid(), signal.SIGKILL)


def let_workers_stop() -> None:
    """Lets every process that branches off from here on be told to stop from its first moment.

    It begins with the main process's answer to SIGTERM, which is to end workers; it has none, so it would be deaf until
    the server has given it an answer of its own. So SIGTERM waits until `_hear_when_it_serves`.
    """
    os.register_at_fork(before=_block_stop, after_in_parent=_unblock_stop)


def _block_stop() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _unblock_stop() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _hear_when_it_serves() -> None:
    """Lets a worker hear SIGTERM as soon as its main thread does nothing any more but wait for it.

    What comes earlier gets lost in the server, or leaves it half-stopped, and a stop would wait for it in vain. It
    looks more than once: a signal in the very moment in which the thread begins to wait does not wake it.
    """

    def look(number: int, frame: FrameType | None) -> None:
        # `Event.wait` is where the server's main thread ends up; it makes an event, in the same file, long before.
        code = frame and frame.f_code
        if code and code.co_filename == threading.__file__ and code.co_name == "wait":
            signal.setitimer(signal.ITIMER_REAL, 0)
            _unblock_stop()

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _UNTIL_IT_SERVES, _UNTIL_IT_SERVES)
