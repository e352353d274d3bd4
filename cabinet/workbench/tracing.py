"""Following the talk on a cabinet's lines: what is said, by whom, how long after, and what it means.

Alone knows: how a line of the trace is laid out. Must not know: how a framing is read (`decoding.py`).
"""

import asyncio
from collections.abc import AsyncIterator

from cabinet.workbench.bench import Bench, Json
from cabinet.workbench.decoding import Piece, describe, joined

WAIT_S = 1.0
WITHHELD = "withheld: a pocket that is counted blind is weighed on this line"


async def follow(bench: Bench, buses: tuple[str, ...], for_s: float | None) -> AsyncIterator[Json]:
    """What is said from now on, until `for_s` seconds are over. `after_ms` is since the line's frame before."""
    loop = asyncio.get_running_loop()
    until_s = None if for_s is None else loop.time() + for_s
    newest, before_s = -1, dict[str, float]()
    while until_s is None or loop.time() < until_s:
        await bench.stay()
        frames = await bench.trace(newest, WAIT_S if until_s is None else min(WAIT_S, max(0.1, until_s - loop.time())))
        if newest < 0 and not frames:
            newest = await _newest(bench)
            continue
        newest = max([newest, *(frame["number"] for frame in frames)])
        for piece in joined(_piece(frame) for frame in frames if not buses or frame["bus"] in buses):
            yield _said(piece, before_s)


async def _newest(bench: Bench) -> int:
    frames = await bench.trace(0, 0)
    return int(frames[-1]["number"]) if frames else 0


def _piece(frame: Json) -> Piece:
    return Piece(
        frame["number"], frame["at"], frame["at_s"], frame["bus"], frame["framing"], frame["is_ours"], bytes.fromhex(frame["data"])
    )  # fmt: skip


def _said(piece: Piece, before_s: dict[str, float]) -> Json:
    after_ms = None if piece.bus not in before_s else round((piece.at_s - before_s[piece.bus]) * 1000, 1)
    before_s[piece.bus] = piece.at_s
    meaning = describe(piece.framing, piece.data, is_ours=piece.is_ours) if piece.data else WITHHELD
    return {
        "at": piece.at, "bus": piece.bus, "framing": piece.framing, "is_ours": piece.is_ours, "after_ms": after_ms,
        "data": piece.data.hex(" "), "meaning": meaning,
    }  # fmt: skip


def line_of(said: Json) -> str:
    """One line of the trace, for a terminal."""
    after = "" if said["after_ms"] is None else f"+{said['after_ms']:.1f} ms"
    arrow = "->" if said["is_ours"] else "<-"
    return f"{said['at'][11:23]} {said['bus']:8} {after:>11} {arrow} {said['data']:40} {said['meaning']}"
