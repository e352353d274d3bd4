"""What proves a lock and its contact: pulsed once, exactly its own contact changes, and changes back when it is shut.

Alone knows: what each way of moving, or not moving, speaks for. Must not know: in which order locks are walked.

Another contact that moves speaks for swapped wires or for two boards at one address; one that reads open while it is shut speaks for a
contact of the other polarity.
"""

import asyncio
from dataclasses import dataclass

from cabinet.workbench.bench import Bench, Json, Refused
from cabinet.workbench.hand import Hand
from cabinet.workbench.proof.finding import LOOK_S, Notes, Part, Verdict, within
from cabinet.workbench.proof.tenure import hold

NOTHING_MOVED = ("lock.polarity", "lock.dead", "lock.refused")


@dataclass
class LockProof:
    """Locks, one at a time."""

    bench: Bench
    hand: Hand
    notes: Notes

    async def open(self, lock: Json) -> bool:
        """Pulse a lock and judge what moved; whether it stands open, seen by its own contact and nobody else's."""
        part = part_of(lock)
        while (verdict := await self._try(lock)).code:
            if verdict.code not in NOTHING_MOVED:
                await self._push(lock)
            if not await self.notes.is_to_go_again(part, verdict):
                self.notes.write(part, verdict)
                return False
            await self._recover(lock)
        return True

    async def shut(self, lock: Json) -> None:
        """Have it pushed shut, and see its contact say so: the second half of what proves a lock that opened well."""
        await self.notes.prove(part_of(lock), lambda: self._latch(lock))

    async def _try(self, lock: Json) -> Verdict:
        where = lock["drawer"], lock["pocket"], lock["place"]
        await hold(self.bench, self.hand)
        if await self._state(lock) == "open":
            if await self.hand.is_shut(*where):
                return Verdict("lock.polarity", f"{lock['closed']} reads open while it is shut")
            if (verdict := await self._latch(lock)).code:
                return verdict
        pulse = asyncio.create_task(self.bench.pulse(lock["lock"]))
        try:
            await asyncio.sleep(LOOK_S)
            if not pulse.done():
                await self.hand.pull(*where, is_sprung=lock["is_sprung"])
            result = await pulse
        except Refused as refused:
            return Verdict("lock.refused", refused.sentence)
        finally:
            pulse.cancel()
        return await self._judge(lock, result)

    async def _judge(self, lock: Json, result: Json) -> Verdict:
        """What a pulse that was looked at speaks for."""
        where = lock["drawer"], lock["pocket"], lock["place"]
        others = ", ".join(name for name, _, state in result["others"] if state == "open")
        really = await self.hand.others_open(*where)
        if result["outcome"] == "opened":
            if others or really:
                return Verdict("lock.other_moved", f"{others or ' and '.join(really)} opened as well")
            return Verdict()
        if others:
            return Verdict("lock.swapped", f"the contact of {others} moved instead")
        if really:
            return Verdict("lock.swapped", f"{' and '.join(really)} opened instead")
        if await self.hand.is_shut(*where) is False:
            return Verdict("lock.blind", f"it opened, and {lock['closed']} did not change")
        return Verdict("lock.dead", "nothing moved")

    async def _latch(self, lock: Json) -> Verdict:
        if await self._push(lock):
            return Verdict(detail=f"{lock['closed']} opened and closed with it")
        return Verdict("lock.does_not_latch", f"{lock['closed']} still says open")

    async def _push(self, lock: Json) -> bool:
        await self.hand.push(lock["drawer"], lock["pocket"], lock["place"])

        async def is_latched() -> bool:
            return await self._state(lock) == "latched"

        return await within(self.hand.patience_s, is_latched)

    async def _recover(self, lock: Json) -> None:
        """A drawer that the cabinet took out of use is in use again: somebody put right what was wrong with it."""
        if await self._state(lock) == "failed":
            await self.bench.recover(lock["lock"])

    async def _state(self, lock: Json) -> str:
        return str(next(one for one in (await self.bench.picture())["locks"] if one["lock"] == lock["lock"])["state"])


def part_of(lock: Json) -> Part:
    """A lock as a part of the walk."""
    return Part(lock["lock"], "lock", lock["place"])
