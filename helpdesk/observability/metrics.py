"""Numbers for Prometheus, when METRICS_PORT asks for them: on a port of their own, for all processes together.

Each process counts in a file of its own, in memory; a process beside them adds the files up when it is asked. So this
module is loaded only after `prepare` has said where the files are.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from helpdesk.observability.directory import FOLDER_VARIABLE
from helpdesk.observability.requests import KEPT_PAGE, METHODS

# Name, meaning, and how to read a number; None where there is none now.
Measures = Iterable[tuple[str, str, Callable[[], float | None]]]

# From a finished page to a visitor who has gone.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter(
    "portal_requests",
    "Requests that were answered; those from finished pages have no status.",
    ["method", "route", "status"],
)
REQUEST_SECONDS = Histogram("portal_request_seconds", "Time to an answer, of what Django answered.", buckets=_SECONDS)
QUERY_SECONDS = Histogram("portal_query_seconds", "Time of each query of the database.", buckets=_SECONDS)
KEPT_BYTES = Gauge(
    "portal_kept_pages_bytes", "What finished pages take in memory, in all processes.", multiprocess_mode="livesum"
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Counts a request that Django has answered."""
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).inc()
    REQUEST_SECONDS.observe(seconds)


def observe_query(seconds: float) -> None:
    QUERY_SECONDS.observe(seconds)


def kept_page(method: str) -> None:
    """Counts an answer from the finished pages."""
    REQUESTS.labels(method, KEPT_PAGE, "").inc()


def hold(size: int) -> None:
    """The finished pages of this process take so many bytes now."""
    KEPT_BYTES.set(size)


class Portal(Collector):
    """What all processes have counted, and what the system says of those that serve."""

    def __init__(self, parent: int, measures: Measures) -> None:
        self.parent, self.measures = parent, tuple(measures)

    def collect(self) -> Iterator[Metric]:
        self._forget_the_dead()
        yield from MultiProcessCollector(None).collect()
        workers = [pid for pid in children(self.parent) if pid != os.getpid()]
        yield GaugeMetricFamily("portal_workers", "Processes that serve.", len(workers))
        memory = sum(map(resident_bytes, workers))
        yield GaugeMetricFamily(
            "portal_workers_memory_bytes", "Their memory; what they share counts once (PSS).", memory
        )
        for name, meaning, read in self.measures:
            if (value := read()) is not None:
                yield GaugeMetricFamily(name, meaning, value)

    def _forget_the_dead(self) -> None:
        """What a process that has ended held in memory; what it counted stays."""
        for file in Path(os.environ[FOLDER_VARIABLE]).glob("gauge_live*.db"):
            pid = file.stem.rpartition("_")[2]
            if not Path(f"/proc/{pid}").exists():
                mark_process_dead(int(pid))


def children(parent: int) -> list[int]:
    """The processes that a process has begun."""
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def resident_bytes(pid: int) -> int:
    """The memory of a process, with its part of what it shares; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Who asks every few seconds is not worth a line."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[WSGIRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)


def begin(host: str, port: int, measures: Measures, also: Callable[[], object]) -> None:
    """Starts the process that answers at /metrics, a child of this one; `also` is called in it first."""
    get_context("fork").Process(target=_serve, args=(host, port, os.getpid(), measures, also), daemon=True).start()


def _serve(host: str, port: int, parent: int, measures: Measures, also: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C: the main process ends this one
    also()
    registry = CollectorRegistry()
    registry.register(Portal(parent, measures))
    with make_server(host, port, make_wsgi_app(registry), _Server, _Quiet) as server:
        server.serve_forever()
