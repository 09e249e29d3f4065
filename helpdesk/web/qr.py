"""QR codes as SVG paths."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class QRCode:
    """The path of an SVG picture of `size` by `size` units, its white border included."""

    size: int
    path: str


def qr_code(text: str) -> QRCode:
    """Encode a text; each dark run of a row is a rectangle one unit high."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    return QRCode(len(rows), "".join(_run_path(y, row) for y, row in enumerate(rows)))


def _run_path(y: int, row: bytes) -> str:
    parts, x = [], 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
        x += 1
    return "".join(parts)
