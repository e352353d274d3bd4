"""What proves a board: it says who it is, it alone and as the site names it; a reader hears a badge, a scanner reads a code.

Alone knows: what an answer, a garbled one and none speak for, and how long a badge or a code is waited for.
Must not know: in which order boards are walked, or what a badge or a code says.
"""

import asyncio
from dataclasses import dataclass

from cabinet.workbench.bench import Bench, Json, Refused
from cabinet.workbench.hand import Hand
from cabinet.workbench.proof.finding import LOOK_S, Part, Verdict

LISTENED = ("reader", "scanner")
"""Kinds of board that speak by themselves: a badge or a code held to them proves them."""
HEAR_WITHIN_S = 20


def part_of(board: Json) -> Part:
    """A board as a part of the walk."""
    return Part(board["board"], "board", f"{board['bus']}, address {board['address']}" if board["kind"] != "scanner" else board["bus"])


@dataclass
class BoardProof:
    """Boards, one at a time."""

    bench: Bench
    hand: Hand

    async def attempt(self, board: Json) -> Verdict:
        """Have a board say who it is, and one that is only listened to hear something."""
        try:
            verdict = await (self._heard(board) if board["kind"] in LISTENED else self._who(board))
        except Refused as refused:
            if refused.code.startswith(("session.", "cabinet.", "policy.")):
                raise
            return Verdict("board.silent", refused.sentence)
        return verdict

    async def _who(self, board: Json) -> Verdict:
        """Who answers for a board: a code where it is nobody, more than one, or somebody else, and what was heard."""
        probe = await self.bench.probe(board["bus"], board["address"])
        if probe["answer"] != "answers":
            return Verdict("board.duplicate" if probe["answer"] == "garbled" else "board.silent", probe["detail"])
        if board["model"] not in probe["models"]:
            return Verdict("board.other", f"{', '.join(probe['models']) or 'a board of no known model'} answers")
        return Verdict(detail=_told(await self.bench.identify(board["board"])))

    async def _heard(self, board: Json) -> Verdict:
        """Whether what is held to a reader or scanner comes through, and as it must."""
        told = _told(await self.bench.identify(board["board"]))
        if not await self.hand.is_ready(board["board"], board["kind"], HEAR_WITHIN_S):
            return Verdict(detail=told, is_skipped=True)
        hearing = asyncio.create_task(self.bench.hear(board["board"], HEAR_WITHIN_S))
        try:
            await asyncio.sleep(LOOK_S)
            await self.hand.show(board["board"], board["kind"])
            heard = await hearing
        finally:
            hearing.cancel()
        if not heard["is_heard"]:
            return Verdict(f"{board['kind']}.deaf", f"nothing was heard in {HEAR_WITHIN_S} s")
        if heard["code"]:
            return Verdict("scanner.set_wrongly", heard["detail"])
        return Verdict(detail=", ".join(filter(None, (told, heard["detail"]))))


def _told(identity: Json) -> str:
    return " ".join(filter(None, (identity["maker"], identity["told"], identity["firmware"])))
