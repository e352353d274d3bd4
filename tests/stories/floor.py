"""The demo cabinet on a bad day: a running house on simulated boards that break, and people who want something all the same.

Alone knows: how a story asks the core, moves the plant's doors and reads the journal.
Must not know: any fault.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from cabinet.domain import events
from cabinet.domain.facts import DrawerMoved, Fact, HealthChanged, PocketWeighed
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import AccessId, Channel, PocketId, SessionId, StaffId, Units
from cabinet.rehearsal.prescribing import item_at, prescribe
from config.load import LoadedSite
from config.schema import Site
from drivers.part import Part
from firmware_sim.fault import Fault
from tests.stories.workshop import Workshop, open_workshop

TECHNICIAN, NURSE = "farid-haddad", "ana-reyes"


class Floor:
    """One cabinet and a person who counts what is in it."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.house, self.sim = shop, shop.house, shop.sim
        self.controller, self.core, self.hardware = shop.house.controller, shop.house.core, shop.house.hardware
        self._ids = itertools.count(1)
        self.session = SessionId("")
        self._seen = 0

    # --- what goes wrong

    def cause(self, kind: str, target: str, probability: float = 1.0, **figures: int) -> None:
        """Break something."""
        self.sim.faults.cause(Fault(kind, target, probability, **figures))

    def mend(self, kind: str | None = None) -> None:
        """Mend it."""
        self.sim.faults.mend(kind)

    # --- what people do

    async def sign_in(self, who: str = TECHNICIAN) -> None:
        """Somebody comes."""
        self.session = SessionId(f"s{next(self._ids)}")
        now = self.controller.clock.now()
        await self.controller.ask(events.StaffRecognised(now, self.session, StaffId(who), ("badge", "secret")))

    async def count(self, pocket: str, look_s: float = 0.0) -> Access | str:
        """Ask to count a pocket: the access, or the code of the refusal. `look_s` lets the cabinet look for the opening."""
        if self.session not in self.core.state.sessions:
            await self.sign_in()
        access = AccessId(f"a{next(self._ids)}")
        refusal = await self.say(events.AccessAsked, access, "count", "policy", Units(0), PocketId(pocket))
        if refusal is not None:
            return refusal
        await asyncio.sleep(look_s)
        return self.core.state.accesses[access]

    async def say(self, event: Any, *words: Any) -> str | None:
        """Tell the cabinet something: the code of the refusal, if any."""
        refusal: Refusal | None = await self.controller.ask(event(self.controller.clock.now(), self.session, *words))
        return None if refusal is None else refusal.code

    async def say_hello(self) -> None:
        """Somebody else signs in: whatever is out of trust is tried at once."""
        await self.sign_in(NURSE)

    async def open_again(self, access: Access) -> str | None:
        """Have the lock pulsed once more."""
        return await self.say(events.OpenAsked, AccessId(access.id))

    async def die(self) -> None:
        """The controller's process is gone between two instructions: nothing is switched off and nothing is closed."""
        self.cause("line_unplugged", "*")

    async def finish(self, access: Access) -> str:
        """Count what is there, shut the drawer, and see the access end: its last phase."""
        pocket = self.core.world.layout.pockets[PocketId(access.pocket)]
        while "count_before" in self.core.asks(access):
            await self.say(events.CountEntered, AccessId(access.id), Units(self.sim.plant.pieces(access.pocket)))
        if pocket.lid is not None:
            self.sim.hand.close_lid(pocket.id)
        self.sim.hand.push(pocket.drawer)
        for _ in range(100):
            if access.phase in FINAL:
                break
            await asyncio.sleep(0.1)
        return access.phase

    async def withdraw(self, pocket: str, units: int) -> str:
        """A nurse takes units for a patient and says so: how it ended, or why it was refused."""
        await self.sign_in(NURSE)
        access_id, patient = AccessId(f"a{next(self._ids)}"), next(iter(self.core.world.patients))
        order = await prescribe(self.controller, patient, item_at(self.controller, pocket), units)
        refusal = await self.say(
            events.AccessAsked, access_id, "withdraw", "order", Units(units), PocketId(pocket), None, patient, order
        )  # fmt: skip
        if refusal is not None:
            return refusal
        await asyncio.sleep(2)
        access = self.core.state.accesses[access_id]
        if "count_before" in self.core.asks(access):
            await self.say(events.CountEntered, access_id, Units(self.sim.plant.pieces(pocket)))
        self.sim.hand.take(pocket, units)
        await asyncio.sleep(1)
        await self.say(events.QuantityEntered, access_id, Units(units))
        return await self.finish(access)

    async def counted(self, pocket: str) -> str:
        """A whole count of one pocket: how it ended, or why it was refused."""
        access = await self.count(pocket, 1.5)
        return access if isinstance(access, str) else await self.finish(access)

    # --- what is known

    def drawer(self, lock: str) -> str:
        """The state of a drawer or lid."""
        return self.core.state.drawers[lock].state

    def faults(self, place: str) -> set[str]:
        """The codes of what is wrong at a place."""
        return {fault.code for fault in self.core.state.faults_at(place)}

    def owes(self, pocket: str) -> bool:
        """Whether a pocket owes a count."""
        return bool(self.core.state.lines[pocket].owes)

    def pulses(self, channel: str) -> list[float]:
        """How long a coil was energised each time, in seconds (9: it still is)."""
        return [round(9.0 if one.length_s is None else one.length_s, 3) for one in self.sim.plant.pulses if one.channel == channel]

    def part(self, name: str) -> Part:
        """The health of a board or a line."""
        for owner in self.hardware.owners.values():
            if owner.name == name:
                return owner.health.bus
            if name in owner.health.units:
                return owner.health.units[name]
        raise KeyError(name)

    def drawer_of(self, lock: str) -> str:
        """Which drawer a lock keeps shut."""
        return next(drawer.id for drawer in self.core.world.layout.drawers if drawer.lock.name == lock)

    def verdicts(self, pocket: str) -> list[str]:
        """What was made of each weighing of a pocket since the mark."""
        return [str(fact.verdict) for fact in self.new(PocketWeighed) if fact.pocket == pocket]

    def mark(self) -> None:
        """Facts from here on are new."""
        self._seen = self.core.state.seq

    def new(self, kind: type[Fact]) -> list[Any]:
        """The facts of one type since the mark."""
        return [entry.fact for entry in self.shop.journal.entries(self._seen) if isinstance(entry.fact, kind)]

    def moves(self, lock: str) -> list[str]:
        """Where a drawer went since the mark."""
        return [fact.target for fact in self.new(DrawerMoved) if fact.lock == lock]

    def health(self) -> list[tuple[str, str]]:
        """What was told of health since the mark: part and new state."""
        return [(fact.part, fact.after) for fact in self.new(HealthChanged)]

    def is_known(self, channel: str) -> str:
        """How good what is known of an input is."""
        scanner = self.hardware.scanner
        assert scanner is not None
        return str(scanner.reading(Channel.parse(channel)).quality)


@asynccontextmanager
async def open_floor(state: Path, loaded: LoadedSite | None = None, plant: Site | None = None) -> AsyncIterator[Floor]:
    """A cabinet that has looked at its doors, a minute ago."""
    async with open_workshop(state, loaded, plant) as shop:
        await asyncio.sleep(60)
        floor = Floor(shop)
        floor.mark()
        yield floor
