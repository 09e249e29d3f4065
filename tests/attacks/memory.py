"""What a process and all that came from it take of the machine's memory."""

from __future__ import annotations

from pathlib import Path


def of_tree(pid: int) -> int:
    """KiB, shared memory divided among those that share it (Pss)."""
    return sum(_of(member) for member in tree(pid))


def tree(pid: int) -> list[int]:
    """The process and everything below it."""
    found = [pid]
    for member in found:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text().split())
            except OSError:
                continue
    return found


def _of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
