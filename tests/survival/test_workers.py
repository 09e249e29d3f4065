"""A worker that dies again and again is started again for ever, and takes nobody along."""

from __future__ import annotations

import os
import signal
import time

import pytest

from helpdesk.operations.workers import LONGEST_PAUSE, pause_after
from tests.survival.killing import Supervisor
from tests.survival.test_outage import HOME, ask

KILLS = 6


def test_pause_grows_and_has_an_end() -> None:
    pauses = [pause_after(deaths) for deaths in range(1, 100)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0, LONGEST_PAUSE)


@pytest.mark.database
def test_worker_that_is_always_killed_takes_nobody_along(portal: Supervisor) -> None:
    main, survivor = portal.process.pid, portal.workers()[0]
    for _ in range(KILLS):
        victim = other_worker(portal, survivor)
        os.kill(victim, signal.SIGKILL)
        while victim in portal.workers():
            time.sleep(0.01)  # its connections go with it
        assert [ask(portal, HOME).status for _ in range(3)] == [200] * 3

    assert other_worker(portal, survivor)
    assert (portal.process.pid, portal.process.poll()) == (main, None)
    assert survivor in portal.workers()


def other_worker(portal: Supervisor, survivor: int) -> int:
    """The worker in the other place, once it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := [pid for pid in portal.workers() if pid != survivor]:
            return found[-1]
        time.sleep(0.02)
    raise RuntimeError("no worker was started again")
