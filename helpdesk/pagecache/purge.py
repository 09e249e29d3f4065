"""Purging of the caches between the portal and its visitors (a CDN) after a change of content.

Once a second a thread of each process compares the version of the content with the one that was purged for last, and
sends one POST to `PURGE_URL` where they differ. The database keeps the latter, so a change that could not be sent,
since the CDN was away or the process ended, is sent later. Two processes may send the same change; that harms nobody.
"""

from __future__ import annotations

import json
import logging
import random
import urllib.request
from threading import Lock, Thread
from time import sleep

from django.db import Error, connection

from helpdesk.pagecache.triggers import TABLE

logger = logging.getLogger(__name__)

SECONDS = 1.0
# After a failure the next attempt waits twice as long as the one before, and no longer than this.
LONGEST_PAUSE = 60.0
# So long an answer may take.
TIMEOUT = 10
# What Cloudflare wants to read; others look at address and header only.
BODY = json.dumps({"purge_everything": True}).encode()


class Purger:
    """Sends the purge requests; `header` is one more line of them, to authenticate ("Authorization: Bearer …")."""

    def __init__(self, url: str, header: str = "") -> None:
        name, _, value = header.partition(":")
        extra = {name.strip(): value.strip()} if header else {}
        self.request = urllib.request.Request(  # noqa: S310 - the operator's own address, http or https
            url, BODY, {"Content-Type": "application/json", "User-Agent": "help portal"} | extra
        )
        self.lock = Lock()
        self.thread: Thread | None = None

    def start(self) -> None:
        """Start the thread if it does not run yet; to be called after the process was forked."""
        if self.thread is not None and self.thread.is_alive():
            return
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = Thread(target=self._run, name="purge", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        pause = SECONDS
        while True:
            # Processes that started together do not stay together, so mostly one sends and the others find it sent.
            sleep(pause * random.uniform(0.6, 1.0))  # noqa: S311
            try:
                self.purge_if_changed()
                pause = SECONDS
            except (OSError, Error) as error:
                pause = min(pause * 2, LONGEST_PAUSE)
                logger.warning("The CDN could not be told of a change (%s); next attempt in %d s", error, pause)
            finally:
                if connection.vendor == "postgresql":
                    connection.close()  # back to the pool

    def purge_if_changed(self) -> bool:
        """Send a purge request if the content has changed since the last one, and return whether it has.

        Raises OSError when the CDN does not take it, and what the database raises.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT number FROM {TABLE} WHERE number <> told")  # noqa: S608 - a name of our own
            row = cursor.fetchone()
        if row is None:
            return False
        with urllib.request.urlopen(self.request, timeout=TIMEOUT):  # noqa: S310
            pass
        # Should the content have changed meanwhile, it is told once more.
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET told = %s", row)  # noqa: S608
        logger.info("The CDN was told that pages have changed")
        return True
