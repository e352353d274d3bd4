"""The result of a walk as it is signed, and what it may not leave out.

Alone knows: the shape of what is signed, and which channels and boards a walk proves. Must not know: HTTP, or how anything is signed.
"""

import json
from dataclasses import asdict
from typing import Any

from cabinet.domain.core import Core
from cabinet.domain.people import Staff
from cabinet.domain.vocabulary import Instant, utc_text
from cabinet.kiosk.bench_body import ResultBody
from cabinet.kiosk.bench_view import lock_views, places, pocket_sight
from cabinet.ports import Technics


def owed(core: Core, technics: Technics, scope: str) -> set[str]:
    """The channels and boards that a walk proves, all of them or those of one board."""
    boards = {str(board.board) for board in technics.boards()}
    locks = {view.lock for view in lock_views(core) if not scope or scope in {board_of(view.lock), board_of(view.closed)}}
    pockets = [pocket_sight(core, drawer, pocket) for drawer, pocket in places(core)]
    parts = {part for pocket in pockets for part in (pocket.bin, pocket.light, pocket.scale) if part is not None}
    return locks | {one for one in boards | parts if not scope or board_of(one) == scope}


def board_of(channel: str) -> str:
    """The board of a channel, or itself where it is one."""
    return channel.partition(":")[0]


def signable(core: Core, technics: Technics, staff: Staff, now: Instant, body: ResultBody) -> bytes:
    """A walk's result as it is signed: of which cabinet and wiring, by whom and when, and each channel's verdict."""
    result: dict[str, Any] = {
        "kind": "adc.commissioning.v1",
        "cabinet": core.world.layout.cabinet,
        "wiring": technics.wiring,
        "config": core.state.config,
        "software": core.state.software,
        "scope": body.scope,
        "is_unattended": body.is_unattended,
        "is_passed": all(one.verdict == "passed" for one in body.channels),
        "staff": staff.id,
        "staff_name": staff.name,
        "at": utc_text(now.utc),
        "boards": [asdict(board) for board in technics.boards()],
        "channels": [one.model_dump() for one in body.channels],
    }
    return json.dumps(result, ensure_ascii=False).encode()
