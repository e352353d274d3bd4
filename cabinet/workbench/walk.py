"""The walk: every channel of a cabinet is moved once and watched, before anybody relies on it.

Alone knows: in which order parts are proven, which are left out where a drawer or lid did not open, and what need not be walked twice.
Must not know: what proves a part (`proof/`), how boards are reached, who stands at the cabinet, or how a result is shown.
"""

from dataclasses import dataclass, field
from functools import partial

from cabinet.workbench.bench import Bench, Json
from cabinet.workbench.hand import Hand
from cabinet.workbench.proof.board import LISTENED, BoardProof
from cabinet.workbench.proof.board import part_of as board_part
from cabinet.workbench.proof.finding import PASSED, Notes, Part, Tell, Verdict
from cabinet.workbench.proof.lock import LockProof
from cabinet.workbench.proof.lock import part_of as lock_part
from cabinet.workbench.proof.pocket import PocketProof, parts_of
from cabinet.workbench.proof.tenure import hold


@dataclass
class Walk:
    """One technician's way through a cabinet. `tell` hears of every channel as it is done.

    `former` is what an unfinished walk found: a drawer of which every part passed there is not opened again.
    """

    bench: Bench
    hand: Hand
    tell: Tell
    scope: str = ""
    former: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the tools of the trade."""
        self._notes = Notes(self.tell, self.hand)
        self._locks, self._pockets = LockProof(self.bench, self.hand, self._notes), PocketProof(self.bench, self.hand)

    @property
    def rows(self) -> list[Json]:
        """The channels with their verdicts so far, in the order of the walk."""
        return self._notes.rows

    async def run(self) -> list[Json]:
        """Walk; the channels with their verdicts. Raises Refused, Unreachable, and Left where whoever stands there leaves."""
        picture = await self.bench.take()
        proof = BoardProof(self.bench, self.hand)
        for board in picture["boards"]:
            part = board_part(board)
            is_listened = board["kind"] in LISTENED
            if self._is_in_scope(part.channel) and not (is_listened and self._is_known([part])):
                await self._notes.prove(part, partial(proof.attempt, board))
        for drawer in dict.fromkeys(lock["drawer"] for lock in picture["locks"]):
            await self._drawer(picture, drawer)
        return self.rows

    def _is_in_scope(self, *channels: str | None) -> bool:
        return not self.scope or any(channel is not None and channel.partition(":")[0] == self.scope for channel in channels)

    def _is_known(self, parts: list[Part]) -> bool:
        """Whether all of these passed on the unfinished walk; then that is noted here too."""
        found = {(row["channel"], row["part"]): row for row in self.former if row["verdict"] == PASSED}
        if not all((part.channel, part.sort) in found for part in parts):
            return False
        for part in parts:
            self._notes.write(part, Verdict(detail=found[part.channel, part.sort]["detail"]))
        return True

    async def _drawer(self, picture: Json, drawer: str) -> None:
        """The drawer's own lock, and while it stands open everything in it; then it is shut and must be seen so."""
        outer, *lids = (lock for lock in picture["locks"] if lock["drawer"] == drawer)
        by_pocket = {lid["pocket"]: lid for lid in lids}
        inside = [
            (pocket, by_pocket.get(pocket["pocket"]), self._wanted(pocket, by_pocket.get(pocket["pocket"])))
            for pocket in picture["pockets"] if pocket["drawer"] == drawer
        ]  # fmt: skip
        inside = [place for place in inside if place[2]]
        if not inside and not self._is_in_scope(outer["lock"], outer["closed"]):
            return
        if self._is_known([lock_part(outer), *(part for *_, parts in inside for part in parts)]):
            return
        if not await self._locks.open(outer):
            self._leave_out([part for *_, parts in inside for part in parts], f"{outer['place']} did not pass")
            return
        await self.bench.take()  # the policy's time afresh: a large cabinet takes longer than it grants at once
        for pocket, lid, parts in inside:
            await self._pocket(pocket, lid, parts)
        await self._locks.shut(outer)

    def _wanted(self, pocket: Json, lid: Json | None) -> list[Part]:
        """What is to be proven of a pocket: its lid, and what hangs on it; its lid as well where it is in the way."""
        inside = [part for part in parts_of(pocket) if self._is_in_scope(part.channel)]
        is_opened = lid is not None and (bool(inside) or self._is_in_scope(lid["lock"], lid["closed"]))
        return [lock_part(lid), *inside] if is_opened and lid is not None else inside

    async def _pocket(self, pocket: Json, lid: Json | None, parts: list[Part]) -> None:
        inside = [part for part in parts if part.sort != "lock"]
        if lid is not None and not await self._locks.open(lid):
            self._leave_out(inside, f"{lid['place']} did not pass")
            return
        for part in inside:
            await self._notes.prove(part, partial(self._attempt, part, pocket))
        if lid is not None:
            await self._locks.shut(lid)

    async def _attempt(self, part: Part, pocket: Json) -> Verdict:
        await hold(self.bench, self.hand)
        return await self._pockets.attempt(part, pocket)

    def _leave_out(self, parts: list[Part], why: str) -> None:
        for part in parts:
            self._notes.write(part, Verdict(detail=why, is_skipped=True))
