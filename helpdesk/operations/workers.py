"""Workers of the web server that are started again for ever, after a pause that grows while they keep dying.

Granian gives up when a worker dies twice within seconds. Here the other workers serve on, whatever becomes of one.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from granian.server import MPServer

logger = logging.getLogger(__name__)

# A worker that lived for so long has not died of its start: the next one begins at once.
SECONDS_OF_HEALTH = 5
LONGEST_PAUSE = 10.0


def pause_after(deaths: int) -> float:
    """Return the seconds before a worker is started again that died so often in a row: 0, 0.25, 0.5, 1 … 10."""
    return 0.0 if deaths < 2 else min(LONGEST_PAUSE, 2.0 ** min(deaths - 4, 10))


class Server(MPServer):
    """Granian's server, which respawns dead workers without an end.

    The new process itself waits, so that the main process is free for the others, and for a stop: the loader of the
    application takes the seconds as its argument.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.deaths: dict[int, int] = {}

    def _respawn_workers(self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        """Start workers again: with a delay those that are asked to end for their memory, else those that died."""
        if delay:
            super()._respawn_workers(workers, spawn_target, target_loader, delay)
        else:
            # Not only those that were reported: a death during the last restart may not have been.
            for number in [number for number, worker in enumerate(self.wrks) if not worker.is_alive()]:
                loader = partial(target_loader, self._next_pause(number))
                super()._respawn_workers([number], spawn_target, loader)
        # Granian ends the server when it finds here that a worker was respawned a moment ago.
        self.respawned_wrks.clear()

    def _next_pause(self, number: int) -> float:
        """Count the death of a worker, and return how long the next one waits before it serves."""
        lived = time.monotonic() - self.wrks[number].birth - pause_after(self.deaths.get(number, 0))
        self.deaths[number] = 1 if lived > SECONDS_OF_HEALTH else self.deaths.get(number, 0) + 1
        pause = pause_after(self.deaths[number])
        logger.error("Worker %s ended unexpectedly; it is started again in %s s", number + 1, pause)
        return pause
