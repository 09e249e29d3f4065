"""The process that answers Prometheus at /metrics on a port of its own, for all processes together.

Each process counts in files of its own in the metrics directory; this one adds them up for each scrape.
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

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from helpdesk.observability.metrics_directory import DIRECTORY_VARIABLE

# Name, meaning, and a function that reads a value; it returns None where there is no value now.
Measure = tuple[str, str, Callable[[], float | None]]


class PortalCollector(Collector):
    """Metrics of all processes, number and memory of the workers, and the measures of the start command."""

    def __init__(self, main_pid: int, measures: Iterable[Measure]) -> None:
        self.main_pid, self.measures = main_pid, tuple(measures)

    def collect(self) -> Iterator[Metric]:
        _forget_ended_processes()
        yield from MultiProcessCollector(None).collect()
        workers = [pid for pid in children(self.main_pid) if pid != os.getpid()]
        yield GaugeMetricFamily("portal_workers", "Processes that serve.", len(workers))
        yield GaugeMetricFamily(
            "portal_workers_memory_bytes",
            "Their memory; what they share counts once (PSS).",
            sum(map(proportional_memory, workers)),
        )
        for name, meaning, read in self.measures:
            if (value := read()) is not None:
                yield GaugeMetricFamily(name, meaning, value)


def _forget_ended_processes() -> None:
    """Remove the live gauges of processes that have ended; their counters stay."""
    for file in Path(os.environ[DIRECTORY_VARIABLE]).glob("gauge_live*.db"):
        pid = file.stem.rpartition("_")[2]
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(int(pid))


def children(pid: int) -> list[int]:
    """Return the child processes of a process; none when it has ended."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def proportional_memory(pid: int) -> int:
    """Return the bytes of a process with its part of what it shares (PSS); 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


class _SilentRequestHandler(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Log nothing: a scrape every few seconds is not worth a line."""


class _ThreadingWSGIServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[WSGIRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)


def start(host: str, port: int, measures: Iterable[Measure], initialize: Callable[[], object]) -> None:
    """Start the process as a child of this one; `initialize` is called in it first."""
    arguments = (host, port, os.getpid(), measures, initialize)
    get_context("fork").Process(target=_serve, args=arguments, daemon=True).start()


def _serve(host: str, port: int, main_pid: int, measures: Iterable[Measure], initialize: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C: the main process ends this one
    initialize()
    registry = CollectorRegistry()
    registry.register(PortalCollector(main_pid, measures))
    with make_server(host, port, make_wsgi_app(registry), _ThreadingWSGIServer, _SilentRequestHandler) as server:
        server.serve_forever()
