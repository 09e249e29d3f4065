"""`python -m tests.bench.serve_bare PORT WORKERS`: the bare Django on the portal's server, started as the portal is."""

from __future__ import annotations

import gc
import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from tests.bench.bare import make_application

if __name__ == "__main__":
    application = make_application()  # before the workers branch off, as in helpdesk/operations/startup.py
    gc.collect()
    gc.freeze()

    def load() -> Any:
        return application

    MPServer(
        "bare",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=int(sys.argv[2]),
        blocking_threads=2,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=load, wrap_loader=False)
